import type { Io } from './io.ts';
import { lengthSeconds } from './time.ts';

/** One attempt of a health check. */
export interface Check {
  /** From 1. */
  readonly attempt: number;
  readonly atMs: number;
  readonly status: 'healthy' | 'unhealthy' | 'degraded';
  readonly latencySeconds: number;
  /** The answer, for the log. */
  readonly said: string;
}

/** How many attempts decide. */
export interface Plan {
  readonly attempts: number;
  /** Share of attempts that must pass, 0 to 1. */
  readonly threshold: number;
}

/** A degraded answer is an answer: the service is up. */
export const passed = (check: Check): boolean => check.status !== 'unhealthy';

/** How many attempts have to pass. The tolerance takes care of 0.95 × 20 = 19.000000000000004. */
const needed = ({ attempts, threshold }: Plan): number => Math.ceil(attempts * threshold - 1e-9);

/** The verdict as soon as no further attempt can change it; undefined before. */
export function verdictOf(checks: readonly Check[], plan: Plan): 'healthy' | 'unhealthy' | undefined {
  const good = checks.filter(passed).length;
  if (good >= needed(plan)) return 'healthy';
  const left = plan.attempts - checks.length;
  return good + left < needed(plan) ? 'unhealthy' : undefined;
}

/** The share of checks that failed within this time of the first one. */
export function errorRate(checks: readonly Check[], withinMs = 300_000): number {
  const first = checks[0]?.atMs ?? 0;
  const counted = checks.filter((check) => check.atMs - first <= withinMs);
  return counted.length === 0 ? 0 : counted.filter((check) => !passed(check)).length / counted.length;
}

/** The URL to check, and how long to wait for an answer. */
export interface Target {
  readonly url: URL;
  readonly timeoutMs: number;
  /** A slower answer counts as degraded. */
  readonly degradedAboveMs: number | undefined;
}

/** Asks once. Healthy is status 200 in time; a redirect is not followed and is no 200. */
export async function checkOnce(
  target: Target,
  attempt: number,
  io: Io,
  signal?: AbortSignal,
): Promise<Check> {
  const { send, NoAnswer } = await import('./http.ts');
  const atMs = io.now();
  const begun = performance.now();
  const seconds = (): number => lengthSeconds(0, performance.now() - begun);
  try {
    const answer = await send({
      method: 'GET',
      url: target.url,
      headers: { accept: '*/*', 'user-agent': 'deployment-recorder' },
      timeoutMs: target.timeoutMs,
      maxBytes: 1_048_576,
      signal,
    });
    const latencySeconds = seconds();
    const slow = target.degradedAboveMs !== undefined && latencySeconds * 1000 > target.degradedAboveMs;
    const status = answer.status !== 200 ? 'unhealthy' : slow ? 'degraded' : 'healthy';
    return { attempt, atMs, status, latencySeconds, said: `status ${answer.status}` };
  } catch (error) {
    const code = error instanceof NoAnswer ? error.code : String(error);
    return { attempt, atMs, status: 'unhealthy', latencySeconds: seconds(), said: code };
  }
}
