import type { Firing } from '../simulator/index.ts';
import type { Past } from './deployments.ts';
import type { Replay, Span } from './replay.ts';

/**
 * Class of a firing. `right`: a deployment that it is about was bad. `false`: none was. `unknown`: it is about no
 * deployment that is known (one that still ran, one from before the history, the system, or a trend that began before
 * the time that is looked at).
 */
export type Worth = 'right' | 'false' | 'unknown';

/** A firing, and what it was about. */
export interface ClassifiedFiring extends Firing {
  readonly worth: Worth;
  /** Ids of deployments. */
  readonly deployments: readonly string[];
}

/** Classes of an alert's firings. */
export interface Verdict extends Omit<Replay, 'firings'> {
  readonly firings: readonly ClassifiedFiring[];
  readonly falsePositives: number;
  /** Firings of which it cannot be said. */
  readonly unknown: number;
  /** Ids of the deployments that it would have been about. */
  readonly deployments: readonly string[];
  /** Seconds in all. */
  readonly duration: number;
}

/** How long before a firing's condition began a deployment may have ended that it is about, when it names none: seconds. */
const reach = 2 * 3_600;

/** An alert of this severity tells what happened, and claims of nothing that it is bad. */
const tellsOnly = ({ severity }: Replay): boolean => severity === 'info';

/**
 * The deployments that a firing is about: the one that it names, else those of its environment that ended shortly
 * before its condition began. How long it lasts does not matter: a spent budget stays spent until the month ends.
 * A firing without an environment is about the system and about no deployment.
 */
export function about(firing: Firing, deployments: readonly Past[], span: Span): Past[] {
  const { deployment_id: id, environment } = firing.labels;
  const near = deployments.filter((d) => d.environment === environment);
  if (id) return near.filter((d) => d.id === id);
  // It may have begun at any time before.
  if (firing.since <= span.from) return [];
  return near.filter((d) => d.finished <= firing.since && d.lastEvent >= firing.since - reach);
}

function worthOf(replay: Replay, own: readonly Past[]): Worth {
  if (own.length === 0 || tellsOnly(replay)) return 'unknown';
  return own.some(({ bad }) => bad) ? 'right' : 'false';
}

/** Judges each alert's firings by the deployments that they were about. */
export const classify = (replays: readonly Replay[], deployments: readonly Past[], span: Span): Verdict[] =>
  replays.map((replay) => {
    const firings = replay.firings.map((firing): ClassifiedFiring => {
      const own = about(firing, deployments, span);
      return { ...firing, worth: worthOf(replay, own), deployments: own.map(({ id }) => id) };
    });
    return {
      ...replay,
      firings,
      falsePositives: firings.filter(({ worth }) => worth === 'false').length,
      unknown: firings.filter(({ worth }) => worth === 'unknown').length,
      deployments: [...new Set(firings.flatMap((f) => f.deployments))],
      duration: firings.reduce((sum, { from, to }) => sum + to - from, 0),
    };
  });

const key = ({ environment, id }: Past): string => `${environment} ${id}`;

/** Deployments that finished in the time that is looked at. */
export const within = (deployments: readonly Past[], { from, to }: Span): Past[] =>
  deployments.filter(({ finished }) => finished >= from && finished <= to);

/** Bad deployments that no alert was about which says that something is bad. */
export function missed(replays: readonly Replay[], deployments: readonly Past[], span: Span): Past[] {
  const caught = new Set(
    replays
      .filter((replay) => !tellsOnly(replay))
      .flatMap(({ firings }) => firings.flatMap((firing) => about(firing, deployments, span).map(key))),
  );
  return within(deployments, span).filter((d) => d.bad && !caught.has(key(d)));
}
