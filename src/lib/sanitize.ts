// Text that others wrote: titles, user names, answers of servers. It is shown, and must do nothing else.

/** Controls, marks that turn text around, separators and signs without width; a line break and a tab are none. */
const commands = /(?![\n\t])[\p{Cc}\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/** The text without control characters that a terminal obeys, and without marks that hide or turn around a part of it. */
export const stripControls = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(commands, '\ufffd');

/** The same on one line. */
export const oneLine = (text: string): string => stripControls(text).replace(/\s+/g, ' ').trim();

/** Plain data with every text changed. */
export function mapTexts<T>(data: T, change: (text: string) => string): T {
  if (typeof data === 'string') return change(data) as T;
  if (Array.isArray(data)) return data.map((item) => mapTexts(item, change)) as T;
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, mapTexts(value, change)])) as T;
}

/**
 * The text as code in Markdown, on one line: nothing in it is a mention, a link or HTML. Its fence is longer than
 * any row of backticks inside.
 */
export function codeSpan(text: string): string {
  const line = stripControls(text).replaceAll(/\s*\n\s*/g, ' ⏎ ');
  if (line.trim() === '') return '';
  const fence = '`'.repeat(Math.max(0, ...[...line.matchAll(/`+/g)].map(([row]) => row.length)) + 1);
  // Markdown takes one blank from either end, where both have one.
  const gap = /^`|`$|^ .* $/.test(line) ? ' ' : '';
  return `${fence}${gap}${line}${gap}${fence}`;
}
