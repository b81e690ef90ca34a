import {
  ago,
  and,
  avg,
  binary,
  count,
  max,
  metric,
  or,
  type PerService,
  perService,
  type RecordingRule,
  record,
  sum,
  target,
  unless,
  type Vector,
} from '../../metrics/index.ts';

const perCheck = [...perService, 'attempt'] as const;
type PerCheck = (typeof perCheck)[number];
const by = { by: perService };

/** How far back the windows look. */
const window = target('health.windowSeconds');

const when = max(metric('deployment_health_check_timestamp_seconds'), { by: perCheck });
const passed = max(metric('deployment_health_check_success'), { by: perCheck });
const latency = max(metric('deployment_health_check_latency_seconds'), { by: perCheck });
const passedAt: Vector<PerCheck> = and(when, binary(passed, '==', 1));
const failedAt: Vector<PerCheck> = and(when, binary(passed, '==', 0));
const lately = <L extends string>(moment: Vector<L>): Vector<L> => binary(moment, '>', ago(window));

/** How many checks in a row, up to the latest one, were of the first kind. */
const inARow = (kind: Vector<PerCheck>, other: Vector<PerCheck>): Vector<PerService> => {
  const last = max(other, by);
  return count(
    or(binary(kind, '>', last, { on: perService, groupLeft: [] }), unless(kind, last, { on: perService })),
    by,
  );
};

/** How the checks of the new version go. */
export const healthRules: readonly RecordingRule[] = [
  record('deployment_service:health_checks_failed_in_a_row:count', inARow(failedAt, passedAt)),
  record('deployment_service:health_checks_passed_in_a_row:count', inARow(passedAt, failedAt)),
  record('deployment_service:health_check_failed_timestamp_seconds:max', max(failedAt, by)),
  record(
    'deployment_service:health_check_success:ratio5m',
    binary(sum(and(passed, lately(when)), by), '/', count(lately(when), by)),
  ),
  record('deployment_service:health_check_latency_seconds:avg5m', avg(and(latency, lately(passedAt)), by)),
];
