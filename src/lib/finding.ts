import { type Colour, paint } from './terminal.ts';

/** `error` fails the command; `warning` is shown and does not. */
export type Severity = 'error' | 'warning';

/** One thing that is wrong, and what to do about it. @typeParam S severities; a doctor has notes too */
export interface GeneralFinding<S extends string> {
  /** Stable name of the check, kebab-case: `promql-syntax`. Documented under that name. */
  readonly id: string;
  readonly severity: S;
  /** One line: what is wrong. */
  readonly summary: string;
  /** Where, from the outside in: dashboard › row › panel › query, or file › group › rule. */
  readonly place: readonly string[];
  /** The way to fix it, as a sentence or a command. */
  readonly fix: string;
}

/** One thing that is wrong with a definition, wherever it was found. */
export interface Finding extends GeneralFinding<Severity> {
  /** The file to edit, relative to the project's root. */
  readonly file: string;
  /** The line in that file, from 1, where it is known. */
  readonly line?: number;
  /** Longer explanation, when one line does not do. */
  readonly details?: string;
  /** The text that is wrong, and which part of it (offsets in UTF-16 units). */
  readonly source?: { readonly text: string; readonly from: number; readonly to: number };
}

/** A line of the source around an offset and a caret line below it. */
function excerpt({ text, from, to }: NonNullable<Finding['source']>): string[] {
  const start = from === 0 ? 0 : text.lastIndexOf('\n', from - 1) + 1;
  const nextBreak = text.indexOf('\n', from);
  const line = text.slice(start, nextBreak === -1 ? undefined : nextBreak);
  const cut = Math.max(0, from - start - 60);
  const width = Math.max(1, Math.min(to - from, line.length - (from - start)));
  const shown = `${cut > 0 ? '…' : ''}${line.slice(cut, cut + 120)}${line.length > cut + 120 ? '…' : ''}`;
  return [
    shown.replaceAll('\t', ' '),
    ' '.repeat(from - start - cut + (cut > 0 ? 1 : 0)) + '^'.repeat(Math.min(width, 60)),
  ];
}

const colours: Readonly<Record<string, Colour>> = { error: 'red', warning: 'yellow' };

/** A finding as a person reads it on a terminal. */
export function findingText(finding: GeneralFinding<string> & Omit<Partial<Finding>, 'severity'>): string {
  const label = paint(finding.severity, colours[finding.severity] ?? 'grey');
  return [
    `${label} ${finding.id}: ${finding.summary}`,
    `  at ${finding.place.join(' › ')}${finding.file === undefined ? '' : `  (${finding.file})`}`,
    ...(finding.source ? excerpt(finding.source).map((line) => `    ${line}`) : []),
    ...(finding.details ? [`  ${finding.details}`] : []),
    `  ${paint('→', 'blue')} ${finding.fix}`,
  ].join('\n');
}

const escapeCommand = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** Number of the first line from `start` on (both from 0) that contains a text. */
const lineWith = (lines: readonly string[], text: string, start = 0): number | undefined => {
  const found = lines.findIndex((line, i) => i >= start && line.includes(text));
  return found === -1 ? undefined : found;
};

/** The text that is wrong: the marked one, else the first that the summary quotes. */
const wrongText = ({ source, summary }: Finding): string =>
  (source ? source.text.slice(source.from, source.to) : (/"([^"]+)"/.exec(summary)?.[1] ?? '')).split(
    '\n',
  )[0] ?? '';

/**
 * The line of a definition's file that a finding is about, from 1: where the text that is wrong stands, searched
 * from the innermost part of the place on that the file names. Line 1 where the file says neither.
 */
export function lineOf(finding: Finding, text: string): number {
  if (finding.line !== undefined) return finding.line;
  const lines = text.split('\n');
  const find = (words: string, start = 0): number | undefined =>
    words.trim() === '' ? undefined : (lineWith(lines, `'${words}'`, start) ?? lineWith(lines, words, start));
  const named = [...finding.place]
    .reverse()
    .map((part) => find(part))
    .find((line) => line !== undefined);
  return (find(wrongText(finding), named) ?? named ?? 0) + 1;
}

/** A finding as a GitHub workflow command, so that it appears beside a line of the file. */
export function findingAnnotation(finding: Finding, line = 1): string {
  const property = (text: string): string =>
    escapeCommand(text).replaceAll(',', '%2C').replaceAll(':', '%3A');
  const title = property(`${finding.id}: ${finding.place.join(' › ')}`);
  return `::${finding.severity} file=${property(finding.file)},line=${line},title=${title}::${escapeCommand(`${finding.summary} ${finding.fix}`)}`;
}

/** Findings in the order in which they are printed: errors first, then by place and id; the same for any input order. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const key = (f: Finding): string =>
    [f.severity === 'error' ? 0 : 1, f.place.join('\u0001'), f.id, f.source?.from ?? 0, f.summary].join(
      '\u0000',
    );
  return [...findings].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
