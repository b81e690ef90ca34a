import { terminalText } from '../diff/index.ts';
import { stripControls } from '../lib/sanitize.ts';
import { counted } from '../lib/words.ts';
import type { Pulled } from './pull.ts';

/** Edits in Grafana, for a terminal. */
export function pulledText(pulled: readonly Pulled[]): string {
  if (pulled.length === 0) return 'Nothing was edited in Grafana.';
  const parts = pulled.flatMap(({ uid, title, savedBy, changes, edits, notes }) => [
    `${uid} "${title}"${savedBy ? `, last saved by ${savedBy}` : ''}:`,
    terminalText(changes),
    `${counted(edits.length, 'value')} of the definition to change${notes.length > 0 ? '; by hand:' : '.'}`,
    ...notes.map((note) => `  - ${note}`),
    '',
  ]);
  return stripControls(parts.join('\n').trimEnd());
}
