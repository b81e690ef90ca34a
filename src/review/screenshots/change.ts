import { type Change, segments } from '../../diff/index.ts';
import { escapeHtml } from '../../panels/index.ts';

/** A change as HTML. */
export const changeHtml = ({ place, text, risk }: Change): string =>
  `<strong>${escapeHtml(place.join(' › '))}</strong>: ` +
  segments(`${text}${risk ? ` (${risk})` : ''}`)
    .map(({ code, text: part }) => (code ? `<code>${escapeHtml(part)}</code>` : escapeHtml(part)))
    .join('')
    .replaceAll('\n', '<br>');

/** Risks first; otherwise in the order in which they came. */
export const risksFirst = (changes: readonly Change[]): Change[] => [
  ...changes.filter((c) => c.risk),
  ...changes.filter((c) => !c.risk),
];
