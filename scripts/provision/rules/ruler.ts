import { EnvironmentFailure, UserError } from '../../lib/errors.ts';
import { sha256 } from '../desired.ts';
import { bundleGroup } from '../names.ts';
import { compareGroup } from './compare.ts';
import {
  type Delivered,
  type DeliverOptions,
  type Delivery,
  DeliveryConflict,
  type Inspection,
  type Undone,
  type Unit,
} from './delivery.ts';
import type { RuleFile, RuleGroup } from './model.ts';
import { groupYaml, type RulerApi } from './ruler-api.ts';
import { splitGroups } from './split.ts';

/** What a ruler takes; zero means no limit. */
export interface RulerLimits {
  readonly mostRules: number;
  readonly mostGroups: number;
}

const isSame = (there: RuleGroup, defined: RuleGroup): boolean =>
  there.queryOffset === defined.queryOffset &&
  compareGroup(there, defined, (expr) => expr.trim()).length === 0;

/**
 * The order in which groups are posted. The bundle group is what makes the namespace ours: where it is new it comes
 * first, so that a run that dies half-way does not leave groups of nobody; later it comes last, as the version of what
 * was posted before it.
 */
function inOrder(groups: readonly RuleGroup[], before: readonly RuleGroup[]): RuleGroup[] {
  const bundle = groups.filter((g) => g.name === bundleGroup);
  const others = groups.filter((g) => g.name !== bundleGroup);
  return before.some((g) => g.name === bundleGroup) ? [...others, ...bundle] : [...bundle, ...others];
}

/** Rule groups in one namespace of a Mimir or Cortex ruler. The namespace is ours when our bundle group is in it. */
export class RulerDelivery implements Delivery {
  readonly where: string;
  readonly #api: RulerApi;
  readonly #limits: RulerLimits;
  constructor(api: RulerApi, limits: RulerLimits) {
    this.#api = api;
    this.#limits = limits;
    this.where = `ruler at ${api.client.options.base.host}, namespace ${api.namespace}`;
  }

  groups(files: readonly RuleFile[]): RuleGroup[] {
    const all = files.flatMap((f) => f.groups);
    return splitGroups(all, this.#limits.mostRules).map((g) => ({ ...g, file: this.#api.namespace }));
  }

  async inspect(files: readonly RuleFile[]): Promise<Inspection> {
    const defined = this.groups(files);
    const there = await this.#api.groups();
    const { mostGroups } = this.#limits;
    const all = new Set([...defined, ...there].map((g) => g.name));
    if (mostGroups > 0 && all.size > mostGroups)
      throw new UserError(
        `The namespace ${this.#api.namespace} would hold ${all.size} rule groups; the ruler takes ${mostGroups}.`,
        'Raise the ruler’s limit per tenant and RULER_MAX_GROUPS, or remove groups.',
      );
    const ours = there.some((g) => g.name === bundleGroup);
    const names = new Set(defined.map((g) => g.name));
    const left = there.filter((g) => !names.has(g.name));
    const unit = (group: RuleGroup, same: boolean, present: boolean): Unit => ({
      id: group.name,
      groups: [group.name],
      state: present ? (ours ? 'ours' : 'foreign') : 'absent',
      same,
    });
    return {
      units: defined.map((g) => {
        const now = there.find((t) => t.name === g.name);
        return unit(g, now !== undefined && isSame(now, g), now !== undefined);
      }),
      orphans: ours ? left.map((g) => unit(g, false, true)) : [],
      scope: { kind: 'namespace', name: this.#api.namespace },
      how: `posts each group to the namespace ${this.#api.namespace}`,
      seen: sha256(there.map(groupYaml).join('---\n')),
      notes: this.#splitNotes(files),
    };
  }

  async deliver(
    files: readonly RuleFile[],
    inspection: Inspection,
    options: DeliverOptions,
  ): Promise<Delivered> {
    const before = await this.#api.groups();
    if (sha256(before.map(groupYaml).join('---\n')) !== inspection.seen)
      throw new DeliveryConflict(
        `Rule groups of the namespace ${this.#api.namespace} were changed since the plan was made, so none was written. Plan again.`,
      );
    const written: string[] = [];
    const undo = async (): Promise<Undone> => ({
      text: await this.#api.client.uninterrupted(() => this.#restore(before, written)),
      conflict: false,
    });
    const same = new Set(inspection.units.filter((u) => u.same).map((u) => u.id));
    try {
      for (const group of inOrder(this.groups(files), before).filter((g) => !same.has(g.name))) {
        if (options.signal?.aborted) throw new EnvironmentFailure('Interrupted.');
        written.push(group.name);
        await this.#api.put(group);
      }
      for (const orphan of options.remove) {
        written.push(orphan);
        await this.#api.remove(orphan);
      }
    } catch (error) {
      throw new EnvironmentFailure(`${(error as Error).message} ${(await undo()).text}`);
    }
    options.say(`posted ${written.length} rule groups`);
    // Rulers pick changes up at their own pace, within a minute.
    const since = this.#api.client.clock.now();
    return { since, settleMs: 120_000, undo, finish: async () => undefined };
  }

  #splitNotes(files: readonly RuleFile[]): string[] {
    const { mostRules } = this.#limits;
    const large = files.flatMap((f) => f.groups).filter((g) => mostRules > 0 && g.rules.length > mostRules);
    return large.map(
      (g) =>
        `group ${g.name} has ${g.rules.length} rules, the ruler takes ${mostRules}: it is split, and its parts do not wait for one another`,
    );
  }

  /** Brings every written group back to what it was. */
  async #restore(before: readonly RuleGroup[], written: readonly string[]): Promise<string> {
    const failed: string[] = [];
    for (const name of [...written].reverse()) {
      const old = before.find((g) => g.name === name);
      // What could not be taken back is still ours, and the bundle group is what says so.
      if (name === bundleGroup && old === undefined && failed.length > 0) continue;
      try {
        await (old ? this.#api.put(old) : this.#api.remove(name));
      } catch (error) {
        failed.push(`${name} (${(error as Error).message})`);
      }
    }
    if (failed.length > 0) return `Bringing back the groups from before failed for: ${failed.join(', ')}`;
    return written.length === 0 ? 'Nothing was written.' : 'The rule groups from before were put back.';
  }
}
