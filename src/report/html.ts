import type { Block, Cell, ChartPoint } from './blocks.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (char) => entities[char]!);
const cell = (value: Cell): string =>
  typeof value === 'string' ? escaped(value) : `<a href="${escaped(value.url)}">${escaped(value.text)}</a>`;

const style = `
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; } h2 { margin-top: 2.2rem; border-bottom: 1px solid #d0d7de; } h3 { margin-bottom: .3rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: .8rem 0; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid #e5e8eb; vertical-align: top; }
th { font-weight: 600; }
td.bad { font-weight: 700; color: #a40e26; }
a { color: #0550ae; }
figure { margin: 1rem 0; } figcaption { font-weight: 600; } svg { width: 100%; height: auto; max-height: 12rem; }
@media screen and (max-width: 40rem) {
  table, tbody, tr, td { display: block; } thead { display: none; } tr { border-bottom: 1px solid #d0d7de; padding: .4rem 0; }
  td { border: 0; padding: 0 0 0 8.5rem; text-indent: -8.5rem; } td::before { content: attr(data-head); display: inline-block; width: 8.5rem; text-indent: 0; padding-right: .5rem; box-sizing: border-box; vertical-align: top; color: #57606a; }
  figure { overflow-x: auto; } svg { min-width: 34rem; }
}
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } figure, tr { break-inside: avoid; } a { color: inherit; } }
`;

const [width, height, left, bottom, top] = [720, 150, 44, 22, 10] as const;

/** A line by day as SVG: 100 % on top, 0 and what is below marked. */
function chart(title: string, points: readonly ChartPoint[], days: number): string {
  const least = Math.min(0, ...points.map(([, value]) => value));
  const most = Math.max(1, ...points.map(([, value]) => value));
  const x = (day: number): string =>
    (left + ((day - 1) / Math.max(1, days - 1)) * (width - left - 8)).toFixed(1);
  const y = (value: number): string =>
    (top + ((most - value) / (most - least)) * (height - bottom - top)).toFixed(1);
  const line = points.map(([day, value]) => `${x(day)},${y(value)}`).join(' ');
  // A label too close to another one is left out; 0 and the ends come first.
  const marks: number[] = [];
  for (const value of [0, 1, least, 0.5])
    if (marks.every((other) => Math.abs(Number(y(other)) - Number(y(value))) >= 14)) marks.push(value);
  const grid = marks
    .map(
      (value) =>
        `<line x1="${left}" x2="${width - 8}" y1="${y(value)}" y2="${y(value)}" stroke="${value === 0 ? '#a40e26' : '#d0d7de'}"/><text x="${left - 6}" y="${y(value)}" dy="4" text-anchor="end">${Math.round(value * 100)} %</text>`,
    )
    .join('');
  const ticks = [1, 8, 15, 22, days]
    .map((day) => `<text x="${x(day)}" y="${height - 4}" text-anchor="middle">${day}</text>`)
    .join('');
  const last = points.at(-1)?.[1] ?? 0;
  return `<figure><figcaption>${escaped(title)}: ${Math.round(last * 100)} % left</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}" font-size="11" fill="#424a53">${grid}${ticks}<polyline points="${line}" fill="none" stroke="#0550ae" stroke-width="2"/></svg></figure>`;
}

function block(one: Block): string {
  switch (one.kind) {
    case 'heading':
      return `<h${one.level}>${escaped(one.text)}</h${one.level}>`;
    case 'text':
      return `<p>${escaped(one.text)}</p>`;
    case 'list':
      return `<ul>${one.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
    case 'table': {
      const head = one.head.map((text) => `<th>${escaped(text)}</th>`).join('');
      const rows = one.rows.map(
        (row) =>
          `<tr>${row.map((c, i) => `<td data-head="${escaped(one.head[i] ?? '')}"${c === 'NOT KEPT' ? ' class="bad"' : ''}>${cell(c)}</td>`).join('')}</tr>`,
      );
      return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
    }
    case 'chart':
      return chart(one.title, one.points, one.days);
  }
}

/** A document as one HTML file that needs no other. */
export const asHtml = (title: string, blocks: readonly Block[]): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${blocks.map(block).join('\n')}
</body>
</html>
`;
