import { constantly, type Examples, series } from '../../src/alerts/index.ts';
import { spoken } from '../../src/lib/spoken.ts';
import { pipelineJob } from '../../src/metrics/index.ts';
import type { Targets } from '../../src/pipeline/index.ts';
import { deployment, failedStage, migration, unfinished } from '../../src/simulator/index.ts';
import { overtaken } from './endings.ts';
import { durationText, wholeMinute } from './numbers.ts';
import { says } from './says.ts';

const hour = 3_600;

/** A migration that fails after a minute, in a run that then ends, or goes on. */
const broken = (rest: Partial<Parameters<typeof deployment>[0]> = {}) =>
  deployment({
    id: '1001',
    started: 600,
    finished: 720,
    reported: 'failure',
    migrations: [migration(620, 680, false)],
    ...rest,
  });

const lockTimeout = says(
  { deployment_id: '1001' },
  'The database migration of deployment 1001 failed',
  'database migration: migration_failed, canceling statement due to lock timeout. Version 2.0.0 from main by ada.',
);

export const databaseMigrationFailed: Examples = {
  fires: [
    {
      title: 'A migration runs into a lock timeout, and the run ends.',
      deployments: [broken()],
      at: 900,
      notifications: [lockTimeout],
    },
    {
      title: 'Three hours later the next deployment has swept it from the gateway, and has failed, too.',
      step: 600,
      deployments: [
        broken(),
        deployment({ id: '1002', started: 3 * hour, finished: 3 * hour + 60, reported: 'failure' }),
      ],
      at: 5 * hour,
      notifications: [
        { ...lockTimeout, description: 'no stage said what went wrong. Version 2.0.0 from main by ada.' },
      ],
    },
    {
      title: 'It has not been fixed for nearly a day.',
      step: hour,
      deployments: [broken()],
      at: 23 * hour,
      notifications: [lockTimeout],
    },
  ],
  silent: [
    {
      title: 'It is run again at once, and succeeds.',
      deployments: [
        broken({
          finished: 800,
          reported: 'success',
          migrations: [migration(620, 680, false), migration(690, 760)],
        }),
      ],
      at: 900,
    },
  ],
  over: [
    {
      title: 'A later deployment succeeds.',
      deployments: [broken(), deployment({ id: '1002', started: 900, finished: 1100 })],
      at: 1560,
    },
    {
      title:
        'It is run again after an hour and succeeds, another stage fails, and all is swept from the gateway.',
      step: 600,
      deployments: [
        broken({
          finished: hour + 200,
          stages: [failedStage('api', 'build', hour + 110, hour + 190)],
          migrations: [migration(620, 680, false), migration(hour, hour + 100)],
        }),
        deployment({ id: '1002', started: 4 * hour, finished: 4 * hour + 60, reported: 'failure' }),
      ],
      at: 6 * hour,
    },
    {
      title: 'After a day it is no incident any more.',
      step: hour,
      deployments: [broken()],
      at: 26 * hour,
    },
  ],
};

/** A migration that has been running since then. */
const running = (since: number) =>
  unfinished({
    id: '1001',
    started: 600,
    migrations: [{ name: 'alembic_head', started: since, applied: 0 }],
  });

/** One that took so many seconds, in a run that goes on. */
const took = (seconds: number) =>
  unfinished({ id: '1001', started: 600, migrations: [migration(610, 610 + seconds)] });

const slowMigration = (seconds: number, limit: number) =>
  says(
    { deployment_id: '1001' },
    `The database migration takes ${durationText(seconds)}`,
    `Deployment 1001 to production. It should take ${spoken(limit)} at most: it holds locks. Version 2.0.0 from main by ada.`,
  );

const unversioned = (seconds: number, limit: number) => ({
  ...slowMigration(seconds, limit),
  description: `Deployment 1001 to production. It should take ${spoken(limit)} at most: it holds locks. Version unknown.`,
});

/** One that took so many seconds from 610 on, as a producer reports it that knows one duration only. */
const reported = (
  duration: 'migration_duration_seconds' | 'database_migration_lag_seconds',
  seconds: number,
) => {
  const run = {
    job: pipelineJob,
    environment: 'production',
    deployment_id: '1001',
    service: 'database',
    stage: 'migration',
  } as const;
  return [
    series(duration, { ...run, migration_name: 'alembic_head' }, constantly(seconds, 40)),
    series('deployment_stage_finished_timestamp_seconds', run, constantly(610 + seconds, 40)),
  ];
};

export function databaseMigrationSlow({ migrations: { slowSeconds } }: Targets): Examples {
  const limit = wholeMinute(slowSeconds);
  const [longer, shorter] = [limit + 20, slowSeconds - 10];
  const now = 640 + longer;
  const slow = slowMigration(longer, slowSeconds);
  return {
    fires: [
      {
        title: `A migration has been running for ${longer} seconds.`,
        deployments: [running(640)],
        at: now,
        notifications: [slow],
      },
      {
        title: `It took ${longer} seconds, and the run goes on.`,
        deployments: [took(longer)],
        at: now,
        notifications: [slow],
      },
      {
        title: 'It ended more than a quarter of an hour ago, and was told of until just now.',
        deployments: [took(longer)],
        at: 610 + longer + 1110,
        notifications: [slow],
      },
      {
        title: 'It is known by its duration only.',
        series: reported('migration_duration_seconds', longer),
        at: now,
        notifications: [unversioned(longer, slowSeconds)],
      },
      {
        title: 'It is known by what the collector reports only.',
        series: reported('database_migration_lag_seconds', longer),
        at: now,
        notifications: [unversioned(longer, slowSeconds)],
      },
    ],
    silent: [
      { title: 'It has been running for a little less.', deployments: [running(610)], at: now - 60 },
      { title: `It took ${shorter} seconds.`, deployments: [took(shorter)], at: now },
    ],
    over: [
      {
        title: 'It ended twenty minutes ago.',
        deployments: [took(longer)],
        at: 610 + longer + 900 + 300 + 30,
      },
      ...overtaken(took(longer), now),
    ],
  };
}
