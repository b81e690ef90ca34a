import { formatDuration } from '../lib/duration.ts';
import { childNodes, formatPromql, type Matcher, metricOf, type Node, unwrap } from '../promql/index.ts';
import { code } from './change.ts';
import { conditions, pairTerms } from './conditions.ts';
import { type StandIns, tree } from './tree.ts';

/** State of comparing two trees. */
interface Comparison {
  readonly found: string[];
  readonly standIns: StandIns;
}

const day = 86_400_000;
/** A range as people write it: days and not weeks. */
const rangeText = (milliseconds: number, standIns: StandIns): string =>
  standIns.get(`${milliseconds}ms`) ??
  (milliseconds > 0 && milliseconds % day === 0 ? `${milliseconds / day}d` : formatDuration(milliseconds));
const written = (node: Node): string => formatPromql(node);
const matcherText = ({ label, op, value }: Matcher): string => `${label}${op}"${value}"`;

/** True when two expressions ask the same, however they are laid out. */
export function sameExpression(before: string, after: string): boolean {
  if (before === after) return true;
  const standIns: StandIns = new Map();
  const [a, b] = [tree(before, standIns), tree(after, standIns)];
  return a !== undefined && b !== undefined && written(a) === written(b);
}

/** Sentences that say how an expression changed: which metric, matcher, window, function, number; else "rewritten". */
export function describeExpression(before: string, after: string): string[] {
  const comparison: Comparison = { found: [], standIns: new Map() };
  const { found, standIns } = comparison;
  const [a, b] = [tree(before, standIns), tree(after, standIns)];
  if (!a || !b) return ['the expression was rewritten'];
  return compare(a, b, comparison) && found.length > 0 && found.length <= 6
    ? [...new Set(found)]
    : ['the expression was rewritten'];
}

/** Collects differences of two trees of the same shape; false when their shapes differ. */
function compare(x: Node, y: Node, comparison: Comparison): boolean {
  const [a, b] = [unwrap(x), unwrap(y)];
  if (written(a) === written(b)) return true;
  const [from, to] = [conditions(a), conditions(b)];
  if (from.terms.length + to.terms.length > 0) return compareConditions(from, to, comparison);
  if (a.kind !== b.kind) return wrapped(a, b, comparison);
  if (!compareNodes(a, b, comparison)) return false;
  const [left, right] = [childNodes(a), childNodes(b)];
  return left.length === right.length && left.every((child, i) => compare(child, right[i]!, comparison));
}

type Conditions = ReturnType<typeof conditions>;

/** Long conditions are read below the sentence, before and after. */
const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

/** Selectors of an expression, and their conditions. */
function compareConditions(a: Conditions, b: Conditions, comparison: Comparison): boolean {
  const { pairs, removed, added } = pairTerms(a.terms, b.terms);
  for (const { text } of removed) comparison.found.push(`condition ${code(shortened(text))} removed`);
  for (const { text } of added) comparison.found.push(`condition ${code(shortened(text))} added`);
  return compare(a.base, b.base, comparison) && pairs.every(([p, q]) => compare(p.expr, q.expr, comparison));
}

/** One of them is the other with something around it. */
function wrapped(a: Node, b: Node, { found, standIns }: Comparison): boolean {
  const inside = (outer: Node, inner: Node): boolean =>
    childNodes(outer).some((child) => {
      const own = unwrap(child);
      return written(own.kind === 'matrix' ? own.selector : own) === written(inner);
    });
  const range = (args: readonly Node[]): string =>
    args.map((arg) => (arg.kind === 'matrix' ? `[${rangeText(arg.range, standIns)}]` : '')).join('');
  const name = (node: Node): string =>
    node.kind === 'call'
      ? `${node.func}(${range(node.args)})`
      : node.kind === 'aggregate'
        ? `${node.op}()`
        : node.kind === 'binary'
          ? node.op
          : node.kind;
  if (inside(b, a)) found.push(`${code(name(b))} was put around it`);
  else if (inside(a, b)) found.push(`${code(name(a))} around it was taken away`);
  else return false;
  return true;
}

