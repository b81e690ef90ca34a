import {
  ago,
  and,
  binary,
  gateHindsight,
  gateVerdicts,
  max,
  metric,
  or,
  outcomes,
  type PerGate,
  perDeployment,
  perGate,
  type RecordingRule,
  record,
  times,
  topk,
  union,
  type Vector,
  withValue,
} from '../metrics/index.ts';
import { sampling } from '../pipeline/index.ts';

/** The gate's answers, and who was right in the end. */

const by = { by: perGate };

const asked = max(metric('deployment_gate_asked_timestamp_seconds'), by);
/** With all other facts, and at once: an answer before the end is of interest then. */
const due = or(
  metric('deployment:last_event_timestamp_seconds:max'),
  max(binary(asked, '>', ago(sampling.eager)), { by: perDeployment }),
  { on: perDeployment },
);
/** Which checks decided, and what they found. */
const why = topk(1, max(metric('deployment_gate_info'), { by: [...perGate, 'checks', 'message'] }), by);

const verdict = metric('deployment_gate:verdict:code');
const outcome = metric('deployment:outcome:code');
const succeeded = binary(outcome, '==', outcomes.success);
const wentWrong = binary(binary(outcome, '!=', outcomes.success), '!=', outcomes.cancelled);
/** Answers to deployments that went like this. */
const of = (answers: Vector<PerGate>, went: Vector<(typeof perDeployment)[number]>): Vector<PerGate> =>
  and(answers, went, { on: perDeployment });
const passed = binary(
  binary(metric('deployment_gate:verdict:code', { gate: 'stay' }), '%', 10),
  '==',
  gateVerdicts.pass,
);
const wouldRefuse = binary(verdict, '==', gateVerdicts.would_fail);
const is = (how: keyof typeof gateHindsight, answers: Vector<PerGate>) =>
  withValue(gateHindsight[how], answers);

/**
 * Who was right, of what is worth a look: refusals, and what should have been one. A refusal in earnest made the outcome,
 * so that nothing can be said of it; that a deployment may begin says nothing of its end.
 */
const hindsight = union(
  is('refused', binary(verdict, '==', gateVerdicts.fail)),
  is('right', of(wouldRefuse, wentWrong)),
  is('false_alarm', of(wouldRefuse, succeeded)),
  is('missed', of(passed, wentWrong)),
  is('open', wouldRefuse),
);
const judged = metric('deployment_gate:hindsight:code');
const when = metric('deployment_gate:asked_timestamp_seconds:max');

/** With the facts of the deployment, after its outcome. */
export const gateFacts: readonly RecordingRule[] = [
  record(
    'deployment_gate:verdict:code',
    and(max(metric('deployment_gate_verdict_code'), by), due, { on: perDeployment }),
  ),
  record(
    'deployment_gate:asked_timestamp_seconds:max',
    binary(and(asked, verdict), '*', why, { on: perGate, groupLeft: ['checks', 'message'] }),
  ),
  record('deployment_gate:hindsight:code', hindsight),
  record('deployment_gate:judged_timestamp_seconds:max', and(when, judged, { on: perGate })),
  record(
    'deployment_gate:judged_outcome:code',
    binary(times(0, judged), '+', outcome, { on: perDeployment, groupLeft: [] }),
  ),
];
