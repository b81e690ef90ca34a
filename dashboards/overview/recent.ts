import { type RowDefinition, table, tablePanel } from '../../src/dashboards/index.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import * as queries from '../queries.ts';
import { deploymentColumns } from './columns.ts';

const { triggered, outcome, duration, stages, rollback, failed, cost, info, from, to } =
  queries.recentDeployments;

/** Previews are one environment, and have names of their own. */
const previews = ({ environments }: Pipeline): readonly 'preview'[] =>
  Object.values(environments).some(({ kind }) => kind === 'preview') ? ['preview'] : [];

function recentTable(pipeline: Pipeline) {
  const { organize, overrides } = deploymentColumns(
    [
      'id',
      'triggered',
      'status',
      'failed',
      'duration',
      'stages',
      'rollback',
      'cost',
      'branch',
      'version',
      'who',
      'run',
      'environment',
      ...previews(pipeline),
    ],
    ['Time', 'service', 'stage', 'Value #Stages', 'Value #Info', 'Value #Failed'],
    pipeline,
  );
  return tablePanel({
    title: 'Recent deployments',
    description:
      'The last ten deployments, newest first, the one that is running now included. The id and the status open the troubleshooting dashboard on that deployment and its own time span; "open" opens the run in CI. Duration is from the push to the finish.',
    noData: 'No deployments known',
    missing: 'No deployment in 30 days. `record.mjs start` at the beginning of the pipeline emits the first.',
    unit: 'string',
    width: 24,
    queries: [
      table(triggered(), { refId: 'Triggered' }),
      table(outcome(), { refId: 'Outcome' }),
      table(failed(), { refId: 'Failed' }),
      table(duration(), { refId: 'Duration' }),
      table(stages(), { refId: 'Stages' }),
      table(rollback(), { refId: 'Rollback' }),
      table(cost(), { refId: 'Cost' }),
      table(info(...previews(pipeline)), { refId: 'Info' }),
      table(from(), { refId: 'From' }),
      table(to(), { refId: 'To' }),
    ],
    transformations: [
      { id: 'merge', options: {} },
      organize,
      { id: 'sortBy', options: { sort: [{ field: 'Triggered', desc: true }] } },
      { id: 'limit', options: { limitField: 10 } },
    ],
    overrides,
    sortBy: { column: 'Triggered', descending: true },
  });
}

/** The last ten deployments, with a way to each. */
export const recent = (pipeline: Pipeline): RowDefinition => ({
  title: 'Details',
  height: 12,
  panels: [recentTable(pipeline)],
  source: import.meta.url,
});
