import { randomUUID } from 'node:crypto';
import { EnvironmentFailure } from '../../lib/errors.ts';
import { Superseded } from '../../lib/http.ts';
import { DeliveryConflict, type Undone } from '../delivery/delivery.ts';
import type { Marker } from '../delivery/marker.ts';
import type { Owner } from '../owner.ts';
import type { RuleGroup } from '../rule.ts';
import { groupHash, isSameGroup, type RulerApi } from './ruler-api.ts';
import { groupOfMarker, markerGroup, noteOf } from './ruler-marker.ts';

/** A group to write, or to remove when `next` is undefined. */
export interface Step {
  readonly name: string;
  readonly next: RuleGroup | undefined;
}

/**
 * One delivery to a namespace. A ruler has no lock and no conditional write, so the marker is posted first, with a name
 * for this delivery, and looked at before every other write: of two deliveries the one whose marker is gone stops.
 */
export class RulerWriter {
  readonly #api: RulerApi;
  readonly #before: readonly RuleGroup[];
  readonly #known: Marker;
  readonly #marker: RuleGroup;
  readonly #steps: readonly Step[];
  readonly #written: Step[] = [];
  readonly #owner: Owner;

  /** @param before the namespace as the plan saw it */
  constructor(api: RulerApi, before: readonly RuleGroup[], steps: readonly Step[], owner: Owner) {
    this.#api = api;
    this.#before = before;
    this.#steps = steps;
    this.#owner = owner;
    this.#known = noteOf(before).marker;
    // Both hashes while the delivery is under way: a run that dies half-way must not make our groups look edited.
    const both = steps.map(({ name, next }) => [name, [next, this.#old(name)].flatMap(hashOf)] as const);
    const under = { ...this.#known, ...Object.fromEntries(both) };
    this.#marker = groupOfMarker(under, owner, api.namespace, randomUUID());
  }

  /** Writes everything. @throws EnvironmentFailure or DeliveryConflict; what was written is then taken back */
  async write(signal: AbortSignal | undefined): Promise<number> {
    try {
      await this.#do({ name: markerGroup, next: this.#marker });
      for (const step of this.#steps) {
        if (signal?.aborted) throw new EnvironmentFailure('Interrupted.');
        await this.#do(step);
      }
      return this.#steps.length;
    } catch (error) {
      const { text, conflict } = await this.undo();
      const isConflict = conflict || error instanceof DeliveryConflict || error instanceof Superseded;
      const Failure = isConflict ? DeliveryConflict : EnvironmentFailure;
      throw new Failure(`${(error as Error).message} ${text}`);
    }
  }

  /** Notes that from now on only the new groups are ours. @param defined the groups that were proven */
  async finish(defined: readonly RuleGroup[]): Promise<void> {
    const gone = this.#steps.filter((s) => s.next === undefined).map((s) => s.name);
    const kept = Object.entries(this.#known).filter(([name]) => !gone.includes(name));
    const ours = defined.map((g) => [g.name, hashOf(g)] as const);
    const marker = { ...Object.fromEntries(kept), ...Object.fromEntries(ours) };
    if (Object.keys(marker).length === 0) await this.#api.remove(markerGroup, this.#marker);
    else await this.#api.put(groupOfMarker(marker, this.#owner, this.#api.namespace), this.#marker);
  }

  /** Brings back every group that is still as this delivery left it. Ctrl-C does not stop that. */
  undo(): Promise<Undone> {
    return this.#api.client.uninterrupted(() => this.#restore());
  }

  #old(name: string): RuleGroup | undefined {
    return this.#before.find((g) => g.name === name);
  }

  async #do(step: Step): Promise<void> {
    const there = await this.#api.groups();
    const now = there.find((g) => g.name === step.name);
    const isOurs = isSameGroup(
      there.find((g) => g.name === markerGroup),
      this.#written.length > 0 ? this.#marker : this.#old(markerGroup),
    );
    if (!isOurs)
      throw new DeliveryConflict(
        `Another provision began to deliver to the namespace ${this.#api.namespace} at the same time, so this one stopped.`,
      );
    const old = this.#old(step.name);
    if (!isSameGroup(now, old)) throw new DeliveryConflict(`The group ${step.name} was changed meanwhile.`);
    this.#written.push(step);
    await this.#send(step.name, step.next, old);
  }

  async #send(name: string, next: RuleGroup | undefined, now: RuleGroup | undefined): Promise<void> {
    if (next) await this.#api.put(next, now);
    else if (now) await this.#api.remove(name, now);
  }

  async #restore(): Promise<Undone> {
    const failed: string[] = [];
    const left: string[] = [];
    for (const { name, next } of [...this.#written].reverse()) {
      // Groups that could not be taken back stay ours, by the marker.
      if (name === markerGroup && failed.length > 0) continue;
      const old = this.#old(name);
      try {
        const now = (await this.#api.groups()).find((g) => g.name === name);
        if (isSameGroup(now, old)) continue;
        if (isSameGroup(now, next)) await this.#send(name, old, next);
        else left.push(name);
      } catch (error) {
        if (error instanceof Superseded) left.push(name);
        else failed.push(`${name} (${(error as Error).message})`);
      }
    }
    return { text: this.#words(failed, left), conflict: left.length > 0 };
  }

  #words(failed: readonly string[], left: readonly string[]): string {
    if (this.#written.length === 0) return 'Nothing was written.';
    const others = left.filter((name) => name !== markerGroup);
    const parts = [
      ...(failed.length > 0
        ? [`Bringing back the groups from before failed for: ${failed.join(', ')}.`]
        : []),
      ...(others.length > 0 ? [`Left alone, because it was changed since: ${others.join(', ')}.`] : []),
    ];
    const all = [...parts, `The ${parts.length > 0 ? 'other ' : ''}rule groups from before were put back.`];
    return all.join(' ');
  }
}

const hashOf = (group: RuleGroup | undefined): string[] => (group ? [groupHash(group)] : []);
