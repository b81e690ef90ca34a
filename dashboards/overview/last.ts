import { table, tablePanel } from '../../src/dashboards/index.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import { lastOne } from '../queries.ts';
import { deploymentColumns } from './columns.ts';

const { outcome, finished, failed, healthChecks, smokeTests, rollback, info, from, to } = lastOne;

/** Which deployment was the last one, and whether its checks passed. */
export function lastDeployment(pipeline: Pipeline) {
  const { organize, overrides } = deploymentColumns(
    [
      'status',
      'id',
      'finished',
      'failed',
      'health',
      'tests',
      'rollback',
      'version',
      'who',
      'run',
      'environment',
    ],
    ['Time', 'branch', 'service', 'stage', 'Value #Failed', 'Value #Health', 'Value #Tests', 'Value #Info'],
    pipeline,
  );
  return tablePanel({
    title: 'Last deployment and its checks',
    description:
      'The newest deployment that has finished: how it ended, which stage failed, and how many of its health checks and smoke tests passed. The id and the status open it in the troubleshooting dashboard. No health checks beside a deployment that failed before its checks is as it should be.',
    noData: 'No deployments known',
    missing:
      '`record.mjs finish` at the end of the pipeline emits the outcome, `record.mjs health` and `record.mjs smoke-test` the checks.',
    unit: 'string',
    width: 24,
    height: 4,
    queries: [
      table(outcome(), { refId: 'Outcome' }),
      table(finished(), { refId: 'Finished' }),
      table(failed(), { refId: 'Failed' }),
      table(healthChecks(), { refId: 'Health' }),
      table(smokeTests(), { refId: 'Tests' }),
      table(rollback(), { refId: 'Rollback' }),
      table(info(), { refId: 'Info' }),
      table(from(), { refId: 'From' }),
      table(to(), { refId: 'To' }),
    ],
    transformations: [{ id: 'merge', options: {} }, organize],
    overrides,
    sortBy: { column: 'Environment' },
  });
}
