import { milliseconds } from './run.ts';
import type { Deployment, UnixSeconds } from './types.ts';

/**
 * The same deployment, so many times faster: everything after the push comes sooner. The latency of a good health
 * check stays what it was; a bad one, which mostly waits, is faster too.
 */
export function accelerate(d: Deployment, speed: number): Deployment {
  const at = (time: UnixSeconds): UnixSeconds => milliseconds(d.triggered + (time - d.triggered) / speed);
  const span = <T extends { readonly started: UnixSeconds; readonly finished?: UnixSeconds }>(one: T): T => ({
    ...one,
    started: at(one.started),
    ...(one.finished !== undefined && { finished: at(one.finished) }),
  });
  const moment = <T extends { readonly time: UnixSeconds }>(one: T): T => ({ ...one, time: at(one.time) });
  return {
    ...span(d),
    stages: d.stages.map(span),
    migrations: d.migrations.map(span),
    rollbacks: d.rollbacks.map(span),
    smokeTests: d.smokeTests.map(span),
    health: d.health.map((check) => ({
      ...moment(check),
      latency: check.ok ? check.latency : milliseconds(check.latency / speed),
    })),
    errorRates: d.errorRates.map(moment),
    costs: d.costs.map(moment),
    ...(d.queues && { queues: d.queues.map(moment) }),
  };
}