/** Differences of the nodes themselves; their children are compared by the caller. */
function compareNodes(a: Node, b: Node, comparison: Comparison): boolean {
  const { found } = comparison;
  switch (a.kind) {
    case 'number':
      found.push(`number ${code(written(a))} → ${code(written(b))}`);
      return true;
    case 'string':
      found.push(`text ${code(a.value)} → ${code((b as typeof a).value)}`);
      return true;
    case 'selector':
      selector(a, b as typeof a, comparison);
      return true;
    case 'matrix':
    case 'subquery': {
      const { range } = b as typeof a;
      const { standIns } = comparison;
      if (a.range !== range)
        found.push(`window ${code(rangeText(a.range, standIns))} → ${code(rangeText(range, standIns))}`);
      if (a.kind === 'subquery') subquery(a, b as typeof a, comparison);
      return true;
    }
    case 'call': {
      const other = b as typeof a;
      if (a.func !== other.func) found.push(`function ${code(`${a.func}()`)} → ${code(`${other.func}()`)}`);
      return true;
    }
    case 'aggregate':
      return aggregate(a, b as typeof a, found);
    case 'binary':
      return operator(a, b as typeof a, found);
    default:
      return true;
  }
}

type Shifted = Extract<Node, { kind: 'selector' | 'subquery' }>;

/** Where in time it is read. */
function timeShift(a: Shifted, b: Shifted, { found, standIns }: Comparison): void {
  if (a.offset !== b.offset)
    found.push(
      `offset ${code(rangeText(a.offset ?? 0, standIns))} → ${code(rangeText(b.offset ?? 0, standIns))}`,
    );
  if (a.at !== b.at) found.push(`time ${code(`@ ${a.at ?? 'now'}`)} → ${code(`@ ${b.at ?? 'now'}`)}`);
}

function subquery(a: Extract<Node, { kind: 'subquery' }>, b: typeof a, comparison: Comparison): void {
  const step = ({ step: ms }: typeof a): string =>
    code(ms === undefined ? 'default' : rangeText(ms, comparison.standIns));
  if (a.step !== b.step) comparison.found.push(`step of the subquery ${step(a)} → ${step(b)}`);
  timeShift(a, b, comparison);
}

function selector(a: Extract<Node, { kind: 'selector' }>, b: typeof a, comparison: Comparison): void {
  const { found } = comparison;
  const [from, to] = [metricOf(a) ?? '', metricOf(b) ?? ''];
  if (from !== to) found.push(`metric ${code(from)} → ${code(to)}`);
  const left = new Map(a.matchers.map((m) => [m.label, m]));
  const right = new Map(b.matchers.map((m) => [m.label, m]));
  for (const [label, matcher] of left) {
    const other = right.get(label);
    if (!other) found.push(`matcher ${code(matcherText(matcher))} removed`);
    else if (matcherText(matcher) !== matcherText(other))
      found.push(`matcher ${code(matcherText(matcher))} → ${code(matcherText(other))}`);
  }
  for (const [label, matcher] of right)
    if (!left.has(label)) found.push(`matcher ${code(matcherText(matcher))} added`);
  timeShift(a, b, comparison);
}

function aggregate(a: Extract<Node, { kind: 'aggregate' }>, b: typeof a, found: string[]): boolean {
  if (a.op !== b.op) found.push(`aggregation ${code(a.op)} → ${code(b.op)}`);
  const by = ({ grouping }: typeof a): string =>
    grouping ? `${grouping.kind} (${grouping.labels.map((l) => l.name).join(', ')})` : 'no labels';
  if (by(a) !== by(b)) found.push(`grouping ${code(by(a))} → ${code(by(b))}`);
  return (a.param === undefined) === (b.param === undefined);
}

function operator(a: Extract<Node, { kind: 'binary' }>, b: typeof a, found: string[]): boolean {
  const text = ({ op, bool }: typeof a): string => `${op}${bool ? ' bool' : ''}`;
  if (text(a) !== text(b)) found.push(`operator ${code(text(a))} → ${code(text(b))}`);
  const match = ({ matching: m }: typeof a): string =>
    m
      ? `${m.kind} (${m.labels.map((l) => l.name).join(', ')})${m.group ? ` group_${m.group} (${m.include.map((l) => l.name).join(', ')})` : ''}`
      : '';
  if (match(a) !== match(b))
    found.push(`matching ${code(match(a) || 'all labels')} → ${code(match(b) || 'all labels')}`);
  return true;
}
