import { percentText, quantileText, sentence, spoken, spokenCount, spokenDigits } from '../src/lib/spoken.ts';
import {
  and,
  binary,
  constant,
  metric,
  outcomes,
  type PerDeployment,
  perDeployment,
  type Vector,
} from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import type { Objective, Of } from '../src/slo/index.ts';

/** From push to finish of the deployments that succeeded. */
const durations = (of: Of): Vector<PerDeployment> =>
  and(
    of(metric('deployment:duration_seconds:last')),
    binary(of(metric('deployment:outcome:code')), '==', outcomes.success),
    { on: perDeployment },
  );
const over =
  (seconds: number) =>
  (of: Of): Vector<PerDeployment> =>
    binary(durations(of), '>', seconds, { bool: true });

/** How fast can we ship a fix? (Design document, SLO 2.) */
export const timeToDeploy = ({ targets: { timeToDeploy: limits } }: Pipeline): Objective => ({
  id: 'time-to-deploy',
  title: 'Time to deploy',
  question: 'Does a change reach production fast enough?',
  indicator: {
    events: 'Deployments that succeeded.',
    good: `Those that took at most ${spoken(limits.seconds)} from the push to the finish. That ${percentText(limits.objective)} of them do is what "${quantileText(limits.objective)} at most ${spoken(limits.seconds)}" says.`,
    total: (of) => constant(1, durations(of), { by: perDeployment }),
    bad: over(limits.seconds),
  },
  objective: limits.objective,
  text: `${quantileText(limits.objective)} at most ${spokenDigits(limits.seconds)}: at least ${percentText(limits.objective)} of successful deployments within ${limits.seconds} s`,
  agreement: {
    objective: limits.objective,
    text: `${quantileText(limits.objective)} at most ${spokenDigits(limits.agreementSeconds)} in a calendar month`,
    bad: over(limits.agreementSeconds),
    consequence: 'The promise to the product teams is broken; tell them.',
  },
  budget: {
    kind: 'escalate',
    text: `${sentence(spokenCount(limits.escalationDeployments))} or more deployments of more than ${spokenDigits(limits.escalationSeconds)} within seven days are escalated.`,
    seconds: limits.escalationSeconds,
    atLeast: limits.escalationDeployments,
    slow: over(limits.escalationSeconds),
  },
  burn: 'ticket',
  source: import.meta.url,
});
