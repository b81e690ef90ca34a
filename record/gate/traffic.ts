import { applicationJob } from '../../metrics/application.ts';
import { increase, matches, metric, type Range, sum, type Vector } from '../../metrics/expression.ts';
import { limits } from '../../slo/limits.ts';
import type { GatePrometheus } from './prometheus.ts';
import { type Check, percent } from './verdict.ts';

/** Requests that the application itself counted, in a span of time. */
export interface Traffic {
  readonly requests: number;
  readonly errors: number;
  readonly seconds: number;
}

const all = (range: Range): Vector<never> =>
  sum(increase(metric('http_requests_total', { job: applicationJob }), range));
const failed = (range: Range): Vector<never> =>
  sum(increase(metric('http_requests_total', { job: applicationJob, status_code: matches('5..') }), range));

/** The requests of some seconds that end at a moment; undefined when the application is not scraped. @throws NotAsked */
async function trafficUntil(
  prometheus: GatePrometheus,
  end: number,
  seconds: number,
): Promise<Traffic | undefined> {
  const range: Range = `${Math.round(seconds)}s`;
  const [requests, errors] = await Promise.all([
    prometheus.value(all(range), end),
    prometheus.value(failed(range), end),
  ]);
  return requests === undefined ? undefined : { requests, errors: errors ?? 0, seconds };
}

const share = ({ requests, errors }: Traffic): number => (requests > 0 ? errors / requests : 0);
/** Fewer failing requests than this may be one person who reloads a page. */
const leastErrors = 5;
/** A verdict before the five minutes are over needs this many seconds. */
const earliest = 60;

const name = 'live-traffic';
const demanded = `at most ${percent(limits.errorRate)} errors, and not ${limits.errorSpike.times} times the hour before`;

/** Judges the traffic since the new version answers by that of the hour before. Pure. */
export function judgeTraffic(after: Traffic | undefined, before: Traffic | undefined): Check {
  const { windowSeconds } = limits.health;
  if (after === undefined)
    return { name, demanded, verdict: 'skipped', found: 'Prometheus has no requests of the application' };
  const now = share(after);
  const then = before ? share(before) : 0;
  const found = `${percent(now)} errors, ${percent(then)} in the hour before`;
  const enough = after.requests / after.seconds >= limits.errorSpike.requestsPerSecond;
  const spike = now > Math.max(limits.errorSpike.share, limits.errorSpike.times * then);
  const bad = enough && after.errors >= leastErrors && (now > limits.errorRate || spike);
  if (bad && after.seconds >= earliest) return { name, demanded, verdict: 'fail', found };
  if (after.seconds < windowSeconds)
    return {
      name,
      demanded,
      verdict: 'inconclusive',
      found: `${found}; ${Math.floor(after.seconds)} s of ${windowSeconds} s are over`,
    };
  if (!enough) return { name, demanded, verdict: 'skipped', found: 'too few requests to judge by' };
  return { name, demanded, verdict: 'pass', found };
}

/** Asks and judges. @param since when the new version began to answer @param started when the deployment began @throws NotAsked */
export async function liveTraffic(
  prometheus: GatePrometheus,
  since: number,
  started: number,
  now: number,
): Promise<Check> {
  const end = Math.min(now, since + limits.health.windowSeconds);
  const seconds = Math.max(1, end - since);
  const [after, before] = await Promise.all([
    trafficUntil(prometheus, end, seconds),
    trafficUntil(prometheus, Math.min(started, since), 3_600),
  ]);
  return judgeTraffic(after, before);
}
