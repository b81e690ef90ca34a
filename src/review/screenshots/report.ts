import type { Change } from '../../diff/index.ts';
import { escapeHtml } from '../../panels/index.ts';
import { changeHtml, risksFirst } from './change.ts';
import { changedPanels, type DashboardComparison, type PanelComparison } from './compare.ts';
import { inlineImage, placeOf, sideFigure, stateWords } from './figure.ts';
import { reportScript, reportStyle } from './style.ts';

/** Content of a report. */
export interface ReportInput {
  /** The base of the comparison, in words: `main (1a2b3c4)`. */
  readonly base: string;
  /** Where the numbers come from. */
  readonly data: string;
  readonly dashboards: readonly DashboardComparison[];
  /** Changes in words, shown beside the pictures of their places. */
  readonly changes: readonly Change[];
  /** Things that a reader has to know before believing the pictures. */
  readonly notes?: readonly string[];
}

const list = (changes: readonly Change[]): string =>
  changes.length === 0
    ? ''
    : `<ul class="changes">${risksFirst(changes)
        .map((change) => `<li${change.risk ? ' class="risk"' : ''}>${changeHtml(change)}</li>`)
        .join('')}</ul>`;

const badge = (state: DashboardComparison['state'] | PanelComparison['state']): string =>
  `<span class="badge ${state}">${stateWords[state]}</span>`;

/** A frame around what differs within a panel. */
const regionFrame = ({ region, state }: PanelComparison): string =>
  region ? `<span class="frame ${state}" style="${placeOf(region, region.of)}"></span>` : '';

function panelSide(panel: PanelComparison, side: 'before' | 'after'): string {
  const picture = panel[side];
  const inner = picture
    ? `<div class="shot">${inlineImage(picture.png, `${panel.title}, ${side}`)}${regionFrame(panel)}</div>`
    : '<div class="none">no such panel</div>';
  return `<figure class="${side}"><figcaption>${side}</figcaption>${inner}</figure>`;
}

/** Both sides of a panel, with a slider where there are both. */
function panelPair(uid: string, panel: PanelComparison): string {
  const pair = `<div class="pair">${panelSide(panel, 'before')}${panelSide(panel, 'after')}</div>`;
  if (!panel.before || !panel.after) return pair;
  const { id, copy = 0 } = panel.after.panel;
  return `<div class="compare">${modes(`${uid}-${id}-${copy}`)}${pair}</div>`;
}

function panelSection(
  dashboard: DashboardComparison,
  panel: PanelComparison,
  changes: readonly Change[],
): string {
  const own = changes.filter((c) => c.dashboard === dashboard.uid && c.panel === panel.id);
  return `<section>
<h3>${escapeHtml(panel.title)} ${badge(panel.state)}</h3>
${list(own)}
${panelPair(dashboard.uid, panel)}
</section>`;
}

/** Switch between slider and side by side. @param name unique on the page */
function modes(name: string): string {
  const radio = (value: string, words: string, checked: boolean): string =>
    `<label><input type="radio" name="mode-${escapeHtml(name)}" value="${value}"${checked ? ' checked' : ''}> ${words}</label>`;
  return `<div class="tools">${radio('slider', 'slider', true)}${radio('pair', 'side by side', false)}
<label class="slide"><span class="quiet">before ⟷ after</span><input type="range" min="0" max="100" value="50" aria-label="How much of the picture before is shown"></label></div>`;
}

function dashboardSection(dashboard: DashboardComparison, changes: readonly Change[]): string {
  const own = changes.filter((c) => c.dashboard === dashboard.uid);
  const heading = `<h2 id="${escapeHtml(dashboard.uid)}">${escapeHtml(dashboard.title)} ${badge(dashboard.state)}</h2>`;
  if (dashboard.state === 'same' && own.length === 0)
    return `${heading}<details><summary>Show it</summary>${sideFigure(dashboard, 'after')}</details>`;
  const words = own.length > 0 ? `<aside><h3>What changed</h3>${list(own)}</aside>` : '';
  return `${heading}
<div class="beside">
${comparison(dashboard)}
${words}
</div>
${panelsToShow(dashboard, changes)
  .map((panel) => panelSection(dashboard, panel, changes))
  .join('\n')}`;
}

/** Both sides with a slider; of a dashboard that is new or gone, the one side there is. */
function comparison(dashboard: DashboardComparison): string {
  const { uid, before, after } = dashboard;
  if (!before || !after) return sideFigure(dashboard, after ? 'after' : 'before');
  const pair = `<div class="pair">${sideFigure(dashboard, 'before')}${sideFigure(dashboard, 'after')}</div>`;
  return `<div class="compare">${modes(uid)}${pair}</div>`;
}

/** Panels that get a section: of a dashboard that is new or gone only those of which something is said. */
function panelsToShow(dashboard: DashboardComparison, changes: readonly Change[]): PanelComparison[] {
  const said = new Set(changes.filter((c) => c.dashboard === dashboard.uid).map((c) => c.panel));
  const whole = dashboard.state === 'added' || dashboard.state === 'removed';
  return changedPanels(dashboard).filter((panel) => !whole || said.has(panel.id));
}

function summaryLine(dashboard: DashboardComparison): string {
  const counts = Object.entries(stateWords).flatMap(([state, words]) => {
    const count = changedPanels(dashboard).filter((p) => p.state === state).length;
    return count > 0 ? [`${count} ${words}`] : [];
  });
  const panels = counts.length > 0 ? `: panels ${counts.join(', ')}` : '';
  return `<li><a href="#${escapeHtml(dashboard.uid)}">${escapeHtml(dashboard.title)}</a> ${badge(dashboard.state)}${panels}</li>`;
}

const page = (title: string, body: string, script: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title>
<style>${reportStyle}</style></head>
<body>
${body}
${script === '' ? '' : `<script>${script}</script>`}
</body>
</html>
`;

/** The report: one file with every picture inside. The same input gives the same text. */
export function reportHtml({ base, data, dashboards, changes, notes = [] }: ReportInput): string {
  const title = 'Dashboards before and after';
  const elsewhere = changes.filter((c) => !dashboards.some((d) => d.uid === c.dashboard));
  const body = `<h1>${title}</h1>
<p>Compared with <code>${escapeHtml(base)}</code>. Both sides show the same data: ${escapeHtml(data)}.</p>
${notes.map((note) => `<p class="risk">${escapeHtml(note)}</p>`).join('')}
<nav aria-label="Dashboards"><ul>${dashboards.map(summaryLine).join('')}</ul></nav>
${elsewhere.length > 0 ? `<h2>Beside the dashboards</h2>${list(elsewhere)}` : ''}
${dashboards.map((dashboard) => dashboardSection(dashboard, changes)).join('\n')}`;
  return page(title, body, reportScript);
}

/** One dashboard before and after beside each other: a page to take a picture of. */
export const pairHtml = (dashboard: DashboardComparison): string =>
  page(
    dashboard.title,
    `<h1>${escapeHtml(dashboard.title)} ${badge(dashboard.state)}</h1><div class="pair">${sideFigure(dashboard, 'before')}${sideFigure(dashboard, 'after')}</div>`,
    '',
  );
