import {
  binary,
  count,
  gateHindsight,
  type LabelName,
  lastOverTime,
  type MetricName,
  max,
  metric,
  type PerGate,
  perGate,
  times,
  topk,
  type Vector,
  variable,
} from '../src/metrics/index.ts';

/** The gate's answers, by name; tests share them. */

const by = { by: perGate };

/** The last of a fact, of the deployments that a dashboard is about. */
type Read = <M extends MetricName>(name: M) => Vector<LabelName<M>>;

type Asked = PerGate | 'checks' | 'message';
/** The last answer to each question, in milliseconds. */
const newest = (asked: Vector<Asked>): Vector<Asked> =>
  times(1000, topk(1, max(asked, { by: [...perGate, 'checks', 'message'] }), by));

/** Columns of a table of answers; the time is in milliseconds. */
export const answers = (read: Read) => {
  const verdict: Vector<PerGate> = max(read('deployment_gate:verdict:code'), by);
  const hindsight: Vector<PerGate> = max(read('deployment_gate:hindsight:code'), by);
  const asked = newest(read('deployment_gate:asked_timestamp_seconds:max'));
  return { verdict, hindsight, asked } as const;
};

const here = { environment: variable('environment') } as const;
const hindsight = max(lastOverTime(metric('deployment_gate:hindsight:code', here), '30d'), by);
/** The columns of thirty days: what the gate refused, would have refused, or missed. */
export const ofThirtyDays = {
  asked: () => newest(lastOverTime(metric('deployment_gate:judged_timestamp_seconds:max', here), '30d')),
  outcome: () => max(lastOverTime(metric('deployment_gate:judged_outcome:code', here), '30d'), by),
  hindsight: () => hindsight,
} as const;

/** How many of them there were, by what came of them. */
export const counted = (how: keyof typeof gateHindsight) =>
  count(binary(hindsight, '==', gateHindsight[how]), { by: ['environment'] });
