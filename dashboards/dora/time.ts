import { lines, type RowDefinition, range, table, tablePanel } from '../../src/dashboards/index.ts';
import * as queries from './queries.ts';

const recordJobs =
  '`record.mjs jobs` in the last job of a run emits how long its jobs waited for each runner, `record.mjs start` the push and the start.';

const levers = () =>
  tablePanel({
    title: 'Biggest levers',
    noData: 'No stages known',
    description:
      'Of each environment the three stages that took most time in successful runs, all runs of the 30 days together, and half of that: what could be saved at most if the stage took half as long. Less is saved where other stages run beside it; `npm run insights` says how much of it makes deployments shorter.',
    missing: 'No stage succeeded in 30 days. `record.mjs stage` emits the durations.',
    unit: 's',
    decimals: 1,
    width: 8,
    queries: [table(queries.levers(), { refId: 'Saved' })],
    transformations: [
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: { environment: 0, service: 1, stage: 2, Value: 3 },
          renameByName: {
            environment: 'Environment',
            service: 'Service',
            stage: 'Stage',
            Value: 'Half of its time',
          },
        },
      },
    ],
    overrides: [
      { name: 'Environment', custom: { width: 105 } },
      { name: 'Service', custom: { width: 75 } },
      { name: 'Stage', custom: { minWidth: 125 } },
      { name: 'Half of its time', custom: { width: 150 } },
    ],
    sortBy: { column: 'Half of its time', descending: true },
  });

const queue = () =>
  tablePanel({
    title: 'Waiting for runners',
    noData: 'Nothing waited',
    description:
      'Over the 30 days up to the end of the time span: the longest that a job of each deployment waited for a runner, from when it was created until it started (an approval that it waits for counts as well), by the label that jobs ask for. Of deployments whose jobs are not recorded: from the push to the start.',
    missing: `No deployment of 30 days says how long it waited. ${recordJobs}`,
    unit: 'suffix:s',
    decimals: 0,
    width: 7,
    queries: [
      table(queries.queued('0.5'), { refId: 'Median' }),
      table(queries.queued('0.95'), { refId: 'P95' }),
    ],
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: { environment: 0, runner: 1, 'Value #Median': 2, 'Value #P95': 3 },
          renameByName: {
            environment: 'Environment',
            runner: 'Runner',
            'Value #Median': 'Median',
            'Value #P95': 'p95',
          },
        },
      },
    ],
    overrides: [
      { name: 'Environment', custom: { width: 110 } },
      { name: 'Median', custom: { width: 75 } },
      { name: 'p95', custom: { width: 75 } },
    ],
    sortBy: { column: 'p95', descending: true },
  });

const waitingAndWork = () =>
  lines({
    title: 'Waiting and work',
    noData: 'No deployments known',
    description:
      'Of the deployments in the hour before each point: the median time to deploy of those that succeeded, and the median of how long all of them waited for runners, which is a part of it and no work. On which days and at which hours runners are short shows over a week.',
    missing: `No deployment finished in the time span. ${recordJobs}`,
    unit: 'suffix:min',
    min: 0,
    width: 9,
    interval: '10m',
    queries: [
      range(queries.timeToDeploy(), { legend: '{{environment}} time to deploy' }),
      range(queries.queuedLately(), { legend: '{{environment}} waiting: {{runner}}' }),
    ],
  });

/** Where does the time go, and what would be won? */
export const timeRow: RowDefinition = {
  title: 'Where the time goes',
  height: 8,
  panels: [levers(), queue(), waitingAndWork()],
  source: import.meta.url,
};
