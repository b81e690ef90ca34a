import type { Deployment, Migration, Rollback, Stage, UnixSeconds } from '../../src/simulator/types.ts';

/** Events of a deployment that were reported by some moment, and when the last one was. */
export interface Known {
  readonly deployment: Deployment;
  /** By a clock that is right. */
  readonly lastWord: UnixSeconds;
}

interface Timed {
  readonly started: UnixSeconds;
  readonly finished?: UnixSeconds;
}

/** Of several tries of the same thing only the last one counts. */
function lastTries<T extends Timed>(tries: readonly T[], sameThing: (one: T) => string): T[] {
  const last = new Map<string, T>();
  for (const one of [...tries].sort((a, b) => a.started - b.started)) last.set(sameThing(one), one);
  return [...last.values()];
}

/** Tries that have begun by `t`; those that have not ended by then have no end yet. */
const begun = <T extends Timed>(
  tries: readonly T[],
  t: UnixSeconds,
  withoutEnd: (one: T) => T,
  sameThing: (one: T) => string,
): T[] =>
  lastTries(
    tries
      .filter(({ started }) => started <= t)
      .map((one) => (one.finished !== undefined && one.finished > t ? withoutEnd(one) : one)),
    sameThing,
  );

const openStage = ({ service, stage, started }: Stage): Stage => ({ service, stage, started });
const openMigration = ({ name, started, applied }: Migration): Migration => ({ name, started, applied });
const openRollback = ({ service, reason, previousId, started }: Rollback): Rollback => ({
  service,
  reason,
  previousId,
  started,
});

/** Every moment at which something of the deployment is said, in no order. */
export const moments = (d: Deployment): UnixSeconds[] => [
  d.started,
  ...[d, ...d.stages, ...d.migrations, ...d.rollbacks].flatMap(({ started, finished }) =>
    finished === undefined ? [started] : [started, finished],
  ),
  ...d.smokeTests.map(({ finished }) => finished),
  ...d.health.map(({ time, latency }) => time + latency),
  ...[...d.errorRates, ...d.costs, ...(d.queues ?? []), ...(d.metrics ?? [])].map(({ time }) => time),
];

/** Known events at `t`; undefined before the deployment has started. */
export function known(d: Deployment, t: UnixSeconds): Known | undefined {
  if (d.started > t) return undefined;
  const { finished, reported, ...rest } = d;
  const end = finished !== undefined && finished <= t ? { finished, ...(reported && { reported }) } : {};
  return {
    lastWord: Math.max(...moments(d).filter((moment) => moment <= t)),
    deployment: {
      ...rest,
      ...end,
      stages: begun(d.stages, t, openStage, (s) => `${s.service} ${s.stage}`),
      migrations: begun(d.migrations, t, openMigration, (m) => m.name),
      rollbacks: begun(d.rollbacks, t, openRollback, (r) => r.service),
      health: d.health.filter(({ time, latency }) => time + latency <= t),
      smokeTests: d.smokeTests.filter((test) => test.finished <= t),
      errorRates: d.errorRates.filter(({ time }) => time <= t),
      costs: d.costs.filter(({ time }) => time <= t),
      ...(d.queues && { queues: d.queues.filter(({ time }) => time <= t) }),
      ...(d.metrics && { metrics: d.metrics.filter(({ time }) => time <= t) }),
    },
  };
}
