import { percentText } from '../src/lib/spoken.ts';
import { binary, constant, metric, outcomes, perDeployment } from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import { allowedShare, type Objective, type Of } from '../src/slo/index.ts';

/** A weight in failed deployments, as a text says it. */
const weight = (share: number): string => (share === 1 ? 'one' : share === 0.5 ? 'a half' : String(share));

const counted = (of: Of) => binary(of(metric('deployment:outcome:code')), '!=', outcomes.cancelled);

/** Do deployments go through without a rollback? (Design document, SLO 1.) */
export const reliability = ({ targets }: Pipeline): Objective => ({
  id: 'deployment-reliability',
  title: 'Deployment reliability',
  question: 'Do deployments complete without failing or being rolled back?',
  indicator: {
    events: 'Deployments that finished or were abandoned; cancelled ones do not count.',
    good: 'Those that succeeded: no stage failed, nothing was rolled back.',
    total: (of) => constant(1, counted(of), { by: perDeployment }),
    bad: (of) => binary(counted(of), '!=', outcomes.success, { bool: true }),
  },
  objective: targets.deployments.objective,
  text: `at least ${percentText(targets.deployments.objective)} of deployments`,
  agreement: {
    objective: targets.deployments.agreement,
    text: `at least ${percentText(targets.deployments.agreement)} of deployments in a calendar month`,
    consequence: 'The customer gets a credit for the month.',
  },
  budget: {
    kind: 'freeze',
    text: `One failed deployment a month, or ${percentText(allowedShare(targets.deployments.objective))} of them where that is more. A failed build, deployment, smoke test or migration spends ${weight(targets.budget.failed)}, a rollback because of health ${weight(targets.budget.rolledBackForHealth)}, any other rollback ${weight(targets.budget.rolledBack)}. At none left, only hotfixes are deployed until the next month.`,
    spent: (of) => of(metric('deployment:error_budget_spent:sum')),
  },
  burn: 'page and ticket',
  source: import.meta.url,
});
