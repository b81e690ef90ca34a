import type { CallNode, Node } from '../ast.ts';
import type { LintCheck } from '../lint-check.ts';
import { findAll, metricOf, selectorOf, unwrap } from '../nodes.ts';
import type { Problem } from '../problem.ts';
import { type KnownMetric, knownMetric, type Vocabulary } from '../vocabulary.ts';

const forCounters: ReadonlySet<string> = new Set(['rate', 'increase', 'irate', 'resets']);
const forGauges: ReadonlySet<string> = new Set(['delta', 'idelta', 'deriv', 'predict_linear']);
const ofChange: ReadonlySet<string> = new Set([...forCounters, ...forGauges, 'changes']);

/** The subject of a function over a range: of the range or the subquery. */
function subjectOf(call: CallNode): Node | undefined {
  const range = call.args.find((arg) => arg.valueType === 'matrix');
  const inner = range && unwrap(range);
  return inner?.kind === 'subquery' ? unwrap(inner.expr) : inner;
}

/** A check of every call of some functions on a range of a metric that is known. */
function perCall(
  names: ReadonlySet<string>,
  check: (call: CallNode, metric: KnownMetric, name: string) => Problem | undefined,
): LintCheck['check'] {
  return (ast: Node, vocabulary: Vocabulary) =>
    findAll(ast, 'call').flatMap((call) => {
      if (!names.has(call.func)) return [];
      const subject = subjectOf(call);
      const selector = subject && selectorOf(subject);
      const name = selector && metricOf(selector);
      const metric = name === undefined ? undefined : knownMetric(vocabulary, name);
      const problem = name !== undefined && metric ? check(call, metric, name) : undefined;
      return problem ? [problem] : [];
    });
}

const spanOf = ({ from, func }: CallNode): { from: number; to: number } => ({ from, to: from + func.length });

const rateOfEvent: LintCheck = {
  id: 'rate-of-event',
  summary: 'The change over time of a series that is pushed once and never changes: always 0.',
  check: perCall(ofChange, (call, metric, name) => {
    if (!metric.pushedOnce) return undefined;
    const message = `${call.func}() of ${name} is always 0: each of its series is pushed once and never changes.`;
    const fix = 'Count the events of the ledger: sum(last_over_time(fact[30d])).';
    return { id: 'rate-of-event', message, fix, ...spanOf(call) };
  }),
};

const rateOfGauge: LintCheck = {
  id: 'rate-of-gauge',
  summary: 'A function for counters on something that also falls.',
  check: perCall(forCounters, (call, { type, pushedOnce }, name) => {
    if (pushedOnce || (type !== 'gauge' && type !== 'info')) return undefined;
    const message = `${call.func}() takes every fall of ${name}, a gauge, for a restart of a counter.`;
    return { id: 'rate-of-gauge', message, fix: 'Use delta(), deriv() or avg_over_time().', ...spanOf(call) };
  }),
};

const deltaOfCounter: LintCheck = {
  id: 'delta-of-counter',
  summary: 'A function for gauges on a counter: every restart looks like a fall.',
  check: perCall(forGauges, (call, { type, pushedOnce }, name) => {
    if (pushedOnce || type !== 'counter') return undefined;
    const message = `${call.func}() takes every restart of ${name}, a counter, for a fall.`;
    return { id: 'delta-of-counter', message, fix: 'Use rate() or increase().', ...spanOf(call) };
  }),
};

const rateOfAggregate: LintCheck = {
  id: 'rate-of-aggregate',
  summary: 'The rate of a sum, where only the sum of rates survives a restart.',
  check: (ast) =>
    findAll(ast, 'call').flatMap((call) => {
      const subject = forCounters.has(call.func) ? subjectOf(call) : undefined;
      if (subject?.kind !== 'aggregate') return [];
      const { func } = call;
      const message = `${func}(${subject.op}(…)) sees a jump whenever one of the counters restarts or goes away.`;
      const fix = `Turn it round: ${subject.op}(${func}(…)).`;
      return [{ id: 'rate-of-aggregate', message, fix, ...spanOf(call) }];
    }),
};

const rateOfRecorded: LintCheck = {
  id: 'rate-of-recorded',
  summary: 'A function for counters on a recorded count, which falls when something leaves its window.',
  check: perCall(forCounters, (call, { type }, name) => {
    if (type !== 'recorded') return undefined;
    const message = `${call.func}() of ${name} has no meaning: a recorded series is no counter and falls without a restart.`;
    const fix = 'Read it as it is, take delta() of it, or take the rate of the counter that it is made from.';
    return { id: 'rate-of-recorded', message, fix, ...spanOf(call) };
  }),
};

export const rateChecks: readonly LintCheck[] = [
  rateOfEvent,
  rateOfGauge,
  rateOfRecorded,
  deltaOfCounter,
  rateOfAggregate,
];
