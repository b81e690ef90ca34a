import {
  type Alert,
  alert,
  type Family,
  failedStages,
  label,
  subject,
  text,
  thisDeployment,
  value,
  version,
} from '../src/alerts/index.ts';
import { spoken } from '../src/lib/spoken.ts';
import { metric, ofKind, oneOf } from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import { whatWasDeployed, whatWentWrong, whichLogs } from './diagnosis.ts';
import * as stories from './examples/migrations.ts';
import { migrationFailed } from './expressions/failures.ts';
import { migrationSlow } from './expressions/progress.ts';

const failing = ['DeploymentFailed', 'RollbackFailed'];

const applied = {
  question: 'How many migrations were applied, and how long did they take?',
  query: metric('migration_duration_seconds', thisDeployment),
};

const databaseMigrationFailed = ({ migrations }: Pipeline): Alert =>
  alert({
    name: 'DatabaseMigrationFailed',
    severity: 'critical',
    about: 'deployment',
    expr: migrationFailed(),
    for: '2m',
    forReason:
      'A migration that is run again at once and succeeds pages no one (design document, "Tuning for low false positives").',
    summary: text`The database migration of deployment ${label('deployment_id')} failed`,
    description: text`${failedStages}. ${version}.`,
    inhibitedBy: failing,
    runbook: {
      meaning:
        'A run of migrations failed, and no later deployment of the environment succeeded. It ends then, or when it is run again and succeeds, or after a day.',
      impact:
        'The deployment is stopped. The schema may be between two versions: the old code may not work with it, and a rollback of the code does not roll the schema back.',
      diagnosis: [whatWentWrong, applied, whichLogs, whatWasDeployed],
      mitigation: [
        `Look at where it stands: ask ${migrations.tool} which revision the database is at, and read the end of the log.`,
        "A lock timeout: find who holds the lock (`select * from pg_stat_activity where wait_event_type = 'Lock'`), then run the migration again.",
        'An error in the migration itself: fix it forward with a new revision. Downgrade only what is written to be downgraded, and never while the new code is live.',
      ],
    },
    examples: stories.databaseMigrationFailed,
  });

const databaseMigrationSlow = ({ targets }: Pipeline): Alert =>
  alert({
    name: 'DatabaseMigrationSlow',
    severity: 'high',
    about: 'deployment',
    expr: migrationSlow(),
    forReason: `None: ${spoken(targets.migrations.slowSeconds)} is the hold.`,
    summary: text`The database migration takes ${value('duration')}`,
    description: text`${subject}. It should take ${spoken(targets.migrations.slowSeconds)} at most: it holds locks. ${version}.`,
    inhibitedBy: [
      'DatabaseMigrationFailed',
      'DeploymentTakingTooLong',
      'DeploymentTelemetryMissing',
      ...failing,
    ],
    runbook: {
      meaning: `A run of migrations takes, or took, more than ${spoken(targets.migrations.slowSeconds)}. It ends ${spoken(targets.eventSeconds)} after it.`,
      impact: 'While it holds locks, requests that need the table wait, and then fail.',
      diagnosis: [
        applied,
        {
          question: 'How long do migrations take usually?',
          query: metric('environment_stage:duration_seconds:p95', {
            environment: oneOf('environment'),
            stage: ofKind('migrate'),
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
    examples: stories.databaseMigrationSlow(targets),
  });

/** Changes of the schema. */
export const migrations = (pipeline: Pipeline): Family => ({
  name: 'migrations',
  title: 'Database migrations',
  alerts: [databaseMigrationFailed, databaseMigrationSlow].map((one) => one(pipeline)),
  source: import.meta.url,
});
