import { type Change, code, segments } from './change.ts';
import { readers, sections, shownByNext, summary } from './render.ts';
import { oneLine, tokenDiff } from './tokens.ts';

/** GitHub takes comments of at most 65,536 characters. */
const limit = 60_000;
/** A sentence, and a text before or after, longer than this is cut. */
const longestSentence = 2_000;
const longestText = 8_000;

/**
 * Text that others wrote, so that Markdown and GitHub show them as they are: no formatting, no HTML, no
 * image, no link, no heading, no mention. It never begins a line. A sign that joins nothing breaks up
 * what GitHub itself would make of an `@name`, a `#1` or an address.
 */
export const literal = (text: string): string =>
  text
    .replaceAll(/\s*[\r\n]+\s*/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]|~$]/g, '\\$&')
    .replaceAll(/[@#](?=\w)/g, '$&&#8203;')
    .replaceAll('://', ':&#8203;//')
    .replaceAll(/\bwww\./gi, '$&&#8203;');

/** A change's sentence: code as code, in which nothing else means anything, and words as they are. */
export const sentence = (text: string): string =>
  segments(text)
    .map((s) => (s.code ? code(s.text) : literal(s.text)))
    .join('');

/** A block in which nothing is read as Markdown: its fence is longer than any run of backticks inside. */
export function fenced(text: string, language = ''): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(3, ...runs.map((length) => length + 1)));
  return `${fence}${language}\n${text}\n${fence}`;
}

const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

/** Where a change is defined, as a link where there is an address of the repository. */
function sourceText({ source }: Change, repository: string | undefined): string {
  if (!source) return '';
  const name = code(`${source.file}:${source.line}`);
  return repository ? ` [${name}](${repository}/${source.file}#L${source.line})` : ` ${name}`;
}

const item = (c: Change, withReaders: boolean, repository: string | undefined): string =>
  `- **${literal(cut(c.place.join(' › '), longestSentence / 4))}**${c.audience ? ` (${literal(c.audience)})` : ''}: ${sentence(cut(c.text, longestSentence))}${c.risk ? ` — ${sentence(c.risk)}` : ''}.${withReaders ? literal(readers(c)) : ''}${sourceText(c, repository)}`;

function fold(before: string | undefined, after: string | undefined): string {
  const lines = (sign: string, text: string | undefined): string[] =>
    text === undefined
      ? []
      : cut(text, longestText)
          .split(/\r\n|\r|\n/)
          .map((line) => `${sign} ${line}`);
  const block = fenced([...lines('-', before), ...lines('+', after)].join('\n'), 'diff');
  return `\n  <details><summary>before and after</summary>\n\n${block.replaceAll(/^/gm, '  ')}\n  </details>`;
}

/** Details that fold below a sentence: in full, or only the difference where there is no room for that. */
function details({ before, after }: Change): string[] {
  if (before === undefined && after === undefined) return [];
  const parts =
    before !== undefined && after !== undefined
      ? tokenDiff(before, after)
      : { before: before && oneLine(before), after: after && oneLine(after) };
  return [fold(before, after), fold(parts.before, parts.after)];
}

/** A sentence, and what may fold below it: the first that there is room for. */
interface Line {
  readonly text: string;
  readonly folds: readonly string[];
}

/** The lines of each section. */
const linesOf = (
  changes: readonly Change[],
  withReaders: boolean,
  repository: string | undefined,
): { heading: string; lines: Line[] }[] =>
  sections(changes).map(({ heading, own }) => ({
    heading: heading === 'Look twice' ? '⚠️ Look twice' : heading,
    lines: own.map((c, i) => ({
      text: item(c, withReaders && !shownByNext(c, own[i + 1]), repository),
      folds: shownByNext(c, own[i + 1]) ? [] : details(c),
    })),
  }));

const more = (count: number): string => `\n- … and ${count} more`;

/** Gives room to lines and what folds below them, in order, until it is used up. */
class Room {
  #left: number;
  /** Folds for which there was no room. */
  leftOut = 0;
  constructor(left: number) {
    this.#left = left;
  }

  #take(text: string): boolean {
    if (text.length > this.#left) return false;
    this.#left -= text.length;
    return true;
  }

  /** The first lines, as many as there is room for. */
  first(lines: readonly Line[]): readonly Line[] {
    const end = lines.findIndex(({ text }) => !this.#take(`${text}\n`));
    if (end !== -1) this.#left = 0;
    return end === -1 ? lines : lines.slice(0, end);
  }

  /** A line with what folds below it. */
  folded({ text, folds }: Line): string {
    const fitting = folds.find((candidate) => this.#take(candidate));
    if (folds.length > 0 && fitting !== folds[0]) this.leftOut += 1;
    return text + (fitting ?? '');
  }
}

/**
 * The changes as Markdown for a pull request, at most 60,000 characters. First come the sentences, risks before all
 * others; what folds below them is added in the same order for as long as there is room, and a line counts what had
 * to be left out.
 * @param repository address below which files of the commit are, for links to where a change is defined
 */
export function markdown(changes: readonly Change[], repository?: string): string {
  if (changes.length === 0) return 'Nothing that is generated changed.\n';
  const complete = linesOf(changes, true, repository);
  const length = complete.flatMap(({ lines }) => lines).reduce((sum, { text }) => sum + text.length, 0);
  // Of very many changes a reviewer needs what changed more than who reads it.
  const all = length > limit / 2 ? linesOf(changes, false, repository) : complete;
  const noRoom = '\nSome texts before and after are shortened or left out: `npm run diff` shows all.\n';
  const frame = all.reduce((sum, { heading }) => sum + heading.length + 10 + more(changes.length).length, 0);
  const room = new Room(limit - summary(changes).length - noRoom.length - frame - 10);
  const shown = all.map(({ lines }) => room.first(lines));
  const body = all.map(({ heading, lines }, i) => {
    const own = shown[i] ?? [];
    const rest = lines.length - own.length;
    return `### ${heading}\n\n${own.map((line) => room.folded(line)).join('\n')}${rest > 0 ? more(rest) : ''}\n`;
  });
  return `${summary(changes)}\n\n${body.join('\n')}${room.leftOut > 0 ? noRoom : ''}`;
}
