import { table } from '../../src/dashboards/query.ts';
import { max, metric, variable } from '../../src/metrics/index.ts';
import type { Broken } from './broken-definition.ts';

const place = ['good', 'Tables', 'Deployments'];
const environment = variable('environment');

const columns: readonly Broken[] = [
  {
    name: 'an override of a column that was renamed',
    changes: { table: { overrides: [{ name: 'Value #Started', unit: 'dateTimeAsIso' }] } },
    id: 'column-unknown',
    place,
  },
  {
    name: 'sorted by a column that is not there',
    changes: { table: { sortBy: { column: 'When' } } },
    id: 'column-unknown',
    place,
  },
  {
    name: 'a column renamed that no query makes',
    changes: {
      table: {
        overrides: [],
        sortBy: { column: 'environment' },
        transformations: [{ id: 'organize', options: { renameByName: { 'Value #Ended': 'Ended' } } }],
      },
    },
    id: 'column-unknown',
    place,
  },
  {
    name: '"Value #A" where there is one query only',
    changes: {
      table: {
        queries: [table(metric('recent_deployment:outcome:code', { environment }))],
        transformations: [],
        sortBy: { column: 'environment' },
        overrides: [{ name: 'Value #A', unit: 's' }],
      },
    },
    id: 'column-unknown',
    place,
  },
];

const merged: readonly Broken[] = [
  {
    name: 'rows that cannot be merged',
    changes: {
      table: {
        queries: [
          table(
            max(metric('recent_deployment:started_timestamp_seconds:min', { environment }), {
              by: ['environment'],
            }),
            {
              refId: 'Started',
            },
          ),
          table(metric('recent_deployment:outcome:code', { environment }), { refId: 'Outcome' }),
        ],
      },
    },
    id: 'merged-names',
    place: [...place, 'query Outcome'],
  },
];

/** Broken tables. */
export const brokenTables: readonly Broken[] = [...columns, ...merged];
