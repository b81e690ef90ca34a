import { beforeAll, describe, expect, it, test } from 'vitest';
import { parsePromql } from '../../../src/promql/parse.ts';
import { templateProblems } from '../../../src/promql/template.ts';
import { outputLabels } from '../../../src/promql/walk.ts';
import { type Generation, obtainPrograms } from '../../../src/servers/find.ts';
import { marked } from './invalid.ts';
import { rejectedBy } from './judge.ts';

const labels = new Set(['environment', 'service']);

/** Annotations that Prometheus expands. */
const good: readonly string[] = [
  '',
  'Deployments fail',
  'braces { } and {x} are text',
  '{{ $value }}',
  '{{$value}}',
  '{{- $value -}}',
  '{{ $labels.environment }} of {{ $labels.service }}',
  '{{ $labels.environment | toUpper }}',
  '{{ .Labels.environment }}: {{ .Value }}',
  '{{ index $labels "environment" }}',
  '{{ $externalLabels.cluster }} {{ $externalURL }} {{ externalURL }}{{ pathPrefix }}',
  '{{ $value | humanize }} {{ $value | humanize1024 }}',
  '{{ humanizePercentage $value }}',
  '{{ printf "%.2f" $value }}',
  '{{ $value | printf "%.0f of %s" 10.0 | title }}',
  '{{ humanizeDuration (printf "%f" $value) }}',
  '{{ $value | humanizeTimestamp }}',
  '{{ reReplaceAll "-(.*)" "$1" $labels.service }}',
  '{{ $labels.service | reReplaceAll "a" "b" }}',
  '{{ if gt $value 5.0 }}many{{ else if eq $value 1.0 }}one{{ else }}few{{ end }}',
  '{{ if and $labels.service (ne $labels.service "api") }}x{{ end }}',
  '{{ with query "sum(up)" }}{{ . | first | value | humanize }}{{ end }}',
  '{{ range query "up == 0" }}{{ .Labels.instance }} {{ end }}',
  '{{ range $i, $sample := query "up" }}{{ $i }}: {{ $sample.Labels.job }}{{ else }}none{{ end }}',
  '{{ $limit := 5 }}{{ if gt $value 5.0 }}over {{ $limit }}{{ end }}',
  '{{ $x := 1 }}{{ $x = 2 }}{{ $x }}',
  '{{/* not shown */}}{{ $value }}',
  '{{ `raw }} string` }}',
  '{{ "}}" }}',
  '{{ len $labels }} {{ not true }} {{ print 1 -2.5 0x1F }}',
  '{{ define "t" }}{{ . }}{{ end }}{{ template "t" $value }}',
  '{{ match "^a" $labels.service }} {{ stripPort "a:1" }} {{ stripDomain "a.b" }}',
  '{{ graphLink "up" }} {{ tableLink "up" }} {{ parseDuration "1h" }} {{ toTime $value }}',
  '{{ query "up" | sortByLabel "job" | first | label "job" }}',
  '{{ with $labels.service }}{{ . }}{{ end }}',
  '{{ printf "%s"\n $labels.service }}',
];

/** Annotations that promtool refuses. */
const refused: readonly (readonly [string, string])[] = [
  ['template-syntax', '«{{ $value»'],
  ['template-syntax', '«{{ $value }»'],
  ['template-syntax', '«{{ }}»'],
  ['template-syntax', 'a {{ if $value }}b {{ end }}«{{ end }}»'],
  ['template-syntax', '«{{ if $value }}»never ends'],
  ['template-syntax', '«{{ range query "up" }}»x'],
  ['template-syntax', '«{{ else }}»'],
  ['template-syntax', '{{ if $value }}a{{ else }}b«{{ else }}»c{{ end }}'],
  ['template-syntax', '«{{ if }}»x{{ end }}'],
  ['template-syntax', '{{ «|» humanize }}'],
  ['template-syntax', '{{ $value | «"x"» }}'],
  ['template-syntax', '{{ «(»$value }}'],
  ['template-syntax', '{{ $value «)» }}'],
  ['template-syntax', '{{ $labels.service«-»b }}'],
  ['template-syntax', '{{ «%» }}'],
  ['template-syntax', '«{{ break }}»'],
  ['template-function', '{{ «time» }}'],
  ['template-function', '{{ «now2» | humanizeDuration }}'],
  ['template-function', '{{ $value | «humanise» }}'],
  ['template-function', '{{ printf "%s" («upper» $labels.service) }}'],
  ['template-function', '{{ «add» $value 1 }}'],
  ['template-variable', '{{ «$label».environment }}'],
  ['template-variable', '{{ «$val» | humanize }}'],
  ['template-variable', '{{ range $x := query "up" }}{{ $x }}{{ end }}{{ «$x» }}'],
];

