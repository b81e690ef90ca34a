import { childNodes, metricOf, type Node, type SelectorNode, selectors } from '../promql/index.ts';
import { tree } from './tree.ts';

/** Growth of the samples read from which on an expression costs much more. */
const costly = 4;
/** Milliseconds between two samples, and between two evaluations of a subquery that names no step. */
const scrape = 15_000;
const evaluation = 60_000;
/** Range that a query may read without a remark: five minutes of samples. */
const cheap = 20;

/** Samples that an expression reads for each series at one moment. */
function samplesRead(node: Node): number {
  if (node.kind === 'matrix') return node.range / scrape;
  const inside = childNodes(node).reduce((sum, child) => sum + samplesRead(child), 0);
  if (node.kind === 'subquery') return (node.range / (node.step ?? evaluation)) * Math.max(1, inside);
  return node.kind === 'selector' ? 1 : inside;
}

/** How many matchers narrow a selector: those that do not match everything. */
const narrowing = ({ matchers }: SelectorNode): number =>
  matchers.filter(
    ({ label, op, value }) =>
      label !== '__name__' && (op === '=' || op === '=~') && !['', '.*', '.+'].includes(value),
  ).length;

/** By metric, how many matchers its widest selector has; everything that names no metric is one. */
function widths(ast: Node): Map<string, number> {
  const found = new Map<string, number>();
  for (const selector of selectors(ast)) {
    const name = metricOf(selector) ?? '';
    found.set(name, Math.min(found.get(name) ?? Number.POSITIVE_INFINITY, narrowing(selector)));
  }
  return found;
}

/** Why an expression costs much more than before, if it does: it reads much more time, or more series. */
export function costRisk(before: string, after: string): string | undefined {
  const standIns = new Map<string, string>();
  const [a, b] = [tree(before, standIns), tree(after, standIns)];
  if (!a || !b) return undefined;
  const [from, to] = [widths(a), widths(b)];
  if (to.get('') === 0 && from.get('') !== 0) return 'it reads every series that there is';
  const [had, reads] = [samplesRead(a), samplesRead(b)];
  // The length of a range that is a variable of Grafana is unknown.
  if (standIns.size === 0 && had > 0 && reads / Math.max(had, cheap) >= costly)
    return `it reads about ${Math.round(reads / had).toLocaleString('en')} times as many samples`;
  const wider = [...to].some(([name, count]) => count < (from.get(name) ?? 0));
  return wider ? 'it reads more series than before' : undefined;
}
