import {
  and,
  binary,
  metric,
  type PerService,
  target,
  unless,
  type Vector,
} from '../../src/metrics/index.ts';
import { unlessOver, within } from './common.ts';

/** How many checks failed since one passed, when that are several and the last one is not long ago. */
export const healthFailures = (): Vector<PerService> =>
  unlessOver(
    and(
      binary(
        metric('deployment_service:health_checks_failed_in_a_row:count'),
        '>=',
        target('health.failures'),
      ),
      within(metric('deployment_service:health_check_failed_timestamp_seconds:max'), target('eventSeconds')),
    ),
  );

/** Share of the checks of five minutes that passed, when that is too low and the service has not recovered. */
export const healthShare = (): Vector<PerService> =>
  unlessOver(
    unless(
      binary(metric('deployment_service:health_check_success:ratio5m'), '<', target('health.alert')),
      binary(
        metric('deployment_service:health_checks_passed_in_a_row:count'),
        '>=',
        target('health.recovery'),
      ),
    ),
  );

/** Average seconds that a service took to answer the checks of five minutes that passed, when that is too long. */
export const healthLatency = (): Vector<PerService> =>
  unlessOver(
    binary(
      metric('deployment_service:health_check_latency_seconds:avg5m'),
      '>',
      target('health.latencySeconds'),
    ),
  );
