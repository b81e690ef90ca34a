import { escapeSequences, printable } from '../message.ts';
import type { ErrorType } from '../stages.ts';
import { prefixes, ranks, type Shape, shapes } from './shapes.ts';
import { byMessage, byOutput } from './types.ts';

/** Why a command failed, as far as its output says. */
export interface Why {
  /** One line, with secrets still in it; empty when there was no output. */
  readonly message: string;
  /** Undefined when only the stage can say it. */
  readonly type: ErrorType | undefined;
}

interface Line {
  /** Without escape sequences; indentation is kept. */
  readonly text: string;
  readonly indent: number;
  /** As it is matched: without prefixes and indentation. */
  readonly bare: string;
}

/** Longer lines are data, and matching them would take long. */
const longest = 2_000;

function readLine(raw: string): Line {
  const text = raw.slice(0, longest).replace(escapeSequences, '').trimEnd();
  const unwrapped = prefixes.reduce((rest, prefix) => rest.replace(prefix, ''), text);
  return { text, indent: unwrapped.search(/\S|$/), bare: unwrapped.trimStart() };
}

interface Candidate {
  readonly at: number;
  readonly shape: Shape;
}

const plain: Shape = { line: /^/, rank: ranks.plain };
const traceback: Shape = { line: /^/, rank: ranks.cause, pick: 'last' };

/** Ends of Python's tracebacks: the first line that is no deeper than the heading. */
function tracebackEnds(lines: readonly Line[]): Set<number> {
  const ends = new Set<number>();
  lines.forEach(({ bare, indent }, at) => {
    if (!bare.startsWith('Traceback (most recent call last):')) return;
    const end = lines.findIndex((line, i) => i > at && line.bare !== '' && line.indent <= indent);
    if (end !== -1) ends.add(end);
  });
  return ends;
}

const shapeOf = ({ bare, text }: Line): Shape =>
  shapes.find(({ line }) => line.test(bare) || (bare !== text && line.test(text))) ?? plain;

const textAfter = (lines: readonly Line[], at: number): string =>
  lines.slice(at + 1).find(({ bare }) => bare !== '')?.bare ?? '';
/** The line above that is not indented: the file to which a finding belongs. */
const headingOf = (lines: readonly Line[], at: number): string =>
  lines
    .slice(0, at)
    .reverse()
    .find(({ text, indent }) => text !== '' && indent === 0)?.text ?? '';

function messageOf(lines: readonly Line[], { at, shape }: Candidate): string {
  const { bare } = lines[at]!;
  if (shape.join === 'next') return textAfter(lines, at) || bare;
  if (shape.join === 'with-next') return `${bare.replace(/:$/, '')}: ${textAfter(lines, at)}`;
  if (shape.join === 'with-heading') return `${headingOf(lines, at)} ${bare}`;
  return bare;
}

/** The line that says why, among those of the highest rank: what failed last decides which tool is asked. */
function choose(candidates: readonly Candidate[]): Candidate | undefined {
  const best = Math.max(...candidates.map(({ shape }) => shape.rank));
  const among = candidates.filter(({ shape }) => shape.rank === best);
  const last = among.at(-1);
  return last?.shape.pick === 'first' ? among.find(({ shape }) => shape === last.shape) : last;
}

/** Says why a command failed, from the end of its output. */
export function why(output: string): Why {
  const lines = output.split(/\r\n|\r|\n/).map(readLine);
  const ends = tracebackEnds(lines);
  const candidates = lines.flatMap((line, at): Candidate[] =>
    line.bare === '' ? [] : [{ at, shape: ends.has(at) ? traceback : shapeOf(line) }],
  );
  const chosen = choose(candidates);
  const message = chosen ? printable(messageOf(lines, chosen)) : '';
  const text = lines.map(({ bare }) => bare).join('\n');
  const type =
    byMessage.find(([pattern]) => pattern.test(message))?.[1] ??
    byOutput.find(([pattern]) => pattern.test(text))?.[1];
  return { message, type };
}
