import { percentText, spoken } from '../src/lib/spoken.ts';
import { binary, metric } from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import type { Objective } from '../src/slo/index.ts';

const made = metric('deployment:health_checks:count');
const passed = metric('deployment:health_checks_passed:count');

/** Is the new version healthy? (Design document, SLO 3.) */
export const health = ({ targets }: Pipeline): Objective => ({
  id: 'post-deployment-health',
  title: 'Post-deployment health',
  question: `Is the new version healthy in its first ${spoken(targets.health.windowSeconds)}?`,
  indicator: {
    events: 'Health checks made after deployments.',
    good: 'Those that passed.',
    total: (of) => of(made),
    bad: (of) => binary(of(made), '-', of(passed)),
  },
  objective: targets.health.objective,
  text: `at least ${percentText(targets.health.objective)} of health checks`,
  budget: {
    kind: 'tied',
    text: `Below ${percentText(targets.health.least)} a deployment is rolled back, and that spends the budget of deployment reliability.`,
    to: 'deployment-reliability',
  },
  burn: 'ticket',
  source: import.meta.url,
});
