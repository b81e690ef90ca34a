import { type Deployment, deployment } from '../src/ledger/index.ts';
import { and, binary, constant, metric, outcomes, type Vector } from '../src/metrics/index.ts';
import type { Objective, Of } from '../src/slo/index.ts';

/** Seconds: the objective, the agreement, and what is so slow that it escalates. */
const limits = { objective: 600, agreement: 720, escalation: 1_200 } as const;

/** From push to finish of the deployments that succeeded. */
const durations = (of: Of): Vector<Deployment> =>
  and(
    of(metric('deployment:duration_seconds:last')),
    binary(of(metric('deployment:outcome:code')), '==', outcomes.success),
    { on: deployment },
  );
const over =
  (seconds: number) =>
  (of: Of): Vector<Deployment> =>
    binary(durations(of), '>', seconds, { bool: true });

/** How fast can we ship a fix? (Design document, SLO 2.) */
export const timeToDeploy: Objective = {
  id: 'time-to-deploy',
  title: 'Time to deploy',
  question: 'Does a change reach production fast enough?',
  indicator: {
    events: 'Deployments that succeeded.',
    good: 'Those that took at most ten minutes from the push to the finish. That 95 % of them do is what "p95 at most ten minutes" says.',
    total: (of) => constant(1, durations(of), { by: deployment }),
    bad: over(limits.objective),
  },
  objective: 0.95,
  text: 'p95 at most 10 minutes: at least 95 % of successful deployments within 600 s',
  agreement: {
    objective: 0.95,
    text: 'p95 at most 12 minutes in a calendar month',
    bad: over(limits.agreement),
    consequence: 'The promise to the product teams is broken; tell them.',
  },
  budget: {
    kind: 'escalate',
    text: 'Two or more deployments of more than 20 minutes within seven days are escalated.',
    seconds: limits.escalation,
    atLeast: 2,
    slow: over(limits.escalation),
  },
  burn: 'ticket',
  source: import.meta.url,
};
