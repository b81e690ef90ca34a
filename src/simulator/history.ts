import { arrivals } from './arrivals.ts';
import { type Random, random } from './random.ts';
import { type Beginning, milliseconds, Run } from './run.ts';
import { type Mix, type Scenario, tell, usualMix } from './scenarios.ts';
import type { Deployment, Environment, History, UnixSeconds } from './types.ts';

export interface SimulationOptions {
  /** Any integer: the same options and seed give the same history, on every machine. */
  readonly seed: number;
  /** No push happens after it; deployments pushed before may still run then. */
  readonly end: UnixSeconds;
  readonly days: number;
  /** Pushes a day on average, over all environments; more on weekdays and by day. */
  readonly perDay: number;
  /** Default both; of two, the first gets two thirds of the pushes. */
  readonly environments?: readonly Environment[];
  readonly mix?: Mix;
  /** Pushes come at any hour alike, not mostly in office hours. */
  readonly steady?: boolean;
}

interface Push {
  readonly time: UnixSeconds;
  readonly environment: Environment;
}

/** Tells the deployments of a team over some days. */
export function simulate(options: SimulationOptions): History {
  const rng = random(options.seed);
  const mix = { ...(options.mix ?? usualMix) } as Record<Scenario, number>;
  const live = new Map<Environment, Deployment[]>();
  const deployments: Deployment[] = [];
  pushes(options, rng).forEach((push, index) => {
    const own = rng.fork(index);
    const first = tellOne(own, mix, { ...beginning(own, push, index), ...previous(live, push) });
    deployments.push(first, ...reruns(own, mix, first, options.end));
    remember(live, first);
  });
  return { seed: options.seed, end: options.end, deployments: deployments.sort(byStart) };
}

const byStart = (a: Deployment, b: Deployment): number => a.started - b.started || (a.id < b.id ? -1 : 1);

/** Pushes that come too close and re-runs add about so much. */
const extras = 1.08;

/** All pushes of all environments in order. Now and then two come so close that their runs overlap. */
function pushes(options: SimulationOptions, rng: Random): Push[] {
  const { end, days, perDay, environments = ['production', 'staging'] } = options;
  const shares = environments.length === 2 ? [2 / 3, 1 / 3] : environments.map(() => 1 / environments.length);
  const all = environments.flatMap((environment, i) => {
    const own = rng.fork(environment);
    const rate = (perDay * (shares[i] ?? 0)) / extras;
    return [...arrivals(own, end - days * 86_400, end, rate, options.steady)].flatMap((time): Push[] => {
      const second = milliseconds(time + own.between(20, 240));
      const overlaps = own.chance(0.04) && second < end;
      return [{ time, environment }, ...(overlaps ? [{ time: second, environment }] : [])];
    });
  });
  return all.sort((a, b) => a.time - b.time || (a.environment < b.environment ? -1 : 1));
}

const branches = {
  main: 30,
  'release/2.4': 3,
  'hotfix/login': 2,
  'feature/größere-notizen': 1,
  'fix "quoted" name': 0.3,
} as const;

/** Ids grow with time, as GitHub's do, so that histories that follow each other have none in common. */
const runIdOf = ({ time }: Push, index: number): string =>
  String(10_000_000_000 + Math.floor(time * 4) + index);

function beginning(rng: Random, push: Push, index: number): Beginning {
  const triggeredBy = rng.weighted({ github_actions: 12, manual: 2, webhook: 1 });
  return {
    id: runIdOf(push, index),
    runId: runIdOf(push, index),
    runAttempt: 1,
    environment: push.environment,
    // Commits wait for review and for the push, mostly under an hour and sometimes for days.
    committed: milliseconds(push.time - rng.fork('commit').skewed(2_400, 1.1)),
    triggered: push.time,
    started: milliseconds(push.time + 3 + rng.skewed(9, 0.7)),
    branch: rng.weighted(branches),
    commit: rng.hex(40),
    version: `${new Date(push.time * 1000).toISOString().slice(0, 10).replaceAll('-', '.')}-${index}`,
    actor: rng.pick(['ada', 'grace', 'edsger', 'barbara', 'zoë']),
    triggeredBy,
    clockOffset: 0,
    scenario: '',
  };
}

/** The deployment that was live when this one was pushed. */
function previous(live: Map<Environment, Deployment[]>, push: Push): { previousId?: string } {
  const before = live
    .get(push.environment)
    ?.findLast(({ finished }) => finished !== undefined && finished <= push.time);
  return before ? { previousId: before.id } : {};
}

function remember(live: Map<Environment, Deployment[]>, deployment: Deployment): void {
  if (deployment.reported !== 'success') return;
  live.set(deployment.environment, [...(live.get(deployment.environment) ?? []).slice(-20), deployment]);
}

function tellOne(rng: Random, mix: Record<Scenario, number>, start: Beginning): Deployment {
  const scenario = rng.weighted(mix);
  const run = new Run(rng, { ...start, scenario });
  tell(scenario, run);
  return run.deployment();
}

/** A run that ended badly is sometimes re-run: a deployment of its own, with an attempt. */
function reruns(
  rng: Random,
  mix: Record<Scenario, number>,
  first: Deployment,
  end: UnixSeconds,
): Deployment[] {
  if (first.reported === 'success' || !rng.chance(0.35)) return [];
  const triggered = milliseconds((first.finished ?? first.started + 1200) + 60 * rng.between(3, 12));
  if (triggered >= end) return [];
  const {
    stages,
    health,
    smokeTests,
    migrations,
    errorRates,
    costs,
    rollbacks,
    finished,
    reported,
    ...start
  } = first;
  const again = {
    ...start,
    id: `${first.runId}-2`,
    runAttempt: 2,
    triggered,
    triggeredBy: 'manual' as const,
  };
  return [
    tellOne(rng.fork('again'), mix, { ...again, started: milliseconds(triggered + rng.between(3, 20)) }),
  ];
}
