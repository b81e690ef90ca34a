import { markdownTable } from '../lib/terminal.ts';
import type { Block, Cell, ChartPoint } from './blocks.ts';

/** Text that Markdown must not take for markup. */
const plain = (text: string): string => text.replaceAll(/[\\`*_[\]<>#|]/g, '\\$&').replaceAll(/\s+/g, ' ');
const cell = (value: Cell): string =>
  typeof value === 'string'
    ? value.replaceAll(/[\\`*_[\]<>]/g, '\\$&')
    : `[${plain(value.text)}](${encodeURI(value.url)})`;

const levels = '▁▂▃▄▅▆▇█';

/** A line by day in one row of characters; a day without a value is a dot. */
function sparkline(points: readonly ChartPoint[], days: number): string {
  const byDay = new Map(points);
  return Array.from({ length: days }, (_, i) => {
    const left = byDay.get(i + 1);
    if (left === undefined) return '·';
    return left <= 0 ? '_' : levels[Math.min(levels.length - 1, Math.floor(left * levels.length))];
  }).join('');
}

function block(one: Block): string {
  switch (one.kind) {
    case 'heading':
      return `${'#'.repeat(one.level)} ${plain(one.text)}`;
    case 'text':
      return plain(one.text);
    case 'list':
      return one.items.map((item) => `- ${plain(item)}`).join('\n');
    case 'table':
      return markdownTable([one.head, ...one.rows.map((row) => row.map(cell))]);
    case 'chart': {
      const last = one.points.at(-1)?.[1] ?? 0;
      return `${plain(one.title)}: ${Math.round(last * 100)} % left\n\n\`${sparkline(one.points, one.days)}\``;
    }
  }
}

/** A document as Markdown. */
export const asMarkdown = (blocks: readonly Block[]): string => `${blocks.map(block).join('\n\n')}\n`;
