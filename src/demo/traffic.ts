import type { Clock } from '../lib/clock.ts';
import { main } from '../record/index.ts';
import {
  accelerate,
  type Deployment,
  type History,
  type Mix,
  type RecorderCall,
  replayLive,
  simulate,
} from '../simulator/index.ts';
import type { DemoOptions } from './options.ts';

/** A month of a good team: one deployment in thirty goes wrong. */
const calm: Mix = {
  success: 78,
  slow: 4,
  parallel_jobs: 10,
  retried_stage: 2,
  cancelled: 2,
  flaky_smoke_test: 0.3,
  build_failure: 0.5,
  deploy_failure: 0.5,
  migration_failure: 0.3,
  smoke_failure: 0.3,
  health_rollback: 0.5,
  smoke_rollback: 0.3,
  error_rate_rollback: 0.4,
  manual_rollback: 0.3,
  failed_rollback: 0.1,
  late_rollback: 0.1,
  abandoned: 0.3,
};

/** Failures are more frequent than in life, because they are what there is to see. */
const eventful: Mix = {
  success: 40,
  slow: 4,
  parallel_jobs: 8,
  retried_stage: 3,
  flaky_smoke_test: 2,
  build_failure: 3,
  deploy_failure: 3,
  migration_failure: 2,
  smoke_failure: 3,
  health_rollback: 5,
  smoke_rollback: 3,
  error_rate_rollback: 4,
  manual_rollback: 2,
  failed_rollback: 1,
  retried_rollback: 1,
  cancelled: 2,
  abandoned: 1,
};

const day = 86_400;

/** The deployments that lie behind, up to a moment. */
export const pastDeployments = ({ seed, days, perDay }: DemoOptions, end: number): History =>
  simulate({ seed, end, days, perDay, mix: calm });

/** A day of deployments from now on, as fast and as frequent as asked for. */
export function newDeployments({ seed, every, speed }: DemoOptions, now: number): History {
  const history = simulate({
    seed: seed + 1,
    end: now + day,
    days: 1,
    perDay: day / every,
    mix: eventful,
    steady: true,
  });
  return {
    ...history,
    end: now + 2 * day,
    deployments: history.deployments.map((d) => accelerate(d, speed)),
  };
}

/** Deployments of a past that the gateway would still hold or that still run: they go on. */
export function goingOn(past: History, now: number): History {
  const lately = (d: Deployment): boolean => d.started > now - 3 * 3600 && (d.finished ?? now) > now - 7200;
  return { ...past, end: now + day, deployments: past.deployments.filter(lately) };
}

/** True while a version is live that gets unhealthy or fails its tests. */
export const isBadVersionLive = (history: History, now: number): boolean =>
  history.deployments.some(({ health, rollbacks, stages }) => {
    const trouble = stages.find(({ status, stage }) => status === 'failure' && stage === 'health_check');
    const from =
      trouble?.started ?? (rollbacks[0]?.reason === 'error_rate' ? health.at(-1)?.time : undefined);
    const to = rollbacks.at(-1)?.finished ?? trouble?.finished;
    return from !== undefined && to !== undefined && from <= now && now <= to;
  });

/** The line about an invocation; most are only recorded. */
export function callLine({ argv }: RecorderCall, d: Deployment): string | undefined {
  const who = `${d.environment} ${d.id}`;
  const option = (name: string): string => argv[argv.indexOf(`--${name}`) + 1] ?? '';
  switch (argv[0]) {
    case 'start':
      return `${who}: ${d.actor} deploys ${d.branch}, version ${d.version}`;
    case 'stage-finish':
      return option('status') === 'failure'
        ? `${who}: ${option('stage')} of ${option('service')} failed`
        : undefined;
    case 'migration':
      return option('status') === 'failure' ? `${who}: the migration failed` : undefined;
    case 'rollback':
      return option('status') === 'running'
        ? `${who}: ${option('service')} is rolled back (${option('reason')})`
        : `${who}: the rollback ended with ${option('status')}`;
    case 'finish':
      return `${who}: finished, ${option('outcome')}, ${Math.round((d.finished ?? d.triggered) - d.triggered)} s after the push`;
    default:
      return undefined;
  }
}

/** Where traffic goes and who hears of it. */
export interface TrafficOptions {
  readonly pushgatewayUrl: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

/** Records deployments through the real recorder, each event when its time has come. Ends with the signal. */
export async function goOn(history: History, options: TrafficOptions): Promise<void> {
  const { clock, onLine } = options;
  const begun = clock.now() / 1000;
  const io = {
    stdout: () => {},
    stderr: (chunk: string | Uint8Array) => {
      const text = String(chunk);
      // An event that Ctrl-C cut off is no news.
      if (text.startsWith('::warning') && !options.signal.aborted) onLine(text.trim());
    },
    now: clock.now,
  };
  await replayLive(history, {
    ...options,
    health: 'each',
    record: (argv, env) => main(argv, env, io),
    onCall: (call, deployment) => {
      const line = call.time >= begun ? callLine(call, deployment) : undefined;
      if (line) onLine(line);
    },
  });
}
