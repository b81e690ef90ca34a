import { deployment } from '../src/ledger/index.ts';
import { binary, constant, metric, outcomes } from '../src/metrics/index.ts';
import type { Objective, Of } from '../src/slo/index.ts';

const counted = (of: Of) => binary(of(metric('deployment:outcome:code')), '!=', outcomes.cancelled);

/** Do deployments go through without a rollback? (Design document, SLO 1.) */
export const reliability: Objective = {
  id: 'deployment-reliability',
  title: 'Deployment reliability',
  question: 'Do deployments complete without failing or being rolled back?',
  indicator: {
    events: 'Deployments that finished or were abandoned; cancelled ones do not count.',
    good: 'Those that succeeded: no stage failed, nothing was rolled back.',
    total: (of) => constant(1, counted(of), { by: deployment }),
    bad: (of) => binary(counted(of), '!=', outcomes.success, { bool: true }),
  },
  objective: 0.99,
  text: 'at least 99 % of deployments',
  agreement: {
    objective: 0.98,
    text: 'at least 98 % of deployments in a calendar month',
    consequence: 'The customer gets a credit for the month.',
  },
  budget: {
    kind: 'freeze',
    text: 'One failed deployment a month, or 1 % of them where that is more. A failed build, deployment, smoke test or migration spends one, a rollback because of health a half, any other rollback one. At none left, only hotfixes are deployed until the next month.',
    spent: (of) => of(metric('deployment:error_budget_spent:sum')),
  },
  burn: 'page and ticket',
  source: import.meta.url,
};
