import { durationSeconds } from '../lib/duration.ts';
import { UserError } from '../lib/errors.ts';
import type { Prometheus } from '../lib/prometheus.ts';
import { isRecord, isText } from '../lib/shapes.ts';
import { lastOverTime, metric } from '../metrics/index.ts';
import type { Deployment } from '../simulator/index.ts';

const day = 86_400;

/** How long a Prometheus keeps what it holds. */
export interface Retention {
  /** As it says it: `15d`, `15d or 512MiB`. */
  readonly text: string;
  /** None where only a size is a limit. */
  readonly seconds: number | undefined;
  readonly hasSizeLimit: boolean;
}

/** Days that must be kept for what began then, today's included. */
export const daysToKeep = (oldest: number, now: number): number => Math.ceil((now - oldest) / day) + 1;

const refusal = (why: string): UserError =>
  new UserError(
    `PROMETHEUS_URL is no Prometheus: ${why}.`,
    'Only Prometheus takes blocks. VictoriaMetrics drops silently what is older than it keeps and counts twice what is imported twice, and others have no such folder.',
  );

/**
 * Asks a server whether it is a Prometheus and how long it keeps what it holds.
 * Others answer the same addresses: VictoriaMetrics with a version alone, Mimir with the name of its application.
 * @throws UserError when it is another one; PrometheusError, HttpFailure
 */
export async function retentionOf(prometheus: Prometheus): Promise<Retention> {
  const build = await prometheus.get<unknown>('api/v1/status/buildinfo');
  if (!isRecord(build)) throw refusal('it does not say what it is');
  if (isText(build.application)) throw refusal(`it says that it is ${build.application}`);
  if (!isText(build.goVersion) || build.goVersion === '')
    throw refusal('it tells a version and nothing else of its build, as VictoriaMetrics does');
  const runtime = await prometheus.get<unknown>('api/v1/status/runtimeinfo');
  const text = isRecord(runtime) && isText(runtime.storageRetention) ? runtime.storageRetention : '';
  if (text === '') throw refusal('it does not say how long it keeps what it holds');
  const limits = text.split(' or ').map(durationSeconds);
  return {
    text,
    seconds: limits.find((seconds) => seconds !== undefined),
    hasSizeLimit: limits.includes(undefined),
  };
}

/** @throws UserError with the value to set, when what began at `oldest` (Unix seconds) would be removed again */
export function checkRetention({ text, seconds }: Retention, oldest: number, now: number): void {
  const days = daysToKeep(oldest, now);
  if (seconds === undefined || seconds >= days * day) return;
  const fits = Math.floor(seconds / day) - 1;
  throw new UserError(
    `Prometheus keeps ${text}, and what is imported goes back ${days} days: it would remove the older blocks again.`,
    `Start it with --storage.tsdb.retention.time=${days}d${fits > 0 ? `, or import less: --since ${fits}d` : ''}.`,
  );
}

const keyOf = (environment: string, id: string): string => `${environment}\n${id}`;

/** The deployments that a Prometheus holds already, by environment and id. */
export interface Known {
  has(deployment: Pick<Deployment, 'environment' | 'id'>): boolean;
  /** Whether a run's attempt is recorded in any environment. */
  hasId(id: string): boolean;
}

/** Asks for the deployments of which a Prometheus knows how they ended, since a moment. @throws PrometheusError, HttpFailure */
export async function knownTo(prometheus: Prometheus, since: number, now: number): Promise<Known> {
  const finished = lastOverTime(
    metric('deployment:finished_timestamp_seconds:max'),
    `${Math.max(day, Math.ceil(now - since))}s`,
  );
  const samples = await prometheus.query(finished.text, now);
  const keys = new Set(
    samples.map(({ labels }) => keyOf(labels.environment ?? '', labels.deployment_id ?? '')),
  );
  const ids = new Set(samples.map(({ labels }) => labels.deployment_id ?? ''));
  return {
    has: ({ environment, id }) => keys.has(keyOf(environment, id)),
    hasId: (id) => ids.has(id),
  };
}
