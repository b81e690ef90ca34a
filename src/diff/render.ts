import { paint } from '../lib/terminal.ts';
import { counted } from '../lib/words.ts';
import { type Area, type Change, plainText } from './change.ts';
import { oneLine, tokenDiff } from './tokens.ts';

/** Titles of the areas, in the order in which they are shown. */
export const headings: Readonly<Record<Area, string>> = {
  alert: 'Alerts',
  objective: 'Objectives',
  dashboard: 'Dashboards',
  rule: 'Recording rules',
  routing: 'Routing',
  file: 'Other files',
};
const order = Object.keys(headings) as Area[];
const shownReaders = 3;

/** Changes under their headings: what needs a second look first, then area by area. */
export function sections(changes: readonly Change[]): { heading: string; own: Change[] }[] {
  return [
    { heading: 'Look twice', own: changes.filter((c) => c.risk) },
    ...order.map((area) => ({
      heading: headings[area],
      own: changes.filter((c) => c.area === area && !c.risk),
    })),
  ].filter(({ own }) => own.length > 0);
}

/** Who reads what changed: the first three, and how many more. */
export const readers = ({ readBy }: Change): string =>
  readBy && readBy.length > 0
    ? ` Read by ${readBy.slice(0, shownReaders).join(', ')}${readBy.length > shownReaders ? ` and ${readBy.length - shownReaders} more` : ''}.`
    : '';

/** How many changes there are. */
export const summary = (changes: readonly Change[]): string => {
  const risks = changes.filter((c) => c.risk).length;
  return `${counted(changes.length, 'change')}, ${risks} to look at twice.`;
};

/** True when the next change shows the same texts: of several sentences about one expression the last shows it. */
export const shownByNext = (change: Change, next: Change | undefined): boolean =>
  next !== undefined &&
  next.before === change.before &&
  next.after === change.after &&
  next.place.join('\n') === change.place.join('\n');

/** Characters that a terminal would obey instead of showing them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

function evidence({ before, after }: Change): string[] {
  const [minus, plus] = [
    (text: string) => paint(`    - ${text}`, 'red'),
    (text: string) => paint(`    + ${text}`, 'green'),
  ];
  if (before !== undefined && after !== undefined) {
    const shown = tokenDiff(before, after);
    return [minus(shown.before), plus(shown.after)];
  }
  return [
    ...(before === undefined ? [] : [minus(oneLine(before))]),
    ...(after === undefined ? [] : [plus(oneLine(after))]),
  ];
}

/** The changes as a person reads them on a terminal: a sentence each, and below it what differs. */
export function terminalText(changes: readonly Change[]): string {
  if (changes.length === 0) return 'Nothing changed.';
  const lines = (c: Change, next: Change | undefined): string[] => {
    const audience = c.audience ? ` [${c.audience}]` : '';
    const sentence = `${c.place.join(' › ')}${audience}: ${plainText(c.text)}`;
    const risk = c.risk ? paint(` (${plainText(c.risk)})`, 'red') : '';
    const head = `${c.risk ? paint('!', 'red') : ' '} ${sentence.replaceAll(/\s*\n\s*/g, ' ').replace(control, '�')}${risk}${shownByNext(c, next) ? '' : readers(c)}${c.source ? ` (${c.source.file}:${c.source.line})` : ''}`;
    return [head, ...(shownByNext(c, next) ? [] : evidence(c))];
  };
  return [
    ...sections(changes).flatMap(({ heading, own }) => [
      paint(heading, 'bold'),
      ...own.flatMap((c, i) => lines(c, own[i + 1])),
      '',
    ]),
    summary(changes),
  ].join('\n');
}
