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
  type Unit,
} from './delivery.ts';
import type { Marker } from './marker.ts';
import type { RuleFile, RuleGroup } from './model.ts';
import { groupHash, groupYaml, type Namespaces, type RulerApi } from './ruler-api.ts';
import { markerGroup, markerOf } from './ruler-marker.ts';
import { RulerWriter, type Step } from './ruler-writer.ts';
import { splitGroups } from './split.ts';

/** What a ruler takes; zero means no limit. */
export interface RulerLimits {
  readonly mostRules: number;
  readonly mostGroups: number;
}

const isSame = (there: RuleGroup, defined: RuleGroup): boolean =>
  there.queryOffset === defined.queryOffset &&
  compareGroup(there, defined, (expr) => expr.trim()).length === 0;

/** @param defined undefined for a group that is no longer defined */
function unitOf(
  name: string,
  there: RuleGroup | undefined,
  defined: RuleGroup | undefined,
  marker: Marker,
): Unit {
  const same = there !== undefined && defined !== undefined && isSame(there, defined);
  const state =
    there === undefined
      ? 'absent'
      : same || marker[name]?.includes(groupHash(there))
        ? 'ours'
        : marker[name] === undefined
          ? 'foreign'
          : 'edited';
  return { id: name, groups: [name], state, same };
}

const fingerprint = (groups: readonly RuleGroup[]): string => sha256(groups.map(groupYaml).join('---\n'));

/** Rule groups in one namespace of a Mimir or Cortex ruler; a group beside them notes which of them are ours. */
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
    const namespaces = await this.#api.namespaces();
    const there = namespaces.get(this.#api.namespace) ?? [];
    this.#checkLimit(defined, namespaces);
    const marker = markerOf(there);
    const find = (name: string): RuleGroup | undefined => there.find((g) => g.name === name);
    const names = new Set(defined.map((g) => g.name));
    const left = Object.keys(marker).filter((name) => !names.has(name));
    const orphans = left.map((name) => unitOf(name, find(name), undefined, marker));
    return {
      units: defined.map((g) => unitOf(g.name, find(g.name), g, marker)),
      orphans: orphans.filter((unit) => unit.state !== 'absent'),
      scope: { kind: 'namespace', name: this.#api.namespace },
      how: `posts each group to the namespace ${this.#api.namespace}`,
      seen: fingerprint(there),
      notes: this.#splitNotes(files),
    };
  }

  async deliver(
    files: readonly RuleFile[],
    inspection: Inspection,
    { remove, say, signal }: DeliverOptions,
  ): Promise<Delivered> {
    const before = await this.#api.groups();
    if (fingerprint(before) !== inspection.seen)
      throw new DeliveryConflict(
        `Rule groups of the namespace ${this.#api.namespace} were changed since the plan was made, so none was written. Plan again.`,
      );
    const defined = this.groups(files);
    const same = new Set(inspection.units.filter((u) => u.same).map((u) => u.id));
    const changed = defined.filter((g) => !same.has(g.name));
    const steps: Step[] = [
      ...changed.filter((g) => g.name !== bundleGroup).map((g) => ({ name: g.name, next: g })),
      ...remove.map((name) => ({ name, next: undefined })),
      // Last, as it is the version of what was posted before it.
      ...changed.filter((g) => g.name === bundleGroup).map((g) => ({ name: g.name, next: g })),
    ];
    const writer = new RulerWriter(this.#api, before, steps);
    const count = await writer.write(signal);
    say(`posted ${count} rule groups`);
    // Rulers pick changes up at their own pace, within a minute.
    const since = this.#api.client.clock.now();
    const finish = async (): Promise<void> => {
      try {
        await writer.finish(defined);
      } catch (error) {
        if (!(error instanceof EnvironmentFailure)) throw error;
        say(`the rules run, and the next run tidies up after this one: ${error.message}`);
      }
    };
    return { since, settleMs: 120_000, undo: () => writer.undo(), finish };
  }

  /** The limit is the tenant's, so the groups of other namespaces count as well. */
  #checkLimit(defined: readonly RuleGroup[], namespaces: Namespaces): void {
    const { mostGroups } = this.#limits;
    const { namespace } = this.#api;
    const ours = new Set([...defined, ...(namespaces.get(namespace) ?? [])].map((g) => g.name));
    ours.add(markerGroup);
    const others = [...namespaces].flatMap(([name, groups]) => (name === namespace ? [] : groups)).length;
    if (mostGroups > 0 && ours.size + others > mostGroups)
      throw new UserError(
        `The ruler takes ${mostGroups} rule groups of a tenant, and there would be ${ours.size + others}: ${ours.size} in the namespace ${namespace} and ${others} in others.`,
        'Raise the ruler’s limit per tenant and RULER_MAX_GROUPS, or remove groups.',
      );
  }

  #splitNotes(files: readonly RuleFile[]): string[] {
    const { mostRules } = this.#limits;
    const large = files.flatMap((f) => f.groups).filter((g) => mostRules > 0 && g.rules.length > mostRules);
    return large.map(
      (g) =>
        `group ${g.name} has ${g.rules.length} rules, the ruler takes ${mostRules}: it is split, and its parts do not wait for one another`,
    );
  }
}
