import { errorTypes, namesOf, rollbackReasons } from './codes.ts';
import type { MetricDefinition } from './definition.ts';
import { labels } from './labels.ts';
import { doraMetrics } from './recorded-dora.ts';
import { flakyMetrics } from './recorded-flaky.ts';
import { ledgerMetrics } from './recorded-ledger.ts';
import { liveMetrics } from './recorded-live.ts';
import { recentMetrics } from './recorded-recent.ts';
import { seamMetrics } from './recorded-seam.ts';
import { recorded } from './recorded-series.ts';
import { sloMetrics } from './recorded-slo.ts';
import { timelineMetrics } from './recorded-timeline.ts';
import { troubleshootingMetrics } from './recorded-troubleshooting.ts';

const { environment, service, stage, test_name, resource, runner, window, quantile } = labels;
/** With what the ledger says when a second producer sends a name that the catalogue does not have. */
const reasons = namesOf(rollbackReasons, 'none');
const types = namesOf(errorTypes, 'none');

const windowed = { environment, window } as const;

/** Service level indicators and their companions, over rolling windows. */
const indicators = {
  'environment:recent_deployments:count': recorded(
    'count',
    { environment },
    'Deployments in the list of the last ten.',
  ),
  'environment:deployments_active:count': recorded(
    'count',
    { environment },
    'Deployments that are running now.',
  ),
  'environment:deployments:count': recorded(
    'count',
    windowed,
    'Deployments that finished, cancelled ones not counted.',
  ),
  'environment:deployment_success:ratio': recorded('ratio', windowed, 'Share of deployments that succeeded.'),
  'environment:time_to_deploy_seconds:quantile': recorded(
    'seconds',
    { ...windowed, quantile },
    'Time to deploy of successful deployments.',
  ),
  'environment:health_check_success:ratio': recorded(
    'ratio',
    windowed,
    'Share of health checks that passed.',
  ),
  'environment:smoke_test_success:ratio': recorded('ratio', windowed, 'Share of smoke tests that passed.'),
  'environment_test:smoke_tests:count': recorded(
    'count',
    { ...windowed, test_name },
    'Runs of this smoke test.',
  ),
  'environment_test:smoke_tests_passed:count': recorded(
    'count',
    { ...windowed, test_name },
    'Runs of this smoke test that passed.',
  ),
  'environment:migration_success:ratio': recorded(
    'ratio',
    windowed,
    'Share of runs of migrations that succeeded.',
  ),
  'environment:rollbacks:count': recorded(
    'count',
    { ...windowed, reason: reasons },
    'Deployments that were rolled back, by reason.',
  ),
  'environment_stage:duration_seconds:avg': recorded(
    'seconds',
    { ...windowed, service, stage },
    'Average duration of a successful stage.',
  ),
  'environment_stage:duration_seconds:p95': recorded(
    'seconds',
    { ...windowed, service, stage },
    '95th percentile of the duration of a successful stage.',
  ),
  'environment_stage:failures:count': recorded(
    'count',
    { ...windowed, service, stage, error_type: types },
    'Failures of a stage, by type of error.',
  ),
  'environment_runner:queue_seconds:quantile': recorded(
    'seconds',
    { ...windowed, runner, quantile },
    'How long deployments waited for this runner; without one, from the push to the start of those of which no runner is known.',
  ),
  'environment_resource:cost_usd:sum': recorded(
    'currency',
    { ...windowed, resource },
    'What deployments cost.',
  ),
  'deployment_observability:bundle:info': recorded(
    'none',
    { version: 'open', image: 'open' },
    'Always 1; which version of this bundle the rules are of, and a hash of what the image of Prometheus was made from.',
  ),
} as const satisfies Record<string, MetricDefinition>;

/** Every series that a recording rule writes. Each needs a rule that writes it, and the build says so. */
export const recordedMetrics = {
  ...seamMetrics,
  ...ledgerMetrics,
  ...recentMetrics,
  ...indicators,
  ...liveMetrics,
  ...sloMetrics,
  ...doraMetrics,
  ...flakyMetrics,
  ...troubleshootingMetrics,
  ...timelineMetrics,
} as const;
/** Name of a recorded series. */
export type RecordedMetric = keyof typeof recordedMetrics;
