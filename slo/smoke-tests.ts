import { percentText } from '../src/lib/spoken.ts';
import { binary, metric } from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import type { Objective } from '../src/slo/index.ts';

const made = metric('deployment:smoke_tests:count');
const passed = metric('deployment:smoke_tests_passed:count');

/** Does the application work end to end? (Design document, SLO 5.) */
export const smokeTests = ({ targets }: Pipeline): Objective => ({
  id: 'smoke-tests',
  title: 'Smoke tests',
  question: 'Does the application work end to end after a deployment?',
  indicator: {
    events: 'Smoke tests that ran after deployments.',
    good: 'Those that passed.',
    total: (of) => of(made),
    bad: (of) => binary(of(made), '-', of(passed)),
  },
  objective: targets.smokeTests.objective,
  text: `at least ${percentText(targets.smokeTests.objective)} of smoke tests`,
  budget: {
    kind: 'tied',
    text: 'A smoke test that fails triggers a rollback, and that spends the budget of deployment reliability.',
    to: 'deployment-reliability',
  },
  burn: 'ticket',
  source: import.meta.url,
});
