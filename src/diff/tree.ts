import { type Node, parsePromql } from '../promql/index.ts';

/** Ranges that stand for Grafana's variables, and what they stand for. */
export type StandIns = Map<string, string>;

/**
 * Grafana's variables are no PromQL; in the place of a range each becomes an odd number of milliseconds, which
 * parses and can be told from any written range.
 */
const readable = (expr: string, standIns: StandIns): string =>
  expr.replaceAll(/(?<=\[)\$\{?\w+\}?(?=[\]:])|(?<=offset )\$\{?\w+\}?/g, (variable) => {
    const known = [...standIns].find(([, name]) => name === variable)?.[0];
    const standIn = known ?? `${900_000_001 + standIns.size}ms`;
    standIns.set(standIn, variable);
    return standIn;
  });

/** An expression of a dashboard or a rule as a tree; undefined when it cannot be read. */
export function tree(expr: string, standIns: StandIns = new Map()): Node | undefined {
  const parsed = parsePromql(readable(expr, standIns));
  return parsed.ok ? parsed.ast : undefined;
}
