import { paint } from '../lib/terminal.ts';
import type { Area, Change } from './change.ts';

const headings: Readonly<Record<Area, string>> = {
  alert: 'Alerts',
  objective: 'Objectives',
  dashboard: 'Dashboards',
  rule: 'Recording rules',
  routing: 'Routing',
};
const order = Object.keys(headings) as Area[];
/** GitHub takes comments of at most 65,536 characters. */
const limit = 60_000;
const shownReaders = 5;

const readers = ({ readBy }: Change): string =>
  readBy && readBy.length > 0
    ? ` Read by ${readBy.slice(0, shownReaders).join(', ')}${readBy.length > shownReaders ? ` and ${readBy.length - shownReaders} more` : ''}.`
    : '';

const plainText = (text: string): string => text.replaceAll('`', '');

/** The changes as a person reads them on a terminal. */
export function terminalText(changes: readonly Change[]): string {
  if (changes.length === 0) return 'Nothing changed.';
  const line = (c: Change): string =>
    `${c.risk ? paint('!', 'red') : ' '} ${c.place.join(' › ')}: ${plainText(c.text)}${c.risk ? paint(` (${c.risk})`, 'red') : ''}${readers(c)}`;
  const risks = changes.filter((c) => c.risk);
  return [
    ...(risks.length > 0 ? [paint('Look twice', 'bold'), ...risks.map(line), ''] : []),
    ...order.flatMap((area) => {
      const own = changes.filter((c) => c.area === area && !c.risk);
      return own.length > 0 ? [paint(headings[area], 'bold'), ...own.map(line), ''] : [];
    }),
    summary(changes),
  ].join('\n');
}

const summary = (changes: readonly Change[]): string => {
  const risks = changes.filter((c) => c.risk).length;
  return `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}, ${risks} to look at twice.`;
};

const escaped = (text: string): string => text.replaceAll('<', '&lt;').replaceAll('|', '\\|');
const item = (c: Change): string =>
  `- **${escaped(c.place.join(' › '))}**: ${escaped(c.text)}${c.risk ? ` — ${escaped(c.risk)}` : ''}.${escaped(readers(c))}`;

function details(c: Change): string {
  if (c.before === undefined && c.after === undefined) return '';
  const block = (sign: string, text: string | undefined): string =>
    text === undefined
      ? ''
      : text
          .split('\n')
          .map((line) => `${sign} ${line}\n`)
          .join('');
  return `\n  <details><summary>before and after</summary>\n\n  \`\`\`diff\n${(block('-', c.before) + block('+', c.after)).replaceAll(/^/gm, '  ').trimEnd()}\n  \`\`\`\n  </details>`;
}

/**
 * The changes as Markdown for a pull request, at most 60,000 characters: first without what folds, then with a line
 * that counts what was left out.
 */
export function markdown(changes: readonly Change[]): string {
  if (changes.length === 0) return 'Nothing that is generated changed.\n';
  const sections: { heading: string; own: Change[] }[] = [
    { heading: '⚠️ Look twice', own: changes.filter((c) => c.risk) },
    ...order.map((area) => ({
      heading: headings[area],
      own: changes.filter((c) => c.area === area && !c.risk),
    })),
  ].filter(({ own }) => own.length > 0);
  const write = (render: (c: Change) => string, most: number): string => {
    let left = most;
    const body = sections.map(({ heading, own }) => {
      const shown = own.slice(0, Math.max(0, left));
      left -= shown.length;
      const rest = own.length - shown.length;
      return `### ${heading}\n\n${shown.map(render).join('\n')}${rest > 0 ? `\n- … and ${rest} more` : ''}\n`;
    });
    return `${summary(changes)}\n\n${body.join('\n')}`;
  };
  const full = write((c) => item(c) + details(c), changes.length);
  if (full.length <= limit) return full;
  let most = changes.length;
  let text = write(item, most);
  while (text.length > limit) {
    most = Math.floor(most * 0.8);
    text = write((c) => item(c).slice(0, 2_000), most);
  }
  return text;
}
