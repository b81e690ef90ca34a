import {
  ago,
  and,
  binary,
  firstOf,
  lastOverTime,
  max,
  maxOverTime,
  metric,
  now,
  or,
  pushgatewayJob,
  type RecordingRule,
  record,
  vector,
} from '../../metrics/index.ts';
import { environmentForgottenAfter } from '../../pipeline/index.ts';

const by = ['environment'] as const;
const finish = 'environment:last_finished_timestamp_seconds:max';

/**
 * When anything finished last in each environment. Facts reach back thirty days; a silence can be longer, and so what
 * was known a day ago is still known, until the environment is taken for gone.
 */
const lastFinish = firstOf(
  by,
  max(metric('recent_deployment:finished_timestamp_seconds:max'), { by }),
  binary(lastOverTime(metric(finish), '1d'), '>', ago(environmentForgottenAfter)),
);

/** As many as there were before a silence: while it lasts, a count of thirty days only falls. */
const usual = max(maxOverTime(metric('environment:deployments:count', { window: '30d' }), '30d'), { by });

/** A bill may come after the finish, and a deployment runs before it. */
const lastEvent = max(or(metric('deployment:heard_of_timestamp_seconds:max'), metric(finish)), { by });

const scraped = 'deployment_observability:gateway_scraped_timestamp_seconds:max';
/** Since when the gateway is not scraped, while it is not. */
const gatewayScraped = firstOf(
  [],
  and(vector(now), binary(max(metric('up', { job: pushgatewayJob })), '==', 1), { on: [] }),
  max(lastOverTime(metric(scraped), '1d')),
);

/** Usual rates of an environment, its last event, and how long it has been silent. */
export const environmentRules: readonly RecordingRule[] = [
  record(scraped, gatewayScraped),
  record(finish, lastFinish),
  record('environment:last_event_timestamp_seconds:max', lastEvent),
  record('environment:usual_deployments:count', usual, { window: '30d' }),
];
