import { metric, oneOf } from '../metrics/expression.ts';
import { pipelineJob } from '../metrics/pipeline.ts';
import { deployment, failedStage, migration, unfinished } from '../scripts/simulator/builders.ts';
import { type Alert, alert, type Family } from './alert.ts';
import { whatWasDeployed, whatWentWrong, whichLogs } from './diagnosis.ts';
import { overtaken } from './endings.ts';
import { constantly, series } from './example.ts';
import { migrationFailed } from './expressions/failures.ts';
import { migrationSlow } from './expressions/progress.ts';
import { failedStages, subject, thisDeployment, version } from './parts.ts';
import { label, text, value } from './text.ts';

const hour = 3_600;
const failing = ['DeploymentFailed', 'RollbackFailed'];
const applied = {
  question: 'How many migrations were applied, and how long did they take?',
  query: metric('migration_duration_seconds', thisDeployment),
};

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

const lockTimeout = {
  labels: { environment: 'production', deployment_id: '1001' },
  summary: 'The database migration of deployment 1001 failed',
  description:
    'database migration: migration_failed, canceling statement due to lock timeout. Version 2.0.0 from main by ada.',
};

const databaseMigrationFailed: Alert = alert({
  name: 'DatabaseMigrationFailed',
  severity: 'critical',
  about: 'deployment',
  expr: migrationFailed(),
  for: '2m',
  hold: 'A migration that is run again at once and succeeds wakes nobody (design document, "Tuning for low false positives").',
  summary: text`The database migration of deployment ${label('deployment_id')} failed`,
  description: text`${failedStages}. ${version}.`,
  silencedBy: failing,
  runbook: {
    meaning:
      'A run of migrations failed, and no later deployment of the environment succeeded. It ends then, or when it is run again and succeeds, or after a day.',
    impact:
      'The deployment is stopped. The schema may be between two versions: the old code may not work with it, and a rollback of the code does not roll the schema back.',
    diagnosis: [whatWentWrong, applied, whichLogs, whatWasDeployed],
    mitigation: [
      'Look at where it stands: `alembic current` against the database, and the last "Running upgrade" line of the log.',
      "A lock timeout: find who holds the lock (`select * from pg_stat_activity where wait_event_type = 'Lock'`), then run the migration again.",
      'An error in the migration itself: mend it forward with a new revision. Downgrade only what is written to be downgraded, and never while the new code is live.',
    ],
  },
  examples: {
    fires: [
      {
        story: 'A migration runs into a lock timeout, and the run ends.',
        deployments: [broken()],
        at: 900,
        notifications: [lockTimeout],
      },
      {
        story: 'Three hours later the next deployment has swept it from the gateway, and has failed, too.',
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
        story: 'Nobody has mended it for nearly a day.',
        step: hour,
        deployments: [broken()],
        at: 23 * hour,
        notifications: [lockTimeout],
      },
    ],
    silent: [
      {
        story: 'It is run again at once, and succeeds.',
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
        story: 'A later deployment succeeds.',
        deployments: [broken(), deployment({ id: '1002', started: 900, finished: 1100 })],
        at: 1560,
      },
      {
        story:
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
        story: 'After a day it is no incident any more.',
        step: hour,
        deployments: [broken()],
        at: 26 * hour,
      },
    ],
  },
});

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
const slowMigration = (duration: string) => ({
  labels: { environment: 'production', deployment_id: '1001' },
  summary: `The database migration takes ${duration}`,
  description:
    'Deployment 1001 to production. It should take two minutes at most: it holds locks. Version 2.0.0 from main by ada.',
});

const unversioned = {
  ...slowMigration('2m 20s'),
  description:
    'Deployment 1001 to production. It should take two minutes at most: it holds locks. Version unknown.',
};
/** One that took so many seconds and ended at 750, as a producer reports it that knows one duration only. */
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
    series(duration, { ...run, migration_name: 'alembic_head' }, constantly(seconds, 20)),
    series('deployment_stage_finished_timestamp_seconds', run, constantly(750, 20)),
  ];
};

const databaseMigrationSlow: Alert = alert({
  name: 'DatabaseMigrationSlow',
  severity: 'high',
  about: 'deployment',
  expr: migrationSlow(),
  hold: 'None: the two minutes are the hold.',
  summary: text`The database migration takes ${value('duration')}`,
  description: text`${subject}. It should take two minutes at most: it holds locks. ${version}.`,
  silencedBy: [
    'DatabaseMigrationFailed',
    'DeploymentTakingTooLong',
    'DeploymentTelemetryMissing',
    ...failing,
  ],
  runbook: {
    meaning:
      'A run of migrations takes, or took, more than two minutes. It ends a quarter of an hour after it.',
    impact: 'While it holds locks, requests that need the table wait, and then fail.',
    diagnosis: [
      applied,
      {
        question: 'How long do migrations take usually?',
        query: metric('environment_stage:duration_seconds:p95', {
          environment: oneOf('environment'),
          stage: 'migration',
          window: '30d',
        }),
      },
      whichLogs,
    ],
    mitigation: [
      "See what it waits for: `select pid, state, wait_event_type, query from pg_stat_activity where state <> 'idle'`.",
      'If it waits for a lock, end the query that holds it. If it rewrites a big table, let it: killing it rolls everything back and takes as long again.',
      'If users see errors, announce it; next time split it, or create indexes concurrently.',
    ],
  },
  examples: {
    fires: [
      {
        story: 'A migration has been running for 140 seconds.',
        deployments: [running(640)],
        at: 780,
        notifications: [slowMigration('2m 20s')],
      },
      {
        story: 'It took 140 seconds, and the run goes on.',
        deployments: [took(140)],
        at: 780,
        notifications: [slowMigration('2m 20s')],
      },
      {
        story: 'It ended more than a quarter of an hour ago, and was told of until just now.',
        deployments: [took(140)],
        at: 750 + 1110,
        notifications: [slowMigration('2m 20s')],
      },
      {
        story: 'It is known by its duration only.',
        series: reported('migration_duration_seconds', 140),
        at: 780,
        notifications: [unversioned],
      },
      {
        story: 'It is known by what the collector reports only.',
        series: reported('database_migration_lag_seconds', 140),
        at: 780,
        notifications: [unversioned],
      },
    ],
    silent: [
      { story: 'It has been running for 110 seconds.', deployments: [running(610)], at: 720 },
      { story: 'It took 110 seconds.', deployments: [took(110)], at: 780 },
    ],
    over: [
      { story: 'It ended twenty minutes ago.', deployments: [took(140)], at: 750 + 900 + 300 + 30 },
      ...overtaken(took(140), 780),
    ],
  },
});

/** Changes of the schema. */
export const migrations: Family = {
  name: 'migrations',
  title: 'Database migrations',
  alerts: [databaseMigrationFailed, databaseMigrationSlow],
  source: import.meta.url,
};
