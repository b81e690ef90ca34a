import type { At, Matching, Node, Span } from './ast.ts';

/** A binary operator in the row of items, with its modifiers. */
export interface BinaryItem {
  readonly type: 'binary';
  readonly op: string;
  readonly opSpan: Span;
  readonly bool: boolean;
  readonly matching?: Matching;
  /** False when it needs a feature that this project does not use: then its operands are checked, it is not. */
  readonly readable: boolean;
}

/** One postfix operator: durations in milliseconds, undefined where they could not be read. */
export type PostfixItem =
  | { readonly type: 'range'; readonly span: Span; readonly range: number | undefined }
  | {
      readonly type: 'subquery';
      readonly span: Span;
      readonly range: number | undefined;
      readonly step?: number | undefined;
    }
  | { readonly type: 'shift'; readonly span: Span; readonly shift: Shift }
  | { readonly type: 'unreadable'; readonly span: Span };

export type Shift = { readonly offset: number | undefined } | { readonly at: At };

/** An expression as a row, in the order of the text. */
export type Item =
  | { readonly type: 'operand'; readonly node: Node | undefined }
  | { readonly type: 'prefix'; readonly op: '+' | '-'; readonly from: number }
  | BinaryItem
  | PostfixItem;
