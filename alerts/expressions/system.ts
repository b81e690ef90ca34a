import {
  absent,
  ago,
  anyOf,
  applicationJob,
  binary,
  count,
  increase,
  matches,
  max,
  metric,
  or,
  perDeployment,
  pipelineJob,
  prometheusJob,
  pushgatewayJob,
  sum,
  target,
  unless,
  type Vector,
} from '../../src/metrics/index.ts';
import { sampling } from '../../src/pipeline/index.ts';
import { since } from './common.ts';

/** The Pushgateway is not scraped, or not even configured to be. */
export const gatewayDown = (): Vector<'job'> => {
  const up = metric('up', { job: pushgatewayJob });
  return or(binary(max(up), '==', 0), absent(up) as Vector<'job'>);
};

/** How many kinds of events of a deployment were refused lately, and not taken since; some were never taken. */
export const pushesRefused = (): Vector<'environment' | 'deployment_id'> => {
  const failed = metric('push_failure_time_seconds', { job: pipelineJob });
  const taken = metric('push_time_seconds', { job: pipelineJob });
  const lately = binary(failed, '>', ago(target('eventSeconds')));
  return count(unless(lately, binary(taken, '>=', failed)), { by: perDeployment });
};

/** Other sources that are not scraped, or not configured to be: the application, and Prometheus itself. */
export const sourceDown = (withApplication: boolean): Vector<'job'> => {
  const jobs = withApplication ? [applicationJob, prometheusJob] : [prometheusJob];
  const missing = jobs.map((job) => absent(metric('up', { job })) as Vector<'job'>);
  return missing.reduce<Vector<'job'>>(
    (all, one) => or(all, one),
    binary(max(metric('up', { job: anyOf(...jobs) }), { by: ['job'] }), '==', 0),
  );
};

const heartbeat = metric('deployment_observability:ledger_evaluated_timestamp_seconds:max');
/** Seconds since the ledger was evaluated, when that is too long; 1 when it is not even loaded. */
export const ledgerSilent = (): Vector<never> =>
  or(binary(since(max(heartbeat)), '>', sampling.eager), absent(heartbeat) as Vector<never>);

const ours = { rule_group: matches('.*;deployment-.*') };
/** Evaluations of our rule groups that failed in a quarter of an hour. */
export const evaluationsFailed = (): Vector<'rule_group'> =>
  binary(
    sum(increase(metric('prometheus_rule_evaluation_failures_total', ours), '15m'), { by: ['rule_group'] }),
    '>',
    0,
  );
/**
 * Evaluations of our rule groups that were skipped in ten minutes, because the one before still ran. Shorter
 * than the alert's hold, so that a single one ends before the hold does; longer than two turns of the slowest group.
 */
export const evaluationsMissed = (): Vector<'rule_group'> =>
  binary(
    sum(increase(metric('prometheus_rule_group_iterations_missed_total', ours), '10m'), {
      by: ['rule_group'],
    }),
    '>',
    0,
  );

/**
 * Alerts that could not be handed to any Alertmanager just now, or there is no Alertmanager at all. Prometheus tries
 * every minute to send what fires: two minutes hold two tries and eight scrapes, and are less than the alert's hold.
 */
export const undelivered = (): Vector<never> =>
  or(
    binary(sum(increase(metric('prometheus_notifications_errors_total'), '2m')), '>', 0),
    binary(max(metric('prometheus_notifications_alertmanagers_discovered')), '==', 0),
  );
