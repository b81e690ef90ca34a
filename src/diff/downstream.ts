import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { FileRule, Snapshot } from '../compile/index.ts';
import { dataPanels } from '../panels/index.ts';
import {
  findAll,
  type Matcher,
  metricOf,
  type Node,
  outputLabels,
  parsePromql,
  selectors,
} from '../promql/index.ts';
import { type Change, code } from './change.ts';
import { formerSeries } from './rules.ts';

type Labels = Readonly<Record<string, string>>;

/** A reader: its name, its selectors, and the series that it records itself. */
interface Reader {
  readonly name: string;
  readonly matchers: readonly Matcher[];
  /** Labels that it selects, groups or joins by, or shows. */
  readonly labels: ReadonlySet<string>;
  readonly records?: { readonly series: string; readonly labels: Labels };
}

/** An expression as a tree, also one with Grafana's variables in it. */
function treeOf(expr: string): Node | undefined {
  const parsed = parsePromql(
    expr.replaceAll(/\$\{?\w+\}?(?=[\]:])/g, '5m').replaceAll(/offset \$\{?\w+\}?/g, 'offset 5m'),
  );
  return parsed.ok ? parsed.ast : undefined;
}

/** The labels by which an expression selects, groups and joins. */
const labelsIn = (ast: Node): string[] => [
  ...selectors(ast).flatMap(({ matchers }) => matchers.map(({ label }) => label)),
  ...findAll(ast, 'aggregate').flatMap(({ grouping }) => (grouping?.labels ?? []).map(({ name }) => name)),
  ...findAll(ast, 'binary').flatMap(({ matching }) =>
    [...(matching?.labels ?? []), ...(matching?.include ?? [])].map(({ name }) => name),
  ),
];

/** The expression inside a variable's query: of `label_values(up, job)` and `query_result(up)` it is `up`. */
export function variableExpression(query: unknown): string {
  const text = typeof query === 'string' ? query : ((query as { query?: unknown } | null)?.query ?? '');
  const [, inside] = /^\s*(?:label_values|query_result|metrics)\(([\s\S]*)\)\s*$/.exec(String(text)) ?? [];
  return inside?.replace(/,\s*\w+\s*$/, '') ?? '';
}

/** The label that a variable lists: of `label_values(up, job)` it is `job`. */
const listedLabel = (query: unknown): string =>
  /,\s*(\w+)\s*\)\s*$/.exec(
    typeof query === 'string' ? query : String((query as { query?: unknown } | null)?.query ?? ''),
  )?.[1] ?? '';

/** Everything in a dashboard that asks something, by the name that a reviewer knows it by. */
const dashboardReaders = (
  uid: string,
  dashboard: Dashboard,
): [name: string, expr: string, shown: readonly string[]][] => [
  ...dataPanels(dashboard).flatMap((panel) =>
    (panel.targets ?? []).map(({ expr, legendFormat }): [string, string, string[]] => [
      `panel ${uid} › ${panel.title ?? ''}`,
      expr ?? '',
      [...(legendFormat ?? '').matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, label = '']) => label),
    ]),
  ),
  ...(dashboard.templating?.list ?? []).map(({ name, query }): [string, string, string[]] => [
    `variable ${uid} › ${name}`,
    variableExpression(query),
    [listedLabel(query)],
  ]),
  ...(dashboard.annotations?.list ?? []).map(({ name, target, ...rest }): [string, string, string[]] => [
    `annotation ${uid} › ${name}`,
    (target as { expr?: string } | undefined)?.expr ?? (rest as { expr?: string }).expr ?? '',
    [],
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
      for (const [name, expr, shown] of dashboardReaders(uid, dashboard)) this.#add(expr, name, shown);
    for (const groups of rules.values())
      for (const { rules: list } of groups) for (const rule of list) this.#addRule(rule);
  }

  #addRule(rule: FileRule): void {
    const { record: series, labels = {} } = rule;
    if (series === undefined) this.#add(String(rule.expr), `alert ${rule.alert}`, []);
    else this.#add(String(rule.expr), `series ${series}`, [], { series, labels });
  }

  #add(expr: string, name: string, shown: readonly string[], records?: Reader['records']): void {
    const ast = treeOf(expr);
    if (!ast) return;
    const labels = new Set([...labelsIn(ast), ...shown]);
    for (const selector of selectors(ast)) {
      const metric = metricOf(selector) ?? '';
      const reader = { name, matchers: selector.matchers, labels, ...(records && { records }) };
      this.#direct.set(metric, [...(this.#direct.get(metric) ?? []), reader]);
    }
  }

  /** Readers of a series that use one of these labels of it; sorted. */
  by(series: string, labels: readonly string[]): string[] {
    const found = (this.#direct.get(series) ?? []).filter((reader) =>
      labels.some((label) => reader.labels.has(label)),
    );
    return [...new Set(found.map(({ name }) => name))].sort();
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

/** Labels that an expression gives its result; undefined where that depends on what it reads. */
function resultLabels(expr: string | undefined): ReadonlySet<string> | undefined {
  const parsed = parsePromql(expr ?? '');
  return parsed.ok ? outputLabels(parsed.ast, () => undefined) : undefined;
}

const listed = (readers: readonly string[]): string =>
  `${readers.slice(0, 3).join(', ')}${readers.length > 3 ? ` and ${readers.length - 3} more` : ''}`;

/** Readers that a change of a recording rule breaks: of a removed series, or of labels that it has no longer. */
function readRisk(
  change: Change,
  series: string,
  readBy: readonly string[],
  readers: Readers,
): string | undefined {
  if (change.text === 'recording rule removed') return `${readBy.length} still read it`;
  const former = seriesOf({ ...change, place: ['', '', formerSeries(change.text) ?? ''] });
  if (former) {
    const lost = readers.of(former.series, former.labels).filter((reader) => !readBy.includes(reader));
    return lost.length > 0 ? `${listed(lost)} still read it by its former labels` : undefined;
  }
  const [from, to] = [resultLabels(change.before), resultLabels(change.after)];
  const gone = from && to ? [...from].filter((label) => !to.has(label)) : [];
  const hit = readers.by(series, gone);
  return hit.length > 0
    ? `${gone.map(code).join(', ')} ${gone.length === 1 ? 'is' : 'are'} gone, and ${listed(hit)} use${hit.length === 1 ? 's' : ''} it`
    : undefined;
}

/** Adds to each change of a recording rule who reads it, and marks as a risk what breaks for them. */
export function withReaders(changes: readonly Change[], after: Snapshot): Change[] {
  const readers = new Readers(after);
  return changes.map((change) => {
    const series = seriesOf(change);
    if (!series || change.text === 'recording rule added') return change;
    const readBy = readers.of(series.series, series.labels);
    const risk = readRisk(change, series.series, readBy, readers);
    return {
      ...change,
      ...(readBy.length > 0 && { readBy }),
      ...((readBy.length > 0 || formerSeries(change.text)) && risk && { risk }),
    };
  });
}

/** The first of the other panels that asks everything that a panel asked. */
export function replacementOf(
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
