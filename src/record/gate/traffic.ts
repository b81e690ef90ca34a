import {
  applicationJob,
  increase,
  matches,
  metric,
  type Range,
  sum,
  type Vector,
} from '../../metrics/index.ts';
import { targets } from '../pipeline.ts';
import type { GatePrometheus } from './prometheus.ts';
import { type Counts, sequentialTest } from './sequential.ts';
import { type Check, percent } from './verdict.ts';

/** Requests that the application itself counted, in a span of time. */
export interface Traffic {
  readonly requests: number;
  /** Undefined when no request says with which status it ended, so that nothing is known of errors. */
  readonly errors: number | undefined;
  readonly seconds: number;
}

/** Who counted the requests. */
export interface TrafficSource {
  /** As it is called in a sentence. */
  readonly name: string;
  /** The requests of some seconds that end at a moment; undefined when it counted none, ever. @throws NotAsked */
  readonly until: (end: number, seconds: number) => Promise<Traffic | undefined>;
}

const requests = (range: Range, labels: { status_code?: ReturnType<typeof matches> } = {}): Vector<never> =>
  sum(increase(metric('http_requests_total', { job: applicationJob, ...labels }), range));

/** The requests of some seconds that end at a moment; undefined when the application is not scraped. @throws NotAsked */
async function trafficUntil(
  prometheus: GatePrometheus,
  end: number,
  seconds: number,
): Promise<Traffic | undefined> {
  const range: Range = `${Math.round(seconds)}s`;
  const [all, coded, failed] = await Promise.all(
    [
      requests(range),
      requests(range, { status_code: matches('.+') }),
      requests(range, { status_code: matches('5..') }),
    ].map((question) => prometheus.value(question, end)),
  );
  return all === undefined
    ? undefined
    : { requests: all, errors: coded === undefined ? undefined : (failed ?? 0), seconds };
}

const share = ({ requests, errors = 0 }: Traffic): number => (requests > 0 ? errors / requests : 0);
const isEnough = ({ requests, seconds }: Traffic): boolean =>
  requests / seconds >= targets().errorRate.spike.requestsPerSecond;
/** Fewer failing requests than this may be one person who reloads a page. */
const leastErrors = 5;
/** A verdict before the five minutes are over needs this many seconds. */
const earliest = 60;

const name = 'live-traffic';
const demanded = (): string => `fewer errors than ${targets().errorRate.spike.times} times the hour before`;

/** Data that should be there and is not, as a sentence; a missing number is never a good one. */
function missing(after: Traffic | undefined, before: Traffic | undefined, who: string): string | undefined {
  if (!after && before && before.requests > 0)
    return `${who} had requests of the application before, and has none since`;
  if (after?.requests === 0 && before && isEnough(before))
    return `no request since; ${Math.round(before.requests)} in the hour before`;
  if (after && after.requests > 0 && after.errors === undefined)
    return 'no request says with which status_code it ended';
  return undefined;
}

/** Whole requests: rates over a range are extrapolated and no counts. */
const countsOf = (traffic: Traffic | undefined): Counts => {
  const requests = Math.round(traffic?.requests ?? 0);
  return { requests, errors: Math.min(requests, Math.round(traffic?.errors ?? 0)) };
};

/**
 * Judges the traffic since the new version answers by that of the hour before. Pure.
 * @param watching true after the first five minutes, when the same question is asked over and over
 */
export function judgeTraffic(
  after: Traffic | undefined,
  before: Traffic | undefined,
  watching = false,
  who = 'Prometheus',
): Check {
  const { windowSeconds } = targets().health;
  const gone = missing(after, before, who);
  if (gone !== undefined) return { name, demanded: demanded(), verdict: 'inconclusive', found: gone };
  if (after === undefined)
    return {
      name,
      demanded: demanded(),
      verdict: 'skipped',
      found: `${who} has no requests of the application`,
    };
  const over = after.seconds >= windowSeconds;
  const decision = sequentialTest(countsOf(after), countsOf(before), { over, watching });
  const found = `${percent(share(after))} errors, ${percent(before ? share(before) : 0)} in the hour before`;
  const sure = `${found}; ${percent(decision.sure)} sure`;
  const enough = isEnough(after);
  if (after.seconds >= earliest && enough) {
    if (decision.verdict === 'bad' && (after.errors ?? 0) >= leastErrors)
      return { name, demanded: demanded(), verdict: 'fail', found: sure };
    if (decision.verdict === 'good') return { name, demanded: demanded(), verdict: 'pass', found: sure };
  }
  if (!over)
    return {
      name,
      demanded: demanded(),
      verdict: 'inconclusive',
      found: `${found}; ${Math.floor(after.seconds)} s of ${windowSeconds} s are over`,
    };
  if (!enough)
    return { name, demanded: demanded(), verdict: 'skipped', found: 'too few requests to judge by' };
  return { name, demanded: demanded(), verdict: 'pass', found };
}

/** When the new version began to answer, when the deployment began, and as of when to judge; Unix seconds. */
export interface TrafficTimes {
  readonly since: number;
  readonly started: number;
  readonly now: number;
  /** True to judge the last five minutes instead of the first ones. */
  readonly watching: boolean;
}

/** The application's traffic, as Prometheus scraped it. */
export const scrapedTraffic = (prometheus: GatePrometheus): TrafficSource => ({
  name: 'Prometheus',
  until: (end, seconds) => trafficUntil(prometheus, end, seconds),
});

/** Asks and judges. @throws NotAsked */
export async function liveTraffic(
  { name: who, until }: TrafficSource,
  { since, started, now, watching }: TrafficTimes,
): Promise<Check> {
  const { windowSeconds } = targets().health;
  const late = watching && now - since > windowSeconds;
  const end = late ? now : Math.min(now, since + windowSeconds);
  const seconds = late ? windowSeconds : Math.max(1, end - since);
  const [after, before] = await Promise.all([until(end, seconds), until(Math.min(started, since), 3_600)]);
  return judgeTraffic(after, before, late, who);
}
