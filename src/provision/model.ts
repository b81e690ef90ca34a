/** JSON as it is parsed. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object as it is parsed. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Targets of `provision`; `--only` takes one of them. */
export type Target = 'grafana' | 'prometheus' | 'alertmanager';

/** Action that turns what is there into what is defined. */
export type Action =
  /** Not there yet. */
  | 'create'
  /** There, made by us, untouched since, and no longer what is defined. */
  | 'update'
  | 'unchanged'
  /** There under our name, but not made by us. */
  | 'adopt'
  /** Made by us and changed by others since. */
  | 'edited'
  /** Made by us and no longer defined. */
  | 'delete'
  /** There, and not ours to write: another tool manages it, or it is missing and we may not make it. */
  | 'blocked'
  /** There as defined, but it does not work. */
  | 'unhealthy';

/** Switch that permits what is not done by itself. */
export type Flag = '--adopt' | '--force' | '--prune' | '--create-datasource';

/** Kind of the object that changes. */
export type Kind =
  | 'folder'
  | 'data source'
  | 'dashboard'
  | 'rule group'
  | 'rule file'
  | 'routing'
  | 'annotation';

/** One line of a plan. Plain data: it can be printed, stored and compared. */
export interface PlannedChange {
  readonly target: Target;
  readonly kind: Kind;
  /** Uid of a dashboard or folder, name of a rule group. */
  readonly id: string;
  readonly title: string;
  readonly action: Action;
  /** The changes, or why there are none; one sentence fragment each. */
  readonly details: readonly string[];
  /** The switch that this change waits for; absent when apply will make it. */
  readonly needs?: Flag;
  /** The server's version of the object when it was read; a write is refused if it moved on. */
  readonly seen?: string;
}

/** Where one part of the plan goes to, in words. */
export interface Destination {
  readonly target: Target;
  /** Such as `https://grafana.example (Grafana 13.1.0, API v1), folder "Deployments"`. */
  readonly where: string;
  /** The delivery in words, when there is something to deliver. */
  readonly how?: string;
}

/** Everything that apply would do, and everything that it would not. */
export interface Plan {
  readonly environment: string | undefined;
  /** First twelve digits of the bundle's hash. */
  readonly version: string;
  readonly destinations: readonly Destination[];
  readonly changes: readonly PlannedChange[];
  /** Fingerprint of what lies where rules are delivered to; undefined without that half. */
  readonly seen?: string | undefined;
  /** Notes for a person beside the changes. */
  readonly notes: readonly string[];
}

/** The switches given on the command line. */
export interface Flags {
  readonly adopt: boolean;
  readonly force: boolean;
  readonly prune: boolean;
  readonly createDatasource: boolean;
}

/** How one change ended. */
export type Outcome =
  | { readonly state: 'done'; readonly change: PlannedChange; readonly note?: string }
  /** Found as wanted already: another run was quicker, or an answer was lost. */
  | { readonly state: 'already'; readonly change: PlannedChange; readonly note?: string }
  /** Changed by others between plan and apply. */
  | { readonly state: 'conflict'; readonly change: PlannedChange; readonly reason: string }
  | { readonly state: 'failed'; readonly change: PlannedChange; readonly reason: string }
  /** Sent, and it is unknown whether it was carried out. */
  | { readonly state: 'unknown'; readonly change: PlannedChange; readonly reason: string }
  | { readonly state: 'not done'; readonly change: PlannedChange; readonly reason: string };

const writing: readonly Action[] = ['create', 'update', 'adopt', 'edited', 'delete'];

/** The changes that apply makes. */
export const toApply = (plan: Plan): PlannedChange[] =>
  plan.changes.filter((c) => writing.includes(c.action) && c.needs === undefined);

/** Changes that are not made: they wait for a switch, are not ours to write, or do not work. */
export const leftAlone = (plan: Plan): PlannedChange[] =>
  plan.changes.filter(
    (c) =>
      c.action === 'blocked' ||
      c.action === 'unhealthy' ||
      (c.needs !== undefined && c.action !== 'delete' && c.action !== 'unchanged'),
  );

/** Objects that we made, no longer define, and keep because `--prune` was not given. */
export const kept = (plan: Plan): PlannedChange[] =>
  plan.changes.filter((c) => c.action === 'delete' && c.needs !== undefined);

/** A short name for messages: `dashboard deployment-slo`. */
export const nameOf = (change: Pick<PlannedChange, 'kind' | 'id'>): string => `${change.kind} ${change.id}`;
