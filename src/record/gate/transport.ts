import {
  and,
  binary,
  count,
  max,
  metric,
  now,
  pipelineJob,
  pushgatewayJob,
  timestampOf,
  vector,
} from '../../metrics/index.ts';
import type { Gateway } from '../gateway.ts';
import { listGroups } from './evidence.ts';
import { type GatePrometheus, NotAsked } from './prometheus.ts';
import type { TransportView } from './view.ts';

/** Some thirty deployments. A gateway that holds more is never listed: it is waited for the next scrape instead. */
const mostGroups = 300;
/** With `--at` no scrape is waited for; samples no older than this are good enough. Seconds. */
const toleratedAge = 60;
/** How long a scrape is waited for, also without `--wait`, milliseconds: two intervals and some room. */
export const scrapeWaitMs = 40_000;

const scraped = metric('up', { job: pushgatewayJob });

/** The moment at which the gate is asked, by the clock of Prometheus, Unix seconds; undefined when it does not answer. */
export async function askedAt(prometheus: GatePrometheus | NotAsked): Promise<number | undefined> {
  try {
    return prometheus instanceof NotAsked ? undefined : await prometheus.value(vector(now), undefined);
  } catch (error) {
    if (error instanceof NotAsked) return undefined;
    throw error;
  }
}

/** When the gateway was last scraped, and how many groups it held. @throws NotAsked */
async function scrapeOf(prometheus: GatePrometheus | NotAsked, seconds: number) {
  if (prometheus instanceof NotAsked) throw prometheus;
  const [at, groups] = await Promise.all([
    prometheus.value(max(and(timestampOf(scraped), binary(scraped, '==', 1))), seconds),
    prometheus.value(count(metric('push_time_seconds', { job: pipelineJob })), seconds),
  ]);
  return { at, groups: groups ?? 0 };
}

/**
 * Looks how current Prometheus is, and asks a small gateway for what Prometheus has not scraped yet. Never throws.
 * @param asked since when nothing may be missing; undefined when judging the past
 */
export async function transportView(
  prometheus: GatePrometheus | NotAsked,
  gateway: Gateway,
  seconds: number,
  asked: number | undefined,
): Promise<TransportView> {
  // A remote write can be queried once it was answered: there is no scrape to wait for.
  if (gateway.kind === 'ready' && !gateway.way.holdsGroups)
    return { listing: undefined, age: 0, complete: !(prometheus instanceof NotAsked) };
  const scrape = await scrapeOf(prometheus, seconds).catch((error: unknown) => {
    if (error instanceof NotAsked) return undefined;
    throw error;
  });
  const age = scrape?.at === undefined ? undefined : Math.max(0, seconds - scrape.at);
  const fresh = scrape?.at !== undefined && scrape.at >= (asked ?? seconds - toleratedAge);
  if (fresh || (scrape && scrape.groups > mostGroups)) return { listing: undefined, age, complete: fresh };
  try {
    const listing = await listGroups(gateway);
    if (listing !== 'off') return { listing, age, complete: true };
    // Without a gateway to ask, what was scraped within the minute is all there is.
    return { listing: undefined, age, complete: age !== undefined && age <= toleratedAge };
  } catch (error) {
    if (!(error instanceof NotAsked)) throw error;
    return { listing: undefined, age, complete: false, problem: error.message };
  }
}

/** Why not everything is known, as a sentence. */
export const incompleteSentence = ({ age }: TransportView): string =>
  age === undefined
    ? 'Prometheus has not scraped the Pushgateway for minutes'
    : `Prometheus last scraped the Pushgateway ${Math.round(age)} s ago, and what was pushed since is not known`;
