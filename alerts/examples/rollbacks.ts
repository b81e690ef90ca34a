import type { Examples } from '../../src/alerts/index.ts';
import { sentence, spokenCount } from '../../src/lib/spoken.ts';
import type { Targets } from '../../src/pipeline/index.ts';
import { deployment, failedStage, rollback } from '../../src/simulator/index.ts';
import { says } from './says.ts';

const hour = 3_600;

/** A deployment whose health check fails, and that is rolled back, or not. */
const rolledBack = (ok: boolean, rest: { id?: string; started?: number } = {}) => {
  const { id = '1001', started = 600 } = rest;
  return deployment({
    id,
    started,
    finished: started + 200,
    reported: ok ? 'rolled_back' : 'failure',
    stages: [
      failedStage('api', 'health_check', started + 20, started + 100, {
        errorType: 'health_check_failed',
        message: 'status 503',
      }),
    ],
    rollbacks: [rollback(started + 110, started + 180, { reason: 'health_check_failed', ok })],
  });
};

const failed = says(
  { deployment_id: '1001' },
  'The rollback of deployment 1001 to production failed',
  'api back to deployment 1000, because of health_check_failed. It failed before: api health_check: health_check_failed, status 503; api rollback: command_failed. Version 2.0.0 from main by ada.',
);

export const rollbackFailed: Examples = {
  fires: [
    {
      title: 'The health check fails, and so does the rollback.',
      deployments: [rolledBack(false)],
      at: 840,
      notifications: [failed],
    },
    {
      title: 'Three hours later the next deployment has swept it from the gateway, and has failed, too.',
      step: 600,
      deployments: [
        rolledBack(false),
        deployment({ id: '1002', started: 3 * hour, finished: 3 * hour + 60, reported: 'failure' }),
      ],
      at: 5 * hour,
      notifications: [
        {
          ...failed,
          description:
            'Its reason was not recorded. It failed before: no stage said what went wrong. Version 2.0.0 from main by ada.',
        },
      ],
    },
    {
      title: 'It has not been fixed for nearly a day.',
      step: hour,
      deployments: [rolledBack(false)],
      at: 23 * hour,
      notifications: [failed],
    },
  ],
  silent: [
    {
      title: 'It fails once, is tried again, and succeeds.',
      deployments: [
        deployment({
          id: '1001',
          started: 600,
          finished: 810,
          reported: 'rolled_back',
          rollbacks: [rollback(620, 650, { ok: false }), rollback(655, 700)],
        }),
      ],
      at: 840,
    },
  ],
  over: [
    {
      title: 'A later deployment succeeds.',
      deployments: [rolledBack(false), deployment({ id: '1002', started: 900, finished: 1100 })],
      at: 1560,
    },
    {
      title: 'It is rolled back by hand after an hour, and swept from the gateway.',
      step: 600,
      deployments: [
        {
          ...rolledBack(false),
          rollbacks: [
            rollback(710, 780, { reason: 'health_check_failed', ok: false }),
            rollback(hour, hour + 100),
          ],
        },
        deployment({ id: '1002', started: 4 * hour, finished: 4 * hour + 60, reported: 'failure' }),
      ],
      at: 6 * hour,
    },
    {
      title: 'After a day it is no incident any more.',
      step: hour,
      deployments: [rolledBack(false)],
      at: 26 * hour,
    },
  ],
};

const executed = says(
  { deployment_id: '1001' },
  'Deployment 1001 to production was rolled back',
  'api back to deployment 1000, because of health_check_failed. It failed before: api health_check: health_check_failed, status 503. Version 2.0.0 from main by ada.',
);

export const rollbackExecuted: Examples = {
  fires: [
    {
      title: 'A health check fails, and the rollback succeeds.',
      deployments: [rolledBack(true)],
      at: 840,
      notifications: [executed],
    },
    {
      title: 'It was rolled back more than a quarter of an hour ago, and was told of until just now.',
      deployments: [rolledBack(true)],
      at: 780 + 1080,
      notifications: [executed],
    },
  ],
  silent: [
    {
      title: 'It is tried, and fails.',
      deployments: [rolledBack(false)],
      at: 840,
    },
  ],
  over: [
    {
      title: 'A quarter of an hour later it is told of no more.',
      deployments: [rolledBack(true)],
      at: 780 + 900 + 300 + 60,
    },
  ],
};

/** So many rollbacks, one after the other. */
const rollbacksInARow = (count: number) =>
  Array.from({ length: count }, (_, i) => rolledBack(true, { id: `10${i}`, started: 600 + i * 300 }));

export function rollbacksIncreasing({ rollbacks: { perWeek } }: Targets): Examples {
  const many = perWeek + 1;
  const at = 600 + 300 * perWeek + 540;
  return {
    fires: [
      {
        title: `${sentence(spokenCount(many))} deployments in a row are rolled back.`,
        deployments: rollbacksInARow(many),
        at,
        notifications: [
          says(
            {},
            `${many} rollbacks of production in the last seven days (normal: 0-1)`,
            `By reason: health_check_failed ${many}.`,
          ),
        ],
      },
    ],
    silent: [{ title: `${sentence(spokenCount(perWeek))} are.`, deployments: rollbacksInARow(perWeek), at }],
  };
}
