import type { MetricDefinition } from './definition.ts';
import { labels } from './labels.ts';
import { deploymentInfo, deploymentLabels, recorded, stageLabels } from './recorded-series.ts';

const { test_name, resource, runner } = labels;

/** The ledger: facts per deployment, each in a few samples after the deployment finished or changed. */
export const ledgerMetrics = {
  'deployment:last_event_timestamp_seconds:max': recorded(
    'unix seconds',
    deploymentLabels,
    'When something was last heard of the deployment. Exists whenever the ledger writes its facts, and only then.',
  ),
  'deployment:ended_timestamp_seconds:max': recorded(
    'unix seconds',
    deploymentLabels,
    'When the deployment finished, as long as anything of it is on the Pushgateway.',
  ),
  'deployment:recorded_push_timestamp_seconds:max': recorded(
    'unix seconds',
    deploymentLabels,
    'The last push of the deployment at which all of its facts were written.',
  ),
  'deployment:late_push_timestamp_seconds:max': {
    ...recorded(
      'unix seconds',
      deploymentLabels,
      'The last push of a deployment of which something is said after its groups were removed.',
    ),
    rare: true,
  },
  'deployment:finished_earlier_timestamp_seconds:max': recorded(
    'unix seconds',
    deploymentLabels,
    'When a deployment had finished of which something is said after it was swept away; 0 if the ledger does not know it.',
  ),
  'deployment:finished_timestamp_seconds:max': recorded(
    'unix seconds',
    deploymentLabels,
    'When the deployment finished. For an abandoned one, two hours after it was last heard of.',
  ),
  'deployment:finished_late_timestamp_seconds:max': recorded(
    'unix seconds',
    deploymentLabels,
    'The same, only for deployments that were reported or changed more than two hours after they finished.',
  ),
  'deployment:triggered_timestamp_seconds:min': recorded(
    'unix seconds',
    deploymentLabels,
    'When the push happened; the start where that is unknown.',
  ),
  'deployment:started_timestamp_seconds:min': recorded(
    'unix seconds',
    deploymentLabels,
    'When the deployment started.',
  ),
  'deployment:outcome:code': recorded(
    'code',
    deploymentLabels,
    'How the deployment ended: 1 success, 2 failure, 3 rolled back, 4 abandoned, 5 cancelled.',
  ),
  'deployment:success:bool': {
    ...recorded(
      'boolean',
      deploymentLabels,
      '1 for a success, 0 for anything else that counts; cancelled deployments have none.',
    ),
    readBy: 'npm run doctor',
  },
  'deployment:duration_seconds:last': recorded(
    'seconds',
    deploymentLabels,
    'From the push to the finish. Of a successful deployment this is its time to deploy.',
  ),
  'deployment:rollback_reason:code': {
    ...recorded(
      'code',
      deploymentLabels,
      'Why it was rolled back: 1 health check, 2 test, 3 error rate, 4 manual, 9 other.',
    ),
    rare: true,
  },
  'deployment:rollback_finished_timestamp_seconds:max': {
    ...recorded(
      'unix seconds',
      deploymentLabels,
      'When it was rolled back; 0 if the rollback failed in the end.',
    ),
    rare: true,
  },
  'deployment:stages:count': recorded(
    'count',
    deploymentLabels,
    'Stages that were seen, rollbacks not counted.',
  ),
  'deployment:stages_passed:count': recorded('count', deploymentLabels, 'Stages that succeeded.'),
  'deployment:health_checks:count': recorded('count', deploymentLabels, 'Health checks that were made.'),
  'deployment:health_checks_passed:count': recorded('count', deploymentLabels, 'Health checks that passed.'),
  'deployment:smoke_tests:count': recorded('count', deploymentLabels, 'Smoke tests that ran.'),
  'deployment:smoke_tests_passed:count': recorded('count', deploymentLabels, 'Smoke tests that passed.'),
  'deployment_test:smoke_tests:count': recorded(
    'count',
    { ...deploymentLabels, test_name },
    '1 for a smoke test that ran.',
  ),
  'deployment_test:smoke_tests_passed:count': recorded(
    'count',
    { ...deploymentLabels, test_name },
    '1 for a smoke test that passed, 0 for one that failed.',
  ),
  'deployment:migrations:count': recorded('count', deploymentLabels, 'Runs of migrations.'),
  'deployment:migrations_passed:count': recorded(
    'count',
    deploymentLabels,
    'Runs of migrations that succeeded.',
  ),
  'deployment:migration_duration_seconds:sum': recorded(
    'seconds',
    deploymentLabels,
    'How long its migrations took.',
  ),
  'deployment:error_budget_spent:sum': recorded(
    'count',
    deploymentLabels,
    'How much of the error budget it spent, in failed deployments: 0, 0.5 or 1.',
  ),
  'deployment_runner:queue_seconds:max': recorded(
    'seconds',
    { ...deploymentLabels, runner },
    'The longest that one of its jobs waited for this runner.',
  ),
  'deployment_resource:cost_usd:sum': recorded(
    'currency',
    { ...deploymentLabels, resource },
    'What it cost on this resource.',
  ),
  'deployment_resource:cost_earlier_usd:sum': recorded(
    'currency',
    { ...deploymentLabels, resource },
    'What a deployment had cost on this resource of which something is said after it was swept away.',
  ),
  'deployment:cost_usd:sum': recorded('currency', deploymentLabels, 'What it cost.'),
  'deployment_stage:duration_seconds:last': recorded(
    'seconds',
    stageLabels,
    'How long a successful stage took.',
  ),
  'deployment_stage:status:code': recorded(
    'code',
    stageLabels,
    'How a stage ended, rollbacks included: 1 success, 2 skipped, 3 cancelled, 4 failure.',
  ),
  'deployment_stage:error_type:code': recorded(
    'code',
    stageLabels,
    'Type of the error of a stage that failed.',
  ),
  'deployment_gate:verdict:code': recorded(
    'code',
    { ...deploymentLabels, gate: labels.gate },
    'What the gate answered: 1 pass, 2 fail, 3 inconclusive, 4 error; 10 more in shadow mode.',
  ),
  'deployment_gate:asked_timestamp_seconds:max': recorded(
    'unix seconds',
    { ...deploymentLabels, gate: labels.gate, checks: labels.checks, message: labels.message },
    'When the gate answered, with the checks that decided and what they found.',
  ),
  'deployment_gate:hindsight:code': {
    ...recorded(
      'code',
      { ...deploymentLabels, gate: labels.gate },
      'Of what the gate refused or missed: 1 it would have refused what went wrong, 2 or what succeeded, 3 it passed what went wrong, 4 it refused in earnest; 0 while the end is open.',
    ),
    rare: true,
  },
  'deployment_gate:judged_timestamp_seconds:max': {
    ...recorded(
      'unix seconds',
      { ...deploymentLabels, gate: labels.gate, checks: labels.checks, message: labels.message },
      'When the gate gave such an answer, with the checks that decided and what they found.',
    ),
    rare: true,
  },
  'deployment_gate:judged_outcome:code': {
    ...recorded(
      'code',
      { ...deploymentLabels, gate: labels.gate },
      'The outcome of a deployment to which the gate gave such an answer.',
    ),
    rare: true,
  },
  'deployment:info:last': recorded(
    'none',
    deploymentInfo,
    'Always 1; what was deployed, by whom and from which run.',
  ),
} as const satisfies Record<string, MetricDefinition>;
