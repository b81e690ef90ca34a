import type { WireResult } from './query.ts';

/** The preview server's message to a page when it opens. */
export interface PreviewState {
  readonly source: { readonly kind: 'live' | 'recording'; readonly label: string };
  /** Unix milliseconds. A recording's now never moves. */
  readonly now: number;
  /** Now stays where it is. */
  readonly frozen: boolean;
  readonly dashboards: readonly {
    readonly uid: string;
    readonly title: string;
    readonly tags: readonly string[];
  }[];
  /** Looks that a recording holds. */
  readonly views: readonly { readonly dashboard: string; readonly name: string; readonly search: string }[];
}

/** An answer as the server sends it. */
export type WireAnswer =
  | { readonly ok: true; readonly result: WireResult }
  | { readonly ok: false; readonly error: string };
