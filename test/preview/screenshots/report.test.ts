import { describe, expect, it } from 'vitest';
import { differences } from '../../../src/diff/diff.ts';
import { changeHtml } from '../../../src/review/screenshots/change.ts';
import { comparePictures } from '../../../src/review/screenshots/compare.ts';
import { pairHtml, type ReportInput, reportHtml } from '../../../src/review/screenshots/report.ts';
import { edited, parts, snapshot } from '../../diff/base.ts';
import { dashboardPicture, panelPicture } from './support.ts';

const before = dashboardPicture('d', 'before!', [
  panelPicture(1, 'x'),
  panelPicture(2, 'old'),
  panelPicture(3, 'gone'),
]);
const after = dashboardPicture('d', 'after!', [
  panelPicture(1, 'x'),
  panelPicture(2, 'new', { title: '<b>&' }),
  panelPicture(4, 'fresh'),
]);
const same = dashboardPicture('same', 'z', [panelPicture(1, 'x')]);
const input: ReportInput = {
  base: 'main (1234567)',
  data: 'a recording',
  dashboards: comparePictures([before, same], [after, same]),
  changes: [
    { area: 'dashboard', place: ['d'], dashboard: 'd', panel: 2, text: 'Threshold `90` → `95`' },
    { area: 'dashboard', place: ['d'], dashboard: 'd', text: 'A harmless change' },
    { area: 'dashboard', place: ['d'], dashboard: 'd', risk: 'gone', text: 'Panel <3> was removed' },
    { area: 'alert', place: ['alerts'], risk: 'gone', text: 'Alert `DeploymentFailed` was removed' },
  ],
  notes: ['Recorded at different times.'],
};
const html = reportHtml(input);
const inline = (text: string): string => Buffer.from(text).toString('base64');

describe('the report', () => {
  it('is one file: every picture is inside and nothing is loaded', () => {
    for (const picture of ['before!', 'after!', 'old', 'new', 'gone', 'fresh', 'z'])
      expect(html).toContain(`base64,${inline(picture)}`);
    expect(html.match(/(src|href)="(?!data:|#)[^"]*"/g)).toBeNull();
    expect(html).not.toMatch(/url\(|@import/);
  });

  it('shows unchanged panels in no picture of their own', () => {
    expect(html.split(inline('x')).length - 1).toBe(0);
  });

  it('frames what changed, at its place in the picture, with a word', () => {
    expect(html).toContain(
      '<span class="frame changed" style="left:10%;top:4%;width:40%;height:16%"><b><i>changed</i></b></span>',
    );
    expect(html).toContain(
      '<span class="frame removed" style="left:10%;top:6%;width:40%;height:16%"><b><i>removed</i></b></span>',
    );
    expect(html).toContain('<span class="frame added"');
    expect(html.match(/class="frame/g)).toHaveLength(4);
  });

  it('sets the words beside the pictures of their place, risks first', () => {
    const section = html.slice(html.indexOf('<aside>'), html.indexOf('</aside>'));
    expect(section.indexOf('Panel &lt;3&gt; was removed')).toBeGreaterThan(0);
    expect(section.indexOf('Panel &lt;3&gt;')).toBeLessThan(section.indexOf('harmless'));
    const panel = html.slice(html.indexOf('<h3>&lt;b&gt;&amp;'));
    expect(panel).toContain('Threshold <code>90</code> → <code>95</code>');
    expect(html.slice(html.indexOf('Beside the dashboards'))).toContain('<code>DeploymentFailed</code>');
  });

  it('counts at the top, warns where it must, and escapes everything', () => {
    expect(html).toContain('panels 1 added, 1 removed, 1 changed');
    expect(html).toContain('Recorded at different times.');
    expect(html).toContain('main (1234567)');
    expect(html).not.toContain('<b>&<');
  });

  it('is the same text for the same input', () => {
    expect(reportHtml(input)).toBe(html);
  });

  it('has a slider that keyboards reach, and works without scripts', () => {
    expect(html).toMatch(/<input type="range"[^>]*aria-label=/);
    // One for the dashboard, and one for the panel that is on both sides; their choices are independent.
    expect(html.match(/class="compare"/g)).toHaveLength(2);
    expect(new Set(html.match(/name="mode-[^"]*"/g)).size).toBe(2);
    expect(html).not.toMatch(/class="compare"[^>]*data-mode/);
  });
});

it('shows of a new dashboard the one side there is, and its panels only when something is said of them', () => {
  const dashboards = comparePictures([], [after]);
  const plain = reportHtml({ ...input, dashboards, changes: [] });
  expect(plain).not.toContain('class="compare"');
  expect(plain).not.toContain('<h3>');
  expect(reportHtml({ ...input, dashboards })).toContain('Threshold <code>90</code>');
});

it('shows a dashboard that is new beside an explanation', () => {
  const [added] = comparePictures([], [after]);
  expect(pairHtml(added!)).toContain('before: this dashboard does not exist');
  expect(pairHtml(added!)).not.toContain('<script');
});

it('sets what the diff says of a removed panel, as a risk, beside its picture', () => {
  const changes = differences(snapshot(parts()), snapshot(edited(parts(), ['remove', 'dash.panels.4'])));
  expect(changes).toMatchObject([{ dashboard: 'deployments', panel: 21, risk: 'nothing else shows it' }]);
  const sides = [
    dashboardPicture('deployments', 'b', [panelPicture(21, 'gone', { title: 'Recent' })]),
    dashboardPicture('deployments', 'a', []),
  ];
  const report = reportHtml({ ...input, dashboards: comparePictures([sides[0]!], [sides[1]!]), changes });
  const section = report.slice(report.indexOf('<section>'));
  expect(section).toMatch(
    /class="risk"><strong>deployments › Details › Recent<\/strong>: panel removed \(nothing else shows it\)/,
  );
});

it('writes names of others so that they are no HTML', () => {
  const change = { area: 'dashboard', place: ['a **b** `c` <i>'], text: 'renamed: ``x`y`` → `z`' } as const;
  expect(changeHtml(change)).toBe(
    '<strong>a **b** `c` &lt;i&gt;</strong>: renamed: <code>x`y</code> → <code>z</code>',
  );
});

it('writes a change as HTML', () => {
  expect(changeHtml({ area: 'alert', place: ['p'], text: '`a<b` & c\nd' })).toBe(
    '<strong>p</strong>: <code>a&lt;b</code> &amp; c<br>d',
  );
});
