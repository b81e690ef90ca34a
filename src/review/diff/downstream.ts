import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { FileRule, Snapshot } from '../../compile/index.ts';
import { dataPanels } from '../../panels/index.ts';
import { type Matcher, metricOf, parsePromql, selectors } from '../../promql/index.ts';
import { type Change, code } from './change.ts';

type Labels = Readonly<Record<string, string>>;

/** A reader: its name, its selectors, and the series that it records itself. */
interface Reader {
  readonly name: string;
  readonly matchers: readonly Matcher[];
  readonly records?: { readonly series: string; readonly labels: Labels };
}

/** Selectors of an expression, also one with Grafana's variables in it: by metric, with the conditions on its labels. */
function read(expr: string): [metric: string, matchers: readonly Matcher[]][] {
  const parsed = parsePromql(
    expr.replaceAll(/\$\{?\w+\}?(?=[\]:])/g, '5m').replaceAll(/offset \$\{?\w+\}?/g, 'offset 5m'),
  );
  return parsed.ok ? selectors(parsed.ast).map((s) => [metricOf(s) ?? '', s.matchers]) : [];
}

/** The expression inside a variable's query: of `label_values(up, job)` and `query_result(up)` it is `up`. */
export function variableExpression(query: unknown): string {
  const text = typeof query === 'string' ? query : ((query as { query?: unknown } | null)?.query ?? '');
  const [, inside] = /^\s*(?:label_values|query_result|metrics)\(([\s\S]*)\)\s*$/.exec(String(text)) ?? [];
  return inside?.replace(/,\s*\w+\s*$/, '') ?? '';
}

/** Everything in a dashboard that asks something, by the name that a reviewer knows it by. */
const dashboardReaders = (uid: string, dashboard: Dashboard): [name: string, expr: string][] => [
  ...dataPanels(dashboard).flatMap((panel) =>
    (panel.targets ?? []).map(({ expr }): [string, string] => [
      `panel ${uid} › ${panel.title ?? ''}`,
      expr ?? '',
    ]),
  ),
  ...(dashboard.templating?.list ?? []).map(({ name, query }): [string, string] => [
    `variable ${uid} › ${name}`,
    variableExpression(query),
  ]),
  ...(dashboard.annotations?.list ?? []).map(({ name, target, ...rest }): [string, string] => [
    `annotation ${uid} › ${name}`,
    (target as { expr?: string } | undefined)?.expr ?? (rest as { expr?: string }).expr ?? '',
  ]),
];

/** Whether a condition can hold for a label; what is not known, and a variable, can be anything. */
function canMatch({ label, op, value }: Matcher, labels: Labels): boolean {
  const own = labels[label];
  if (own === undefined || value.includes('$')) return true;
  if (op === '=' || op === '!=') return (op === '=') === (own === value);
  try {
    return (op === '=~') === new RegExp(`^(?:${value})$`).test(own);
  } catch {
    return true;
  }
}

/** Who reads each series: panels, variables, annotations, alerts, SLOs and recorded series by name. */
export class Readers {
  readonly #direct = new Map<string, Reader[]>();

  constructor({ dashboards, rules }: Snapshot) {
    for (const [uid, dashboard] of dashboards)
      for (const [name, expr] of dashboardReaders(uid, dashboard)) this.#add(expr, name);
    for (const groups of rules.values())
      for (const { rules: list } of groups) for (const rule of list) this.#addRule(rule);
  }

  #addRule(rule: FileRule): void {
    const { record: series, labels = {} } = rule;
    if (series === undefined) this.#add(String(rule.expr), `alert ${rule.alert}`);
    else this.#add(String(rule.expr), `series ${series}`, { series, labels });
  }

  #add(expr: string, name: string, records?: Reader['records']): void {
    for (const [metric, matchers] of read(expr)) {
      const reader = { name, matchers, ...(records && { records }) };
      this.#direct.set(metric, [...(this.#direct.get(metric) ?? []), reader]);
    }
  }

  /** Everything that reads a series with these labels, directly or through others; sorted. */
  of(series: string, labels: Labels = {}): string[] {
    const found = new Set<string>();
    const visited = new Set<string>();
    const visit = (name: string, own: Labels): void => {
      const key = JSON.stringify([name, own]);
      if (visited.has(key)) return;
      visited.add(key);
      for (const reader of this.#direct.get(name) ?? []) {
        if (!reader.matchers.every((matcher) => canMatch(matcher, own))) continue;
        found.add(reader.name);
        const { records } = reader;
        if (!records) continue;
        if (records.labels.slo) found.add(`SLO ${records.labels.slo}`);
        visit(records.series, records.labels);
      }
    };
    visit(series, labels);
    return [...found].filter((reader) => reader !== `series ${series}`).sort();
  }
}

/** The recorded series that a change is about, and the labels that the rule gives it. */
function seriesOf({ area, place }: Change): { series: string; labels: Labels } | undefined {
  const last = place[2];
  if ((area !== 'rule' && area !== 'objective') || last === undefined) return undefined;
  const parsed = parsePromql(last);
  if (!parsed.ok || parsed.ast.kind !== 'selector') return undefined;
  const labels = Object.fromEntries(parsed.ast.matchers.map(({ label, value }) => [label, value]));
  return { series: metricOf(parsed.ast) ?? '', labels };
}

/** Adds to each change of a recording rule who reads it, and marks a removed one that is still read as a risk. */
export function withReaders(changes: readonly Change[], after: Snapshot): Change[] {
  const readers = new Readers(after);
  return changes.map((change) => {
    const series = seriesOf(change);
    if (!series || change.text === 'recording rule added') return change;
    const readBy = readers.of(series.series, series.labels);
    if (readBy.length === 0) return change;
    const risk = change.text === 'recording rule removed' ? { risk: `${readBy.length} still read it` } : {};
    return { ...change, readBy, ...risk };
  });
}

/** The first of the other panels that asks everything that a panel asked. */
export function heirOf(
  asked: readonly string[],
  dashboards: ReadonlyMap<string, Dashboard>,
): string | undefined {
  if (asked.length === 0) return undefined;
  for (const [uid, dashboard] of dashboards)
    for (const panel of dataPanels(dashboard)) {
      const own = (panel.targets ?? []).map(({ expr }) => expr ?? '');
      if (asked.every((expr) => own.includes(expr))) return code(`${uid} › ${panel.title ?? ''}`);
    }
  return undefined;
}
