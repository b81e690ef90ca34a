import { errorTypes, namesOf, rollbackReasons } from './codes.ts';

/** A label takes either any value, or one of a closed set. */
export type LabelValues = readonly string[] | 'open';

/**
 * Every label of the pipeline's metrics, with the values it may take. A closed set is complete: an expression that asks
 * for anything else does not compile. Environments, services, stages and resources are the pipeline file's: open here,
 * and checked against it when something is built (`catalogueOf`).
 */
export const labels = {
  environment: 'open',
  deployment_id: 'open',
  service: 'open',
  stage: 'open',
  // A stage with its service, or a smoke test: `api build`, `smoke test web_app`.
  part: 'open',
  status: ['success', 'failure', 'skipped', 'cancelled'],
  test_status: ['success', 'failure'],
  health_status: ['healthy', 'unhealthy', 'degraded'],
  error_type: namesOf(errorTypes, 'none', 'other'),
  reason: namesOf(rollbackReasons, 'none', 'other'),
  gate: ['stay', 'deploy'],
  checks: 'open',
  test_name: 'open',
  migration_name: 'open',
  migration_count: 'open',
  resource: 'open',
  // As a job asks for it: `ubuntu-latest`.
  runner: 'open',
  triggered_by: ['github_actions', 'manual', 'webhook'],
  attempt: 'open',
  branch: 'open',
  commit: 'open',
  version: 'open',
  actor: 'open',
  previous_deployment_id: 'open',
  rework_of: 'open',
  run_url: 'open',
  repository_url: 'open',
  // Its own name, of a deployment to one of the previews, which are recorded as one environment.
  preview: 'open',
  log_url: 'open',
  message: 'open',
  channel: 'open',
  message_ts: 'open',
  thread_ts: 'open',
  window: ['1h', '1d', '7d', '30d'],
  quantile: ['0.5', '0.95', '0.99'],
  // The ids of the objectives in slo/, which the build puts in.
  slo: 'open',
} as const satisfies Record<string, LabelValues>;

/** Windows over which indicators are recorded, rolling, ending now. */
export type Window = (typeof labels.window)[number];

/** Labels that say more about a deployment, a stage or an error, and have one value each: none tells two series apart. */
export const describing: ReadonlySet<string> = new Set([
  'branch',
  'commit',
  'version',
  'actor',
  'triggered_by',
  'previous_deployment_id',
  'run_url',
  'repository_url',
  'preview',
  'log_url',
  'message',
  'checks',
  'channel',
  'message_ts',
  'thread_ts',
  'migration_count',
] satisfies (keyof typeof labels)[]);

/** Labels whose values are views of the same events: a sum or an average over them means nothing. */
export const views: ReadonlySet<string> = new Set(['window', 'quantile'] satisfies (keyof typeof labels)[]);
