import { parsePromql } from '../../metrics/promql/parse.ts';
import { metricOf, selectors } from '../../metrics/promql/walk.ts';
import { allPanels } from '../lib/panel-queries.ts';
import type { Change } from './change.ts';
import type { Snapshot } from './snapshot.ts';

/** Names that an expression reads, also one with Grafana's variables in it. */
function read(expr: string): Set<string> {
  const parsed = parsePromql(
    expr.replaceAll(/\$\{?\w+\}?(?=[\]:])/g, '5m').replaceAll(/offset \$\{?\w+\}?/g, 'offset 5m'),
  );
  return new Set(parsed.ok ? selectors(parsed.ast).map((s) => metricOf(s) ?? '') : []);
}

/** Who reads each series: panels, alerts and recorded series by name. */
export class Readers {
  readonly #direct = new Map<string, Set<string>>();
  readonly #records = new Map<string, string>();

  constructor({ dashboards, rules }: Snapshot) {
    for (const [uid, dashboard] of dashboards)
      for (const panel of allPanels(dashboard))
        for (const target of (panel.targets ?? []) as { expr?: string }[])
          this.#add(target.expr ?? '', `panel ${uid} › ${panel.title ?? ''}`);
    for (const groups of rules.values())
      for (const { rules: list } of groups)
        for (const rule of list) {
          const name = rule.alert ? `alert ${rule.alert}` : `series ${rule.record}`;
          if (rule.record) this.#records.set(name, rule.record);
          this.#add(String(rule.expr), name);
        }
  }

  #add(expr: string, reader: string): void {
    for (const name of read(expr)) this.#direct.set(name, (this.#direct.get(name) ?? new Set()).add(reader));
  }

  /** Everything that reads a series, directly or through others; sorted. */
  of(series: string): string[] {
    const found = new Set<string>();
    const visit = (name: string): void => {
      for (const reader of this.#direct.get(name) ?? []) {
        if (found.has(reader)) continue;
        found.add(reader);
        const record = this.#records.get(reader);
        if (record) visit(record);
      }
    };
    visit(series);
    return [...found].filter((reader) => reader !== `series ${series}`).sort();
  }
}

/** The recorded series that a change is about. */
const seriesOf = ({ area, place }: Change): string | undefined =>
  area === 'rule' && place.length === 3 ? place[2]?.replace(/\{.*$/, '') : undefined;

/** Adds to each change of a recording rule who reads it, and marks a removed one that is still read as a risk. */
export function withReaders(changes: readonly Change[], after: Snapshot): Change[] {
  const readers = new Readers(after);
  return changes.map((change) => {
    const series = seriesOf(change);
    if (!series || change.text === 'recording rule added') return change;
    const readBy = readers.of(series);
    if (readBy.length === 0) return change;
    const risk = change.text === 'recording rule removed' ? { risk: `${readBy.length} still read it` } : {};
    return { ...change, readBy, ...risk };
  });
}
