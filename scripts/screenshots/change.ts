import { escapeHtml } from '../../preview/model/interpolate.ts';

/** One change in a reviewer's words, to stand beside the pictures of its place. */
export interface Change {
  /** Uid of the dashboard; without it the change concerns no dashboard (a rule, an alert). */
  readonly dashboard?: string;
  /** Id of the panel; without it the change concerns the dashboard as a whole. */
  readonly panel?: number;
  /** Needs a second look: something is removed, weakened or breaks. */
  readonly risk: boolean;
  /** One or more sentences; Markdown's `code` and **bold** only. */
  readonly text: string;
}

/** A change's text as HTML. */
export const changeHtml = ({ text }: Change): string =>
  escapeHtml(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replaceAll('\n', '<br>');

/** Risks first; otherwise in the order in which they came. */
export const risksFirst = (changes: readonly Change[]): Change[] => [
  ...changes.filter((c) => c.risk),
  ...changes.filter((c) => !c.risk),
];
