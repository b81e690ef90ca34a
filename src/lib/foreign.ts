// Text that others wrote: titles, names of users, what a server says. It is shown, and must do nothing else.

/** Controls, marks that turn text around, separators and signs without width; a line break and a tab are none. */
const commands = /(?![\n\t])[\p{Cc}\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/** The text without what a terminal would obey, or what would show it otherwise than it is. */
export const printable = (text: string): string => text.replaceAll('\r\n', '\n').replace(commands, '\ufffd');

/** The same on one line. */
export const printableLine = (text: string): string => printable(text).replace(/\s+/g, ' ').trim();

/** Plain data with every text changed. */
export function mapTexts<T>(data: T, change: (text: string) => string): T {
  if (typeof data === 'string') return change(data) as T;
  if (Array.isArray(data)) return data.map((item) => mapTexts(item, change)) as T;
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, mapTexts(value, change)])) as T;
}

/**
 * The text as code in Markdown, on one line: nobody is mentioned, nothing is linked, and no HTML is made of it.
 * A row of backticks inside is enclosed by a longer one.
 */
export function codeSpan(text: string): string {
  const line = printableLine(text);
  if (line === '') return '';
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([row]) => row.length));
  const fence = '`'.repeat(longest + 1);
  const gap = longest > 0 ? ' ' : '';
  return `${fence}${gap}${line}${gap}${fence}`;
}
