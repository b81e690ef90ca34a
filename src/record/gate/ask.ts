import type { Gateway } from '../gateway.ts';
import { carried } from '../pipeline.ts';
import type { Deployment } from '../verb.ts';
import { errorBudget, judgeAlerts, noOther } from './deploy.ts';
import { collect, type Listing, listGroups } from './evidence.ts';
import { GatePrometheus, NotAsked } from './prometheus.ts';
import { judgeRecordings, liveSince, startedAt } from './stay.ts';
import { liveTraffic } from './traffic.ts';
import { type Check, type Report, verdictOn } from './verdict.ts';

/** What is asked of the gate. */
export interface Question {
  readonly question: Report['question'];
  readonly deployment: Deployment;
  readonly hotfix: boolean;
  /** Names of checks that this deployment does not have. */
  readonly without: readonly string[];
}

const notAsked = (name: string, demanded: string, error: unknown): Check => {
  if (!(error instanceof NotAsked)) throw error;
  return { name, verdict: 'error', demanded, found: error.message };
};

function prometheusOf(env: NodeJS.ProcessEnv): GatePrometheus | NotAsked {
  try {
    return GatePrometheus.of(env);
  } catch (error) {
    if (error instanceof NotAsked) return error;
    throw error;
  }
}

async function stay(
  { deployment }: Question,
  prometheus: GatePrometheus | NotAsked,
  gateway: Gateway,
  now: number,
): Promise<Check[]> {
  const { pushed, problems } = await collect(prometheus, gateway, deployment, now);
  const unanswered = problems.map(
    (found): Check => ({ name: 'sources', verdict: 'error', demanded: 'every source answers', found }),
  );
  const checks = judgeRecordings(pushed, now);
  const since = liveSince(pushed);
  // The application says nothing of environments; it is the one in production that is scraped.
  if (
    deployment.environment !== carried().application?.environment ||
    since === undefined ||
    prometheus instanceof NotAsked
  )
    return [...checks, ...unanswered];
  try {
    return [...checks, await liveTraffic(prometheus, since, startedAt(pushed) ?? since, now), ...unanswered];
  } catch (error) {
    return [...checks, notAsked('live-traffic', 'no more errors than before', error), ...unanswered];
  }
}

async function deploy(
  { deployment, hotfix }: Question,
  prometheus: GatePrometheus | NotAsked,
  gateway: Gateway,
  now: number,
): Promise<Check[]> {
  const { environment } = deployment;
  const ask = async (name: string, make: () => Promise<Check>): Promise<Check> => {
    try {
      return await make();
    } catch (error) {
      return notAsked(name, 'it can be asked', error);
    }
  };
  const asked = (): GatePrometheus => {
    if (prometheus instanceof NotAsked) throw prometheus;
    return prometheus;
  };
  const [budget, other, alerts] = await Promise.all([
    ask('error-budget', async () => await errorBudget(asked(), environment, hotfix, now)),
    ask('no-other-deployment', async () => {
      const listing: Listing = await listGroups(gateway);
      return await noOther(prometheus, listing, deployment, now);
    }),
    ask('no-critical-alert', async () => judgeAlerts(await asked().alertingRules(), environment, hotfix)),
  ]);
  return [budget, other, alerts].map((check) => (hotfix && check !== other ? unasked(check) : check));
}

/** A hotfix may be what brings the monitoring back, so it does not wait for an answer that could not stop it anyway. */
const unasked = (check: Check): Check =>
  check.verdict === 'error' || check.verdict === 'inconclusive'
    ? { ...check, verdict: 'skipped', found: `${check.found}; a hotfix is deployed all the same` }
    : check;

const leftOut = (check: Check, without: readonly string[]): Check =>
  without.includes(check.name) ? { ...check, verdict: 'skipped', found: `left out (${check.found})` } : check;

/** One look at everything that the question depends on. @param now Unix seconds */
export async function ask(
  asked: Question,
  gateway: Gateway,
  env: NodeJS.ProcessEnv,
  now: number,
): Promise<Report> {
  const prometheus = prometheusOf(env);
  const found = await (asked.question === 'stay' ? stay : deploy)(asked, prometheus, gateway, now);
  const checks = found.map((check) => leftOut(check, asked.without));
  const { environment, deployment_id } = asked.deployment;
  return { question: asked.question, environment, deployment_id, verdict: verdictOn(checks), checks };
}
