import { EnvironmentFailure } from '../../lib/errors.ts';
import type { RuleFile, RuleGroup } from '../rule.ts';

/** Unit that a delivery writes as one piece: a file, a group of a ruler, or a complete image. */
export interface Unit {
  readonly id: string;
  /** Names of the groups in it. */
  readonly groups: readonly string[];
  /** `edited` and `foreign` units are not overwritten without a switch. */
  readonly state: 'absent' | 'ours' | 'edited' | 'foreign';
  /** Whether it already holds exactly what would be written. */
  readonly same: boolean;
}

/** Which groups of a server can be ours, judged by the `file` that it reports. */
export type Scope =
  /** Files of an image, in the directory in which our bundle group lies. What else is there is not ours, or goes with the image. */
  | { readonly kind: 'image' }
  /** Files with these names, in the directory in which our bundle group lies. */
  | { readonly kind: 'files'; readonly names: readonly string[] }
  | { readonly kind: 'namespace'; readonly name: string };

/** Present content of the place to which rules are delivered. Plain data. */
export interface Inspection {
  readonly units: readonly Unit[];
  /** Units that we delivered and no longer define; they go only with `--prune`. */
  readonly orphans: readonly Unit[];
  readonly scope: Scope;
  /** The delivery in words: `deploys commit 1a2b3c4 of the Prometheus service`. */
  readonly how: string;
  /** Fingerprint of what was found; delivery is refused when it has changed. */
  readonly seen: string;
  readonly notes: readonly string[];
}

/** Result of taking a delivery back. */
export interface Undone {
  /** The result in words. */
  readonly text: string;
  /** Whether something was changed by others since, and therefore left alone. */
  readonly conflict: boolean;
}

/** Rules that were delivered and are not yet proven. */
export interface Delivered {
  /** Server's time after which every rule must have been evaluated (Unix ms); undefined when the server is a new process. */
  readonly since: number | undefined;
  /** How long a difference between served and delivered rules may last before it counts as final. */
  readonly settleMs: number;
  /**
   * Brings back what was there before, where it is still as this delivery left it.
   * @param judged whether the server was seen to be wrong; false when it could not be asked
   */
  undo(judged: boolean): Promise<Undone>;
  /** Ends the delivery after the proof. */
  finish(): Promise<void>;
}

/** Permissions of a delivery, and where it reports. */
export interface DeliverOptions {
  /** Ids of the orphans that are to go. */
  readonly remove: readonly string[];
  readonly say: (text: string) => void;
  readonly signal: AbortSignal | undefined;
}

/** One way by which rules reach Prometheus. */
export interface Delivery {
  /** Where to, in words. */
  readonly where: string;
  /** The groups as the server will report them: a ruler may have to split some. */
  groups(files: readonly RuleFile[]): Promise<RuleGroup[]>;
  inspect(files: readonly RuleFile[]): Promise<Inspection>;
  /** @throws EnvironmentFailure after which everything is as it was before, or which says what is not */
  deliver(files: readonly RuleFile[], inspection: Inspection, options: DeliverOptions): Promise<Delivered>;
}

/** The server read the files and refused them. */
export class ReloadRefusal extends EnvironmentFailure {}

/** The place was changed between plan and delivery; nothing was delivered. */
export class DeliveryConflict extends EnvironmentFailure {}

/** Directory and name of a path that a server reported, whichever way its slashes lean. */
export function splitPath(path: string): { directory: string; name: string } {
  const parts = /^(.*)[/\\]([^/\\]*)$/.exec(path);
  return { directory: parts?.[1] ?? '', name: parts?.[2] ?? path };
}
