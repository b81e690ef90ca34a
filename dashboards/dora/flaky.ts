import { type RowDefinition, table, tablePanel } from '../../src/dashboards/index.ts';
import * as queries from './queries.ts';

const flaky = () =>
  tablePanel({
    title: 'Flaky stages and smoke tests',
    noData: 'Nothing failed by chance',
    description:
      'Stages and smoke tests that failed in a deployment and passed in a later one of the same commit to the same environment, over the 30 days up to the end of the time span: in how many deployments, in which share of all deployments, and how long those took that failed. A retry within a stage is known to no source and is not counted.',
    missing:
      'In 30 days no stage and no smoke test failed and passed again at the same commit. `record.mjs start` emits the commit, `record.mjs stage` and `smoke-test` how each ended.',
    unit: 'short',
    decimals: 0,
    width: 24,
    height: 6,
    queries: [
      table(queries.flaky.failures(), { refId: 'Failures' }),
      table(queries.flaky.share(), { refId: 'Share' }),
      table(queries.flaky.lost(), { refId: 'Lost' }),
    ],
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: { environment: 0, part: 1, 'Value #Failures': 2, 'Value #Share': 3, 'Value #Lost': 4 },
          renameByName: {
            environment: 'Environment',
            part: 'Stage or smoke test',
            'Value #Failures': 'Failed by chance',
            'Value #Share': 'Of all deployments',
            'Value #Lost': 'Time lost',
          },
        },
      },
    ],
    overrides: [
      { name: 'Environment', custom: { width: 150 } },
      { name: 'Failed by chance', custom: { width: 170 } },
      { name: 'Of all deployments', unit: 'percentunit', decimals: 1, custom: { width: 170 } },
      { name: 'Time lost', unit: 's', decimals: 1, custom: { width: 150 } },
    ],
    sortBy: { column: 'Time lost', descending: true },
  });

/** Which failures mean nothing? */
export const flakyRow: RowDefinition = {
  title: 'Flaky',
  height: 6,
  panels: [flaky()],
  source: import.meta.url,
};
