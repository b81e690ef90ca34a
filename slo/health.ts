import { binary, metric } from '../src/metrics/index.ts';
import { limits } from '../src/pipeline/index.ts';
import type { Objective } from '../src/slo/index.ts';

const made = metric('deployment:health_checks:count');
const passed = metric('deployment:health_checks_passed:count');

/** Is the new version healthy? (Design document, SLO 3.) */
export const health: Objective = {
  id: 'post-deployment-health',
  title: 'Post-deployment health',
  question: 'Is the new version healthy in its first five minutes?',
  indicator: {
    events: 'Health checks made after deployments.',
    good: 'Those that passed.',
    total: (of) => of(made),
    bad: (of) => binary(of(made), '-', of(passed)),
  },
  objective: limits.health.objective,
  text: 'at least 99 % of health checks',
  budget: {
    kind: 'tied',
    text: 'Below 95 % a deployment is rolled back, and that spends the budget of deployment reliability.',
    to: 'deployment-reliability',
  },
  burn: 'ticket',
  source: import.meta.url,
};
