import { describe, expect, it } from 'vitest';
import {
  expressionOf,
  intervalsOf,
  type Surroundings,
  surroundingsOf,
} from '../../../src/panels/builtins.ts';
import {
  formatVariable,
  interpolate,
  references,
  resolveFrom,
  type Values,
} from '../../../src/panels/interpolate.ts';

const values: Values = {
  environment: { value: 'production', text: 'Production' },
  service: { value: ['api', 'web'], text: ['API', 'Web'], regex: true },
  one: { value: ['a.b'], text: ['a.b'], regex: true },
  all: { value: ['api', 'web'], text: 'All', all: true, regex: true },
  every: { value: '.*', text: 'All', all: true, regex: true, verbatim: '.*' },
  quoted: { value: 'say "hi" \\ bye', text: 'quoted' },
};
const span = {
  from: Date.UTC(2026, 0, 15),
  to: Date.UTC(2026, 0, 15, 6),
  raw: { from: 'now-6h', to: 'now' },
};
const around: Surroundings = { span, values, dashboard: { uid: 'a-b', title: 'A & B' } };
const inPromql = (text: string): string => expressionOf(text, around, intervalsOf(30_000));
const inText = (text: string): string => interpolate(text, resolveFrom(values));

describe('variables in PromQL', () => {
  it.each([
    ['up{env="$environment"}', 'up{env="production"}'],
    ['up{env="${environment}"}', 'up{env="production"}'],
    ['up{env="[[environment]]"}', 'up{env="production"}'],
    ['up{s=~"$service"}', 'up{s=~"(api|web)"}'],
    ['up{s=~"$one"}', 'up{s=~"a\\\\.b"}'],
    ['up{s=~"$all"}', 'up{s=~"(api|web)"}'],
    ['up{s=~"$every"}', 'up{s=~".*"}'],
    ['up{s="$quoted"}', 'up{s="say \\"hi\\" \\\\ bye"}'],
    ['up{s=~"${service:pipe}"}', 'up{s=~"api|web"}'],
    ['rate(x[$__interval])', 'rate(x[30s])'],
    ['rate(x[$__rate_interval])', 'rate(x[1m])'],
    ['rate(x[${__rate_interval}])', 'rate(x[1m])'],
    ['increase(x[$__range]) / $__range_s', 'increase(x[21600s]) / 21600'],
    ['x * $__interval_ms', 'x * 30000'],
  ])('%s becomes %s', (text, replaced) => {
    expect(inPromql(text)).toBe(replaced);
  });

  it('leaves what is no variable: groups of label_replace, unknown names, bare dollars', () => {
    const text = 'label_replace(x, "a", "$1", "b", "(.*)$") + $unknown';
    expect(inPromql(text)).toBe(text);
  });
});

describe('formats', () => {
  it.each([
    ['${service}', '{api,web}'],
    ['${service:csv}', 'api,web'],
    ['${service:regex}', '(api|web)'],
    ['${service:json}', '["api","web"]'],
    ['${environment:json}', '"production"'],
    ['${service:text}', 'API + Web'],
    ['${service:html}', 'api, web'],
    ['${service:queryparam}', 'var-service=api&var-service=web'],
    ['${all:queryparam}', 'var-all=%24__all'],
    ['${service:singlequote}', "'api','web'"],
    ['${service:doublequote}', '"api","web"'],
    ['${service:percentencode}', '%7Bapi%2Cweb%7D'],
    ['${environment:nonsense}', 'production'],
    ['${environment.path}', '${environment.path}'],
  ])('%s gives %s', (text, written) => {
    expect(inText(text)).toBe(written);
  });

  it('escapes for HTML and URLs', () => {
    const variable = { value: `<b a='1'>&`, text: `<b a='1'>&` };
    expect(formatVariable('x', variable, 'html')).toBe('&lt;b a=&#39;1&#39;&gt;&amp;');
    expect(formatVariable('x', { value: "it's (a) b!", text: '' }, 'percentencode')).toBe(
      'it%27s%20%28a%29%20b%21',
    );
  });
});

describe('built-in variables', () => {
  const inLink = (text: string): string => interpolate(text, surroundingsOf(around));
  it.each([
    ['${__from}-${__to}', `${span.from}-${span.to}`],
    ['${__from:date}', '2026-01-15T00:00:00.000Z'],
    ['${__to:date:seconds}', String(span.to / 1_000)],
    ['${__to:date:YYYY-MM-DD HH:mm:ss}', '2026-01-15 06:00:00'],
    ['/d/x?${__url_time_range}', '/d/x?from=now-6h&to=now'],
    ['${__dashboard} ${__dashboard.uid}', 'A & B a-b'],
    ['${__timezone}', 'utc'],
    ['${__org.id} ${__user.login}', '1 preview'],
  ])('%s gives %s', (text, written) => {
    expect(inLink(text)).toBe(written);
  });

  it('carries every variable to another dashboard', () => {
    const text = inLink('/d/x?${__all_variables}');
    expect(text).toContain('var-environment=production&var-service=api&var-service=web');
    expect(text).toContain('var-every=%24__all');
  });
});

it('finds what a text refers to', () => {
  expect(references('a{b=~"$x", c="${y:regex}"}[$__range] [[z]] ${d.e}')).toEqual([
    'x',
    'y',
    '__range',
    'z',
    'd',
  ]);
});
