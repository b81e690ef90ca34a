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
import { type Check, percent } from './verdict.ts';

/** Requests that the application itself counted, in a span of time. */
export interface Traffic {
  readonly requests: number;
  /** Undefined when no request says with which status it ended, so that nothing is known of errors. */
  readonly errors: number | undefined;
  readonly seconds: number;
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
const demanded = (): string =>
  `at most ${percent(targets().errorRate.rollback)} errors, and not ${targets().errorRate.spike.times} times the hour before`;

/** Data that should be there and is not, as a sentence; a missing number is never a good one. */
function missing(after: Traffic | undefined, before: Traffic | undefined): string | undefined {
  if (!after && before && before.requests > 0)
    return 'Prometheus had requests of the application before, and has none since';
  if (after?.requests === 0 && before && isEnough(before))
    return `no request since; ${Math.round(before.requests)} in the hour before`;
  if (after && after.requests > 0 && after.errors === undefined)
    return 'no request says with which status_code it ended';
  return undefined;
}

/** Judges the traffic since the new version answers by that of the hour before. Pure. */
export function judgeTraffic(after: Traffic | undefined, before: Traffic | undefined): Check {
  const { windowSeconds } = targets().health;
  const gone = missing(after, before);
  if (gone !== undefined) return { name, demanded: demanded(), verdict: 'inconclusive', found: gone };
  if (after === undefined)
    return {
      name,
      demanded: demanded(),
      verdict: 'skipped',
      found: 'Prometheus has no requests of the application',
    };
  const now = share(after);
  const then = before ? share(before) : 0;
  const found = `${percent(now)} errors, ${percent(then)} in the hour before`;
  const enough = isEnough(after);
  const spike = now > Math.max(targets().errorRate.spike.share, targets().errorRate.spike.times * then);
  const bad = enough && (after.errors ?? 0) >= leastErrors && (now > targets().errorRate.rollback || spike);
  if (bad && after.seconds >= earliest) return { name, demanded: demanded(), verdict: 'fail', found };
  if (after.seconds < windowSeconds)
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

/** Asks and judges. @param since when the new version began to answer @param started when the deployment began @throws NotAsked */
export async function liveTraffic(
  prometheus: GatePrometheus,
  since: number,
  started: number,
  now: number,
): Promise<Check> {
  const end = Math.min(now, since + targets().health.windowSeconds);
  const seconds = Math.max(1, end - since);
  const [after, before] = await Promise.all([
    trafficUntil(prometheus, end, seconds),
    trafficUntil(prometheus, Math.min(started, since), 3_600),
  ]);
  return judgeTraffic(after, before);
}
