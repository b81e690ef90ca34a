/** A piece of a document, for every form of output. Texts are plain: each form escapes them. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly Cell[])[] }
  /** A line by day, from 0 to 1 and below. */
  | {
      readonly kind: 'chart';
      readonly title: string;
      readonly points: readonly ChartPoint[];
      readonly days: number;
    };

/** A cell of a table: text, or text that leads to an address. */
export type Cell = string | { readonly text: string; readonly url: string };

/** Day of the month from 1, share that is left then. */
export type ChartPoint = readonly [day: number, left: number];

export const heading = (level: 1 | 2 | 3, text: string): Block => ({ kind: 'heading', level, text });
export const paragraph = (text: string): Block => ({ kind: 'text', text });
export const list = (items: readonly string[]): Block => ({ kind: 'list', items });
/** A table, or a sentence in the place of an empty one. */
export const tableOr = (head: readonly string[], rows: readonly (readonly Cell[])[], none: string): Block =>
  rows.length === 0 ? paragraph(none) : { kind: 'table', head, rows };
