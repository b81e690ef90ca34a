import { max, metric, oneOf, or, topk } from '../metrics/index.ts';
import { each, label, lookup, type Text, text } from './text.ts';

/** Sentences about a deployment that several alerts say, filled in from what was pushed. */

/** Matchers of the alert's own deployment, in the queries of sentences and runbooks. */
export const thisDeployment = {
  environment: oneOf('environment'),
  deployment_id: oneOf('deployment_id'),
} as const;

/** Pushed, or, when it has been swept from the gateway, remembered with the last ten deployments. */
const info = topk(
  1,
  or(metric('deployment_info', thisDeployment), metric('recent_deployment:info:last', thisDeployment)),
);

/** "Deployment 1001 to production". */
export const subject: Text<'environment' | 'deployment_id'> =
  text`Deployment ${label('deployment_id')} to ${label('environment')}`;

/** The page of the run in CI; nothing when it is not known. */
export const runUrl: Text = lookup({ query: info, label: 'run_url', otherwise: '' });

/** "Version 2.0.0 from main by ada". */
export const version: Text = each(
  { query: info, by: 'version', otherwise: 'Version unknown' },
  (row) => text`Version ${row.label('version')} from ${row.label('branch')} by ${row.label('actor')}`,
);

/** Error messages of the deployment's stages. */
const errors = {
  query: max(metric('deployment_error_info', thisDeployment), {
    by: ['service', 'stage', 'error_type', 'message'],
  }),
} as const;

/** "api health_check: health_check_failed, status 503", for each stage that failed. */
export const failedStages: Text = each(
  { ...errors, by: 'stage', otherwise: 'no stage said what went wrong' },
  (row) =>
    text`${row.label('service')} ${row.label('stage')}: ${row.label('error_type')}${row.optional(', ', 'message')}`,
);

/** "; api health_check: health_check_failed, status 503", for each stage that failed; nothing while none did. */
export const andFailedStages: Text = each(
  { ...errors, by: 'stage', separator: '', otherwise: '' },
  (row) =>
    text`; ${row.label('service')} ${row.label('stage')}: ${row.label('error_type')}${row.optional(', ', 'message')}`,
);

/** "; smoke test web_app: expected status 200, got 500", for each smoke test that failed; nothing when none did. */
export const andFailedSmokeTests: Text = each(
  {
    query: max(metric('smoke_test_error_info', thisDeployment), { by: ['test_name', 'message'] }),
    by: 'test_name',
    separator: '',
    otherwise: '',
  },
  (row) => text`; smoke test ${row.label('test_name')}${row.optional(': ', 'message')}`,
);

/** "web_app: expected status 200, got 500", for each smoke test that failed. */
export const failedSmokeTests: Text = each(
  {
    query: max(metric('smoke_test_error_info', thisDeployment), { by: ['test_name', 'message'] }),
    by: 'test_name',
    otherwise: 'no smoke test said what went wrong',
  },
  (row) => text`${row.label('test_name')}${row.optional(': ', 'message')}`,
);
