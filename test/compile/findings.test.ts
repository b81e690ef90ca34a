import { afterEach, describe, expect, it, vi } from 'vitest';
import { findingsOf } from '../../src/compile/checks/index.ts';
import { type Finding, findingAnnotation, findingText, lineOf, sortFindings } from '../../src/lib/finding.ts';
import { Vector } from '../../src/metrics/index.ts';
import { bundleWith, goodAnnotations } from './good.ts';

const finding: Finding = {
  id: 'label-unknown',
  severity: 'error',
  summary: 'up has no label stage.',
  place: ['good', 'Numbers', 'Probe', 'query A'],
  file: 'dashboards/good/numbers.ts',
  fix: 'Its labels are job, instance.',
  source: { text: 'sum(up{stage="x"})', from: 7, to: 12 },
};

afterEach(() => vi.unstubAllEnvs());

describe('a finding on a terminal', () => {
  it('says what, where, in which file, under a caret, and what to do', () => {
    expect(findingText(finding)).toBe(
      [
        'error label-unknown: up has no label stage.',
        '  at good › Numbers › Probe › query A  (dashboards/good/numbers.ts)',
        '    sum(up{stage="x"})',
        '           ^^^^^',
        '  → Its labels are job, instance.',
      ].join('\n'),
    );
  });

  it('adds details, and needs no source', () => {
    const { source, ...plain } = finding;
    expect(findingText({ ...plain, severity: 'warning', details: 'More of it.' })).toBe(
      [
        'warning label-unknown: up has no label stage.',
        '  at good › Numbers › Probe › query A  (dashboards/good/numbers.ts)',
        '  More of it.',
        '  → Its labels are job, instance.',
      ].join('\n'),
    );
  });

  it('is coloured where colours are wanted', () => {
    vi.stubEnv('FORCE_COLOR', '1');
    vi.stubEnv('NO_COLOR', undefined);
    expect(findingText(finding)).toContain('\u001b[31merror\u001b[0m');
  });

  /** The two lines of the excerpt, without their indentation. */
  const excerpt = (text: string, from: number, to: number): string[] =>
    findingText({ ...finding, source: { text, from, to } })
      .split('\n')
      .slice(2, 4)
      .map((line) => line.slice(4));

  it('points into the right line of several', () => {
    expect(excerpt('sum(\n  upp\n)', 7, 10)).toEqual(['  upp', '  ^^^']);
    expect(excerpt('\nupp', 1, 4)).toEqual(['upp', '^^^']);
  });

  it('points at nothing, at the end, and at a line break', () => {
    expect(excerpt('', 0, 0)).toEqual(['', '^']);
    expect(excerpt('sum(up', 6, 6)).toEqual(['sum(up', '      ^']);
    expect(excerpt('\nup', 0, 1)).toEqual(['', '^']);
    expect(excerpt('up\nup', 2, 3)).toEqual(['up', '  ^']);
  });

  it('stays in its line when the mark goes on in the next', () => {
    expect(excerpt('sum(up\n)', 4, 8)).toEqual(['sum(up', '    ^^']);
  });

  it('cuts long lines around the mark, and the mark stays below its text', () => {
    const long = `${'a'.repeat(200)}HERE${'b'.repeat(200)}`;
    const [line = '', marks = ''] = excerpt(long, 200, 204);
    expect(line.length).toBeLessThan(130);
    expect(line.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1)).toBe('HERE');
    expect(line.startsWith('…') && line.endsWith('…')).toBe(true);
  });

  it('keeps the mark below its text behind a tab', () => {
    expect(excerpt('sum\t(upp)', 5, 8)).toEqual(['sum (upp)', '     ^^^']);
  });
});

describe('a finding as an annotation of GitHub', () => {
  it('names file and place, and says what to do', () => {
    expect(findingAnnotation(finding)).toBe(
      '::error file=dashboards/good/numbers.ts,line=1,title=label-unknown%3A good › Numbers › Probe › query A::up has no label stage. Its labels are job, instance.',
    );
  });

  const definition = [
    "import { stage } from './stage.ts';",
    "const other = panel({ title: 'Other', expr: stage });",
    "const probe = panel({ title: 'Probe',",
    '  expr: only(stage),',
    '});',
  ].join('\n');

  it('stands at the line where the text that is wrong is written, in the panel that it is about', () => {
    expect(lineOf(finding, definition)).toBe(4);
    expect(findingAnnotation(finding, 4)).toContain('file=dashboards/good/numbers.ts,line=4,title=');
  });

  it('stands at the panel where the text is written nowhere, and at the first line where neither is', () => {
    expect(lineOf({ ...finding, source: { text: 'nowhere', from: 0, to: 7 } }, definition)).toBe(3);
    const { source, ...plain } = finding;
    expect(lineOf(plain, definition)).toBe(3);
    expect(lineOf(plain, 'nothing of it')).toBe(1);
    expect(lineOf({ ...finding, place: ['elsewhere'] }, definition)).toBe(1);
  });

  it('looks for no text where the finding names none', () => {
    const { source, ...plain } = finding;
    expect(lineOf({ ...plain, summary: '' }, `${definition}\nconst last = not('');`)).toBe(3);
  });

  it('hides nothing in front of GitHub that would end the line or the title', () => {
    const odd: Finding = { ...finding, place: ['a, b: 100 %'], summary: 'One\r\ntwo.', severity: 'warning' };
    expect(findingAnnotation(odd)).toBe(
      '::warning file=dashboards/good/numbers.ts,line=1,title=label-unknown%3A a%2C b%3A 100 %25::One%0D%0Atwo. Its labels are job, instance.',
    );
  });
});

describe('the order of findings', () => {
  it('is errors first, then by place, whatever order they were found in', () => {
    const list: Finding[] = [
      { ...finding, severity: 'warning', place: ['a'] },
      { ...finding, place: ['b'] },
      { ...finding, place: ['a', 'z'] },
      { ...finding, place: ['a'] },
    ];
    const sorted = sortFindings(list).map(({ severity, place }) => `${severity} ${place.join('/')}`);
    expect(sorted).toEqual(['error a', 'error a/z', 'error b', 'warning a']);
    expect(sortFindings([...list].reverse())).toEqual(sortFindings(list));
  });
});

describe('a bundle with ten faults', () => {
  it('is told all ten at once', () => {
    const found = findingsOf(
      bundleWith({
        expr: new Vector('rate(database_pool_utilization_percent[5m]) + upp{}'),
        probe: { description: '', unit: 'secs' as never },
        stat: { thresholds: [{ color: 'red', value: 1 }], links: [{ title: 'x', url: '/d/gone' }] },
        dashboard: { refresh: '1s' },
        record: { expr: new Vector('avg by (environment) (recent_deployment:outcme:code)') },
        alert: { for: 'soon', annotations: { ...goodAnnotations, summary: '{{ $labels.stage }}' } },
      }),
    );
    expect(found.map(({ id }) => id).sort()).toEqual([
      'dashboard-refresh',
      'link-target',
      'metric-unknown',
      'metric-unknown',
      'panel-description',
      'rate-of-gauge',
      'rule-duration',
      'template-text',
      'thresholds-order',
      'unit-unknown',
    ]);
    for (const { place, file, fix, summary } of found)
      for (const said of [place.join(), file, fix, summary]) expect(said).not.toBe('');
  });
});