/** Annotations that promtool lets pass, and that show an error, or nothing, to whoever is paged. */
const useless: readonly (readonly [string, string])[] = [
  ['template-label', '{{ $labels«.instance» }}'],
  ['template-label', '{{ .Labels«.stage» | toUpper }}'],
  ['template-label', '{{ index $labels «"deployment_id"» }}'],
  ['template-label', '{{ if $labels«.enviroment» }}x{{ end }}'],
  ['template-arguments', '{{ «humanize» }}'],
  ['template-arguments', '{{ $value | «humanize» 2 }}'],
  ['template-arguments', '{{ «reReplaceAll» "a" "b" }}'],
  ['template-arguments', '{{ «externalURL» $value }}'],
  ['template-syntax', '{{ $value «humanize» }}'],
  ['template-syntax', '«{{ $value | }}»'],
  ['template-variable', '{{ «$x» = 1 }}'],
  ['template-syntax', '{ $value «}}»'],
  ['promql-type', '{{ query "rate(«up»)" | first | value }}'],
  ['promql-unknown-function', '{{ range query `«rat»(up[5m])` }}{{ . }}{{ end }}'],
];

describe('annotations', () => {
  test.each(good)('nothing is wrong with %j', (text) => {
    expect(templateProblems(text, labels)).toEqual([]);
  });

  test.each([...refused, ...useless])('%s: %s', (id, source) => {
    const { text, found } = marked([id], source);
    const problems = templateProblems(text, labels);
    expect(problems.map((p) => ({ id: p.id, from: p.from, to: p.to }))).toEqual(found);
    for (const { message, fix } of problems) expect(`${message} ${fix}`).toMatch(/[.?] .*\.$/);
  });

  it('say what newer versions only understand', () => {
    const [problem] = templateProblems('{{ toDuration $value }}');
    expect(problem).toMatchObject({ id: 'template-not-portable', from: 3, to: 13 });
  });

  it('are checked for labels only when these are known', () => {
    expect(templateProblems('{{ $labels.anything }}')).toEqual([]);
    expect(templateProblems('{{ $labels.anything }}', new Set())).toHaveLength(1);
  });

  it('use the labels that the expression leaves', () => {
    const parsed = parsePromql('sum by (environment) (rate(deployments[5m])) > 0');
    if (!parsed.ok) throw new Error('not read');
    const left = outputLabels(parsed.ast, () => new Set(['environment', 'service']));
    const ids = (text: string) => templateProblems(text, left).map((p) => p.id);
    expect(ids('{{ $labels.environment }}')).toEqual([]);
    expect(ids('{{ $labels.service }}')).toEqual(['template-label']);
  });

  it('have all their mistakes reported', () => {
    const ids = templateProblems('{{ time }} {{ $labels.x }} {{ $y }} {{ if 1 }}', labels).map((p) => p.id);
    expect(ids).toEqual(['template-function', 'template-label', 'template-variable', 'template-syntax']);
  });
});

describe.each<Generation>(['2.42', 'current'])('promtool, generation %s', (generation) => {
  let promtool = '';
  beforeAll(async () => {
    promtool = (await obtainPrograms(['promtool'], generation)).promtool;
  });
  const plain = (cases: readonly (readonly [string, string])[]) =>
    cases.map(([, source]) => marked([''], source).text);
  const judge = async (texts: readonly string[]) => {
    const rejected = await rejectedBy(
      promtool,
      texts.map((annotation) => ({ annotation })),
    );
    return texts.filter((_, i) => rejected.has(i));
  };

  it('accepts the good ones', async () => {
    expect(await judge(good)).toEqual([]);
  });
  it('refuses what it is said to refuse', async () => {
    expect(await judge(plain(refused))).toEqual(plain(refused));
  });
  it('lets the useless ones pass, which is why they are checked here', async () => {
    expect(await judge(plain(useless))).toEqual([]);
  });
});
