import { systemClock } from '../../lib/clock.ts';
import { isExpected } from '../../lib/errors.ts';
import { lastOverTime, metric, type Outcome, outcomes } from '../../metrics/index.ts';
import { prometheusOf } from '../gate/ask.ts';
import { budgetOf } from '../gate/deploy.ts';
import { collect, merge, type Pushed } from '../gate/evidence.ts';
import { type GatePrometheus, NotAsked } from '../gate/prometheus.ts';
import { askedAt, incompleteSentence, transportView } from '../gate/transport.ts';
import { gatewayOf } from '../gateway.ts';
import { carried } from '../pipeline.ts';
import type { DeploymentKey } from '../verb.ts';
import { resultOfJobs } from './jobs.ts';
import { type DeploymentResult, type Surroundings, stageKey } from './model.ts';
import { resultOf } from './result.ts';
import { resultMetrics } from './samples.ts';

/** Where a result is read, and what the caller knows by itself. */
export interface ResultQuestion {
  readonly deployment: DeploymentKey;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Samples that were just pushed, and may not be seen yet. */
  readonly own?: readonly Pushed[];
  /** For so long its own samples are waited for: everything before them is there then. Milliseconds. */
  readonly patienceMs: number;
  readonly signal?: AbortSignal | undefined;
}

const pauseMs = 1_000;

/** True when Prometheus, or the gateway, has what this process pushed, as far as it is asked for. */
const hasAll = (pushed: readonly Pushed[], own: readonly Pushed[]): boolean =>
  own
    .filter(({ name }) => resultMetrics.some((asked) => asked === name))
    .every(({ name, value }) => pushed.some((sample) => sample.name === name && sample.value === value));

interface Found {
  readonly pushed: readonly Pushed[];
  readonly unknown: readonly string[];
}

/** Asks until what was pushed is there, or the time is up. Never throws. */
async function pushes(
  { deployment, env, now, own = [], patienceMs, signal }: ResultQuestion,
  prometheus: GatePrometheus | NotAsked,
): Promise<Found> {
  const gateway = gatewayOf(env);
  const deadline = Date.now() + patienceMs;
  const since = await askedAt(prometheus);
  for (;;) {
    const seconds = now() / 1000;
    const view = await transportView(prometheus, gateway, seconds, since ?? seconds);
    const { pushed, problems } = await collect(prometheus, view, deployment, seconds, resultMetrics);
    const isThere = hasAll(pushed, own) && (view.complete || own.length > 0);
    // Without a Prometheus nothing more arrives where it can be seen.
    const isOver = isThere || since === undefined || Date.now() + pauseMs > deadline || signal?.aborted;
    if (!isOver) {
      await systemClock.sleep(pauseMs, signal);
      continue;
    }
    const unknown = isThere ? [] : problems.length > 0 ? problems : [`${incompleteSentence(view)}.`];
    return { pushed: merge(pushed, own), unknown };
  }
}

/** Usual durations and the month's budget. Never throws. */
async function surroundings(
  { environment, deployment_id }: DeploymentKey,
  prometheus: GatePrometheus | NotAsked,
  seconds: number,
): Promise<Surroundings> {
  if (prometheus instanceof NotAsked)
    return {
      p95: new Map(),
      unknown: [`Usual durations and the error budget: ${prometheus.message}`],
    };
  const of = { environment: environment as never };
  try {
    const [p95, budget, counted] = await Promise.all([
      prometheus.query(metric('environment_stage:duration_seconds:p95', { ...of, window: '30d' }), undefined),
      carried().environments[environment]?.objectives
        ? budgetOf(prometheus, environment, seconds)
        : undefined,
      prometheus.value(
        lastOverTime(metric('deployment:error_budget_spent:sum', { ...of, deployment_id }), '2h'),
        undefined,
      ),
    ]);
    const { left, allowed } = budget ?? {};
    return {
      p95: new Map(p95.map(({ labels, value }) => [stageKey(labels.service, labels.stage), value])),
      ...(left !== undefined &&
        allowed !== undefined && { budget: { left, allowed, counted: counted ?? 0 } }),
      unknown:
        budget && left === undefined ? ['The error budget was not computed in the last five minutes.'] : [],
    };
  } catch (error) {
    if (!(error instanceof NotAsked)) throw error;
    return { p95: new Map(), unknown: [`Usual durations and the error budget: ${error.message}`] };
  }
}

const outcomeIn = (own: readonly Pushed[]): Outcome => {
  const code = own.find(({ name }) => name === 'deployment_outcome_code')?.value;
  return (Object.keys(outcomes) as Outcome[]).find((name) => outcomes[name] === code) ?? 'running';
};

/** The result of a deployment: from Prometheus and the gateway, else from GitHub's jobs. Never throws. */
export async function readResult(question: ResultQuestion): Promise<DeploymentResult> {
  const { deployment, env, own = [], signal } = question;
  const prometheus = prometheusOf(env);
  const [{ pushed, unknown }, around] = await Promise.all([
    pushes(question, prometheus),
    surroundings(deployment, prometheus, question.now() / 1000),
  ]);
  const result = resultOf(deployment, pushed, { ...around, unknown: [...unknown, ...around.unknown] });
  const isKnown = result.started !== undefined || result.stages.length > 0;
  if (isKnown || !env.GITHUB_RUN_ID) return result;
  try {
    const why = ['What was recorded of it cannot be read, so this is what GitHub knows of its jobs.'];
    return await resultOfJobs(deployment, outcomeIn(own), env, [...why, ...result.unknown], signal);
  } catch (error) {
    if (!isExpected(error)) throw error;
    return { ...result, unknown: [...result.unknown, `GitHub's jobs: ${error.message}`] };
  }
}
