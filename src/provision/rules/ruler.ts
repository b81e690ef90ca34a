import { EnvironmentFailure, UserError } from '../../lib/errors.ts';
import {
  type Delivered,
  type DeliverOptions,
  type Delivery,
  DeliveryConflict,
  type Inspection,
  type Unit,
} from '../delivery/delivery.ts';
import { checkOwner, type Marker } from '../delivery/marker.ts';
import { sha256 } from '../desired.ts';
import { bundleGroup } from '../names.ts';
import type { Owner } from '../owner.ts';
import type { RuleFile, RuleGroup } from '../rule.ts';
import { compareGroup } from './compare.ts';
import { groupHash, groupYaml, type Namespaces, type RulerApi } from './ruler-api.ts';
import { markerGroup, noteOf } from './ruler-marker.ts';
import { RulerWriter, type Step } from './ruler-writer.ts';
import { splitGroups } from './split.ts';

/** Limits of a ruler; zero means no limit, undefined the ruler's default. */
export interface RulerLimits {
  readonly mostRules: number | undefined;
  readonly mostGroups: number | undefined;
}

/** Mimir's default limits; Cortex has none. */
const mimirLimits = { mostRules: 20, mostGroups: 70 } as const;
const noLimits = { mostRules: 0, mostGroups: 0 } as const;

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
  readonly #wanted: RulerLimits;
  readonly #owner: Owner;
  constructor(api: RulerApi, limits: RulerLimits, owner: Owner) {
    this.#api = api;
    this.#wanted = limits;
    this.#owner = owner;
    this.where = `ruler at ${api.client.options.base.host}, namespace ${api.namespace}`;
  }

  async #limits(): Promise<{ mostRules: number; mostGroups: number }> {
    const standard = (await this.#api.flavour()) === 'Mimir' ? mimirLimits : noLimits;
    const { mostRules = standard.mostRules, mostGroups = standard.mostGroups } = this.#wanted;
    return { mostRules, mostGroups };
  }

  async groups(files: readonly RuleFile[]): Promise<RuleGroup[]> {
    const all = files.flatMap((f) => f.groups);
    return splitGroups(all, (await this.#limits()).mostRules).map((g) => ({
      ...g,
      file: this.#api.namespace,
    }));
  }

  async inspect(files: readonly RuleFile[]): Promise<Inspection> {
    const defined = await this.groups(files);
    const namespaces = await this.#api.namespaces();
    const there = namespaces.get(this.#api.namespace) ?? [];
    const { mostRules, mostGroups } = await this.#limits();
    this.#checkLimit(defined, namespaces, mostGroups);
    const { marker, owner } = noteOf(there);
    checkOwner(owner, this.#owner, `The namespace ${this.#api.namespace}`, 'RULER_NAMESPACE to another one');
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
      notes: splitNotes(files, mostRules),
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
    const defined = await this.groups(files);
    const same = new Set(inspection.units.filter((u) => u.same).map((u) => u.id));
    const changed = defined.filter((g) => !same.has(g.name));
    const steps: Step[] = [
      ...changed.filter((g) => g.name !== bundleGroup).map((g) => ({ name: g.name, next: g })),
      ...remove.map((name) => ({ name, next: undefined })),
      // Last, as it is the version of what was posted before it.
      ...changed.filter((g) => g.name === bundleGroup).map((g) => ({ name: g.name, next: g })),
    ];
    const writer = new RulerWriter(this.#api, before, steps, this.#owner);
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
  #checkLimit(defined: readonly RuleGroup[], namespaces: Namespaces, mostGroups: number): void {
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
}

const splitNotes = (files: readonly RuleFile[], mostRules: number): string[] =>
  files
    .flatMap((f) => f.groups)
    .filter((g) => mostRules > 0 && g.rules.length > mostRules)
    .map(
      (g) =>
        `group ${g.name} has ${g.rules.length} rules, the ruler takes ${mostRules}: it is split, and its parts do not wait for one another`,
    );
