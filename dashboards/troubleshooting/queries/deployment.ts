import { cell } from '../../../src/dashboards/index.ts';
import {
  and,
  binary,
  clampMax,
  constant,
  firstOf,
  type LabelName,
  labelReplace,
  lastOverTime,
  less,
  type Matchers,
  type MetricName,
  max,
  metric,
  now,
  numberOf,
  ofKind,
  oneOf,
  or,
  outcomes,
  type PerDeployment,
  perDeployment,
  type Range,
  rollbackReasons,
  type Selector,
  setLabel,
  stageStatuses,
  target,
  times,
  topk,
  unless,
  type Vector,
  vector,
  withVariable,
} from '../../../src/metrics/index.ts';

/** Facts of one deployment as a whole. */

/** The deployment that is looked at, and the one that it is compared with: exactly one of one environment. */
export const chosen = { environment: oneOf('environment'), deployment_id: oneOf('deployment') } as const;
export const compared = { environment: oneOf('environment'), deployment_id: oneOf('compared') } as const;
export type Which = Readonly<Record<PerDeployment, `$${string}`>>;

/** A fact is the same wherever the time span lies: thirty days before and after its end are searched for it. */
export const fact = <M extends MetricName>(
  name: M,
  which: Matchers<M> = chosen as Matchers<M>,
): Vector<LabelName<M>> => lastOverTime(metric(name, which), '60d', { at: 'end()', offset: '-30d' });

/** How long after the end of a deployment the gateway may hold what was pushed, seconds. */
export const heldFor = 7_200;
/** The latest that was said of a part of the deployment while the gateway held it, wherever the time span lies. */
export const pushed = <M extends MetricName>(selector: Selector<M>): Vector<LabelName<M>> =>
  lastOverTime(selector, '2d', { at: '${until}' });

/** A time span may end after now: by so much, the newest that is known is that of now. */
export const lately: Range = '20m';
type Column = 'started_timestamp_seconds:min' | 'triggered_timestamp_seconds:min' | 'outcome:code';
/** The same of the last ones: those that run are always among them. */
const runs = (column: Column, which: Which): Vector<PerDeployment> =>
  lastOverTime(metric(`recent_deployment:${column}`, which), lately, { at: 'end()' });
/** A fact, or what is known of a deployment that is not in the ledger because it still runs. */
const known = (column: Column, which: Which): Vector<PerDeployment> =>
  cell(or(fact(`deployment:${column}`, which), runs(column, which)));

export const started = (which: Which = chosen): Vector<PerDeployment> =>
  known('started_timestamp_seconds:min', which);
export const triggered = (which: Which = chosen): Vector<PerDeployment> =>
  known('triggered_timestamp_seconds:min', which);
export const finished = (which: Which = chosen): Vector<PerDeployment> =>
  cell(fact('deployment:finished_timestamp_seconds:max', which));

/**
 * A time that a variable of the dashboard looked up once, for all expressions that ask "when did it finish?": PromQL
 * has no names for parts of an expression. None, while it is not known.
 */
export const moment = (name: 'triggered_at' | 'finished_at'): Vector<never> =>
  binary(vector(numberOf(name)), '>', 0);
/** Of a panel over time: none, where the deployment lies outside of the time span shown. */
export const whereShown = <L extends string>(v: Vector<L>): Vector<L> =>
  and(v, binary(vector(numberOf('shown')), '>', 0), { on: [] });

const milliseconds = (time: Vector<PerDeployment>): Vector<PerDeployment> => times(1000, time);
export const triggeredMs = () => milliseconds(triggered());
export const startedMs = () => milliseconds(started());
export const finishedMs = () => milliseconds(finished());

/** Outcome code; 0 while it runs. */
export const outcome = (which: Which = chosen): Vector<PerDeployment> => known('outcome:code', which);

/** Seconds from the push to the finish, or until now while it runs. */
export const durationOf = (which: Which): Vector<PerDeployment> =>
  firstOf<PerDeployment>(
    perDeployment,
    fact('deployment:duration_seconds:last', which),
    and(
      less(now, runs('triggered_timestamp_seconds:min', which)),
      binary(runs('outcome:code', which), '==', outcomes.running),
    ),
  );

/** The same of the chosen one. */
export const durationOfChosen = (): Vector<never> =>
  binary(
    firstOf([], moment('finished_at'), and(vector(now), moment('triggered_at'))),
    '-',
    numberOf('triggered_at'),
  );
/** The same, if it succeeded or runs, or if it did neither. */
export const duration = (kind: 'good' | 'bad'): Vector<never> => {
  const well = binary(vector(numberOf('outcome')), '<=', outcomes.success);
  return kind === 'good' ? and(durationOfChosen(), well) : unless(durationOfChosen(), well);
};

/** The stat's text for a rollback that was tried and failed; the ledger calls such a deployment a failure. */
export const rollbackFailed = -1;
/** Code of the reason; 0 when it was not rolled back, -1 when that was tried in vain. */
export const rollback = (): Vector<never> => {
  const status = pushed(metric('deployment_stage:status:code', { ...chosen, stage: ofKind('rollback') }));
  return firstOf(
    [],
    constant(rollbackFailed, binary(status, '==', stageStatuses.failure), {}),
    max(fact('deployment:rollback_reason:code')),
    times(rollbackReasons.none, moment('triggered_at')),
  );
};
export const budgetSpent = (which: Which = chosen) => cell(fact('deployment:error_budget_spent:sum', which));
export const cost = (which: Which = chosen) => cell(fact('deployment:cost_usd:sum', which));

type Info = LabelName<'deployment:info:last'>;
const infoLabels = [
  ...perDeployment,
  'branch',
  'commit',
  'version',
  'actor',
  'run_url',
  'repository_url',
] as const satisfies readonly Info[];
/** Always 1; what was deployed, once even when it was reported twice with other words. Long names are kept short. */
export const info = (which: Which = chosen): Vector<(typeof infoLabels)[number]> =>
  labelReplace(
    labelReplace(reportedInfo(which), 'version', '$1…', 'version', '(.{20}).{2,}'),
    'branch',
    '$1…',
    'branch',
    '(.{20}).{2,}',
  );
const reportedInfo = (which: Which): Vector<(typeof infoLabels)[number]> =>
  topk(
    1,
    max(
      or(
        fact('deployment:info:last', which),
        lastOverTime(metric('recent_deployment:info:last', which), lately, { at: 'end()' }),
        { on: perDeployment },
      ),
      { by: infoLabels },
    ),
  );

/** The same with a short commit, and a word for the logs of the services, which a link stands on. */
export const labelledInfo = (): Vector<(typeof infoLabels)[number] | 'short' | 'logs'> =>
  setLabel(labelReplace(info(), 'short', '$1', 'commit', '(.{0,7}).*'), 'logs', 'Logs');

/** Gives what is no stage the address of the run as its log, where one is known. */
export const withRunLog = <L extends string>(v: Vector<L>): Vector<L | 'log_url'> =>
  withVariable(v, 'log_url', 'run_url');

/** The deployment's own time span, as the overview's links open it, never beyond now, in milliseconds. */
export const from = (): Vector<PerDeployment> => times(1000, binary(triggered(), '-', 60));
export const to = (): Vector<PerDeployment> =>
  times(
    1000,
    firstOf<PerDeployment>(
      perDeployment,
      clampMax(
        binary(fact('deployment:finished_timestamp_seconds:max'), '+', target('observedSeconds')),
        now,
      ),
      binary(times(0, started()), '+', now),
    ),
  );
