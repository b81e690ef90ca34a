import type { Gateway } from '../gateway.ts';
import { carried, freezes } from '../pipeline.ts';
import type { DeploymentKey } from '../verb.ts';
import { errorBudget, judgeAlerts, neverFrozen, noOther } from './deploy.ts';
import { collect } from './evidence.ts';
import { GatePrometheus, NotAsked } from './prometheus.ts';
import { judgeRecordings, liveSince, startedAt } from './stay.ts';
import { liveTraffic, scrapedTraffic, type TrafficSource, type TrafficTimes } from './traffic.ts';
import { incompleteSentence, transportView } from './transport.ts';
import { type Check, type Report, verdictOn } from './verdict.ts';
import type { TransportView } from './view.ts';

/** Question to the gate. */
export interface Question {
  readonly question: Report['question'];
  readonly deployment: DeploymentKey;
  /** The preview's own name, where it is to one of the previews. */
  readonly preview?: string | undefined;
  readonly hotfix: boolean;
  /** Names of checks that this deployment does not have. */
  readonly without: readonly string[];
  /** True to judge the last five minutes of traffic instead of the first ones. */
  readonly watching: boolean;
}

const notAsked = (name: string, demanded: string, error: unknown): Check => {
  if (!(error instanceof NotAsked)) throw error;
  return { name, verdict: 'error', demanded, found: error.message };
};

/** The Prometheus of the environment's variables, or why there is none. */
export function prometheusOf(env: NodeJS.ProcessEnv): GatePrometheus | NotAsked {
  try {
    return GatePrometheus.of(env);
  } catch (error) {
    if (error instanceof NotAsked) return error;
    throw error;
  }
}

/** Whom to ask, and as of when. */
interface Sources {
  readonly prometheus: GatePrometheus | NotAsked;
  /** Asked where Prometheus does not scrape the application. */
  readonly railway?: TrafficSource | undefined;
  readonly view: TransportView;
  /** Unix seconds. */
  readonly now: number;
}

async function stay(
  { deployment, watching }: Question,
  { prometheus, railway, view, now }: Sources,
): Promise<Check[]> {
  const { pushed, problems } = await collect(prometheus, view, deployment, now);
  const unanswered = problems.map(
    (found): Check => ({ name: 'sources', verdict: 'error', demanded: 'every source answers', found }),
  );
  const incomplete: Check[] =
    view.complete || problems.length > 0
      ? []
      : [
          {
            name: 'sources',
            verdict: 'inconclusive',
            demanded: 'nothing is missing',
            found: incompleteSentence(view),
          },
        ];
  const certain = view.complete && problems.length === 0;
  const checks = [
    // Of one that is not there nothing is known until every source has answered.
    ...judgeRecordings(pushed, now, deployment).filter(
      ({ final, verdict }) => certain || pushed.length > 0 || !final || verdict !== 'error',
    ),
    ...unanswered,
    ...incomplete,
  ];
  if (checks.some(({ final, verdict }) => final && verdict === 'error')) return checks;
  const since = liveSince(pushed);
  if (since === undefined) return checks;
  const started = startedAt(pushed) ?? since;
  const times = { since, started, now, watching };
  // The application says nothing of environments; it is the one in production that is scraped.
  const isScraped = deployment.environment === carried().application?.environment;
  const scraped =
    isScraped && !(prometheus instanceof NotAsked)
      ? await judgedTraffic(scrapedTraffic(prometheus), times, 'error')
      : undefined;
  if (!railway || (scraped && scraped.verdict !== 'skipped')) return scraped ? [...checks, scraped] : checks;
  return [...checks, await judgedTraffic(railway, times, 'skipped')];
}

/** @param silent the verdict when it cannot be asked */
async function judgedTraffic(
  source: TrafficSource,
  times: TrafficTimes,
  silent: 'error' | 'skipped',
): Promise<Check> {
  try {
    return await liveTraffic(source, times);
  } catch (error) {
    return { ...notAsked('live-traffic', 'no more errors than before', error), verdict: silent };
  }
}

async function deploy(
  { deployment, preview, hotfix }: Question,
  { prometheus, view, now }: Sources,
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
    freezes(environment)
      ? ask('error-budget', async () => await errorBudget(asked(), view, { environment, hotfix }, now))
      : neverFrozen(environment),
    ask('no-other-deployment', async () => await noOther(prometheus, view, { ...deployment, preview }, now)),
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

/**
 * One look at everything that the question depends on.
 * @param now Unix seconds
 * @param since when the gate was first asked, by the clock of Prometheus; undefined when judging the past
 */
export async function ask(
  asked: Question,
  gateway: Gateway,
  prometheus: GatePrometheus | NotAsked,
  now: number,
  since: number | undefined,
  railway?: TrafficSource,
): Promise<Report> {
  const view = await transportView(prometheus, gateway, now, since);
  const found = await (asked.question === 'stay' ? stay : deploy)(asked, { prometheus, railway, view, now });
  const checks = found.map((check) => leftOut(check, asked.without));
  const { environment, deployment_id } = asked.deployment;
  const verdict = verdictOn(checks);
  return { question: asked.question, environment, deployment_id, verdict, checks, complete: view.complete };
}
