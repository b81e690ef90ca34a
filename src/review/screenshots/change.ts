import { segments } from '../../diff/index.ts';
import { escapeHtml } from '../../panels/index.ts';

/** One change in a reviewer's words, to stand beside the pictures of its place. */
export interface Change {
  /** Uid of the dashboard; without it the change concerns no dashboard (a rule, an alert). */
  readonly dashboard?: string;
  /** Id of the panel; without it the change concerns the dashboard as a whole. */
  readonly panel?: number;
  /** Needs a second look: something is removed, weakened or breaks. */
  readonly risk: boolean;
  /** Its place, by names that others wrote. */
  readonly place?: string;
  /** One or more sentences; Markdown's `code` and **bold** only. */
  readonly text: string;
}

/** A change's text as HTML. */
export const changeHtml = ({ place, text }: Change): string =>
  (place ? `<strong>${escapeHtml(place)}</strong>: ` : '') +
  segments(text)
    .map((segment) => {
      const html = escapeHtml(segment.text);
      return segment.code ? `<code>${html}</code>` : html.replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>');
    })
    .join('')
    .replaceAll('\n', '<br>');

/** Risks first; otherwise in the order in which they came. */
export const risksFirst = (changes: readonly Change[]): Change[] => [
  ...changes.filter((c) => c.risk),
  ...changes.filter((c) => !c.risk),
];
