import {
  absent,
  ago,
  and,
  binary,
  count,
  increase,
  matches,
  max,
  metric,
  or,
  sum,
  type Vector,
} from '../../metrics/expression.ts';
import { pipelineJob } from '../../metrics/pipeline.ts';
import { pushgatewayJob } from '../../metrics/system.ts';
import { deployment } from '../../slo/ledger/raw.ts';
import { alertThresholds as limits } from '../thresholds.ts';
import { since } from './common.ts';

/** The Pushgateway is not scraped, or not even configured to be. */
export const gatewayDown = (): Vector<never> => {
  const up = metric('up', { job: pushgatewayJob });
  return or(binary(max(up), '==', 0), absent(up) as Vector<never>);
};

/** How many groups of a deployment the Pushgateway refused lately, and has not taken since. */
export const pushesRefused = (): Vector<'environment' | 'deployment_id'> => {
  const failed = metric('push_failure_time_seconds', { job: pipelineJob });
  const taken = metric('push_time_seconds', { job: pipelineJob });
  return count(and(binary(failed, '>', taken), binary(failed, '>', ago(limits.event))), { by: deployment });
};

const heartbeat = metric('deployment_observability:ledger_evaluated_timestamp_seconds:max');
/** Seconds since the ledger was evaluated, when that is too long; 1 when it is not even loaded. */
export const ledgerSilent = (): Vector<never> =>
  or(binary(since(max(heartbeat)), '>', limits.ledgerSilence), absent(heartbeat) as Vector<never>);

const ours = { rule_group: matches('.*;deployment-.*') };
/** Evaluations of our rule groups that failed in a quarter of an hour. */
export const evaluationsFailed = (): Vector<'rule_group'> =>
  binary(
    sum(increase(metric('prometheus_rule_evaluation_failures_total', ours), '15m'), { by: ['rule_group'] }),
    '>',
    0,
  );
/** Evaluations of our rule groups that were skipped in a quarter of an hour, because the one before still ran. */
export const evaluationsMissed = (): Vector<'rule_group'> =>
  binary(
    sum(increase(metric('prometheus_rule_group_iterations_missed_total', ours), '15m'), {
      by: ['rule_group'],
    }),
    '>',
    0,
  );

/** Alerts that could not be handed to any Alertmanager in a quarter of an hour, or there is no Alertmanager at all. */
export const undelivered = (): Vector<never> =>
  or(
    binary(sum(increase(metric('prometheus_notifications_errors_total'), '15m')), '>', 0),
    binary(max(metric('prometheus_notifications_alertmanagers_discovered')), '==', 0),
  );
