import type { InsightDeployment } from './read.ts';

/** A stage that ended, with its times in Unix seconds. */
interface Ran {
  readonly name: string;
  readonly started: number;
  readonly finished: number;
}

const ranIn = ({ parts }: InsightDeployment): Ran[] =>
  parts
    .flatMap(({ name, started, finished }) =>
      started === undefined || finished === undefined ? [] : [{ name, started, finished }],
    )
    .sort((a, b) => a.finished - b.finished || a.started - b.started);

/** A piece of a deployment's length: a stage, or waiting for one. */
export interface Link {
  /** Absent: nothing of the chain ran. */
  readonly name?: string;
  readonly seconds: number;
}

/**
 * The chain of stages that made a deployment's length, from its push to its finish, with the waiting between them: the
 * stage that ended last, before it the one that ended last when that one began, and so on. The links add up to the length.
 */
export function chainOf(deployment: InsightDeployment): Link[] {
  const links: Link[] = [];
  let at = deployment.finished;
  const stages = ranIn(deployment);
  const wait = (until: number): void => {
    if (at > until) links.unshift({ seconds: at - until });
  };
  for (;;) {
    const last = stages.findLast(({ started, finished }) => finished <= at && started < finished);
    if (!last || last.finished <= deployment.triggered) break;
    wait(last.finished);
    const began = Math.max(deployment.triggered, last.started);
    links.unshift({ name: last.name, seconds: last.finished - began });
    at = began;
  }
  wait(deployment.triggered);
  return links;
}

/**
 * Length of a deployment in which one stage takes half its time. A stage waits for all that had ended when it began, and
 * as long after the last of them as it did: what it really waits for may be less, so no more is promised than there is.
 */
function lengthWithHalf(deployment: InsightDeployment, name: string): number {
  const stages = ranIn(deployment).sort((a, b) => a.started - b.started || a.finished - b.finished);
  const ends = new Map<Ran, number>();
  for (const stage of stages) {
    const before = stages.filter((one) => one !== stage && one.finished <= stage.started && ends.has(one));
    const [then, now] = [before.map(({ finished }) => finished), before.map((one) => ends.get(one)!)];
    const shift = before.length === 0 ? 0 : Math.max(...then) - Math.max(...now);
    const took = (stage.finished - stage.started) * (stage.name === name ? 0.5 : 1);
    ends.set(stage, stage.started - shift + took);
  }
  const [last, first] = [Math.max(...stages.map(({ finished }) => finished)), Math.max(...ends.values())];
  return deployment.finished - deployment.triggered - (last - first);
}

/** A stage, and what it would bring to make it faster. */
export interface Lever {
  readonly name: string;
  readonly environment: string;
  /** How many of the deployments that succeeded waited for it. */
  readonly deployments: number;
  /** That halving it would have saved, all of them together. */
  readonly savedSeconds: number;
}

/** Time saved if each stage took half as long, over the deployments that succeeded; most first. */
export function leversOf(deployments: readonly InsightDeployment[]): Lever[] {
  const levers = new Map<string, Lever>();
  for (const deployment of deployments.filter(({ outcome }) => outcome === 'success')) {
    const length = deployment.finished - deployment.triggered;
    for (const name of new Set(chainOf(deployment).flatMap((link) => link.name ?? []))) {
      const key = `${deployment.environment}\n${name}`;
      const before = levers.get(key);
      levers.set(key, {
        name,
        environment: deployment.environment,
        deployments: (before?.deployments ?? 0) + 1,
        savedSeconds: (before?.savedSeconds ?? 0) + length - lengthWithHalf(deployment, name),
      });
    }
  }
  return [...levers.values()].sort((a, b) => b.savedSeconds - a.savedSeconds || (a.name < b.name ? -1 : 1));
}
