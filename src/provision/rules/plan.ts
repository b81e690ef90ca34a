import { counted } from '../../lib/words.ts';
import { type Inspection, splitPath, type Unit } from '../delivery/delivery.ts';
import type { Flag, Flags, PlannedChange } from '../model.ts';
import { bundleGroup } from '../names.ts';
import type { RuleGroup, ServedGroup } from '../rule.ts';
import { compareGroup, failing, type Spell } from './compare.ts';

/** The same rules in a group of the same name: the server evaluates them twice, wherever it read them. */
const isTwin = (group: ServedGroup, defined: readonly RuleGroup[]): boolean =>
  defined.some(
    (d) =>
      d.name === group.name &&
      d.rules.some((r) => group.rules.some((s) => s.kind === r.kind && s.name === r.name)),
  );

/**
 * Served groups of ours: those that we define, others that lie where only ours can lie, and those that others
 * delivered and that do what ours do.
 */
export function ourGroups(
  served: readonly ServedGroup[],
  defined: readonly RuleGroup[],
  { scope, orphans }: Inspection,
): { defined: ServedGroup[]; surplus: ServedGroup[]; twins: ServedGroup[] } {
  const names = new Set(defined.map((g) => g.name));
  const home = served.find((g) => g.name === bundleGroup)?.file;
  const isOurs = (group: ServedGroup): boolean => {
    if (scope.kind === 'namespace') {
      const left = orphans.flatMap((o) => o.groups);
      return group.file === scope.name && (names.has(group.name) || left.includes(group.name));
    }
    const { directory, name } = splitPath(group.file);
    if (home !== undefined && directory !== splitPath(home).directory) return false;
    if (scope.kind === 'image') return names.has(group.name);
    return scope.names.includes(name) && (home !== undefined || names.has(group.name));
  };
  const ours = served.filter(isOurs);
  return {
    defined: ours.filter((g) => names.has(g.name)),
    surplus: ours.filter((g) => !names.has(g.name)),
    twins: served.filter((g) => !ours.includes(g) && isTwin(g, defined)),
  };
}

const line = (name: string, file: string) =>
  ({ target: 'prometheus', kind: 'rule group', id: name, title: file }) as const;
const needs = (flag: Flag, given: boolean): { needs?: Flag } => (given ? {} : { needs: flag });

/** Why a unit must be written although the server runs the right rules. */
function unitWords(unit: Unit): string[] {
  if (unit.same) return [];
  return [
    unit.state === 'absent'
      ? `${unit.id} is not there, the server has the group from elsewhere`
      : `only the text of ${unit.id}`,
  ];
}

function planGroup(
  group: RuleGroup,
  served: readonly ServedGroup[],
  twins: readonly ServedGroup[],
  unit: Unit | undefined,
  spell: Spell,
  flags: Flags,
): PlannedChange {
  const change = line(group.name, group.file);
  const [there, ...others] = served.filter((g) => g.name === group.name);
  const twin = others[0] ?? twins.find((g) => g.name === group.name);
  if (there && twin)
    return {
      ...change,
      action: 'blocked',
      details: [`the server runs it twice, from ${there.file} and from ${twin.file}: remove one`],
    };
  if (twin)
    return {
      ...change,
      action: 'blocked',
      details: [`the server has these rules from ${twin.file}, and would run them twice: remove them there`],
    };
  const words = there ? compareGroup(there, group, spell) : [];
  const details = words.length > 0 ? words : there && unit ? unitWords(unit) : [];
  if (unit?.state === 'foreign')
    return {
      ...change,
      action: 'adopt',
      details: [`${unit.id} exists and was not made by us`, ...details],
      ...needs('--adopt', flags.adopt),
    };
  if (unit?.state === 'edited')
    return {
      ...change,
      action: 'edited',
      details: [`${unit.id} was edited by hand`, ...details],
      ...needs('--force', flags.force),
    };
  if (there === undefined)
    return {
      ...change,
      action: 'create',
      details: [counted(group.rules.length, 'rule')],
    };
  if (details.length > 0) return { ...change, action: 'update', details };
  const sick = failing(there);
  return { ...change, action: sick.length > 0 ? 'unhealthy' : 'unchanged', details: sick };
}

function planSurplus(group: ServedGroup, inspection: Inspection, flags: Flags): PlannedChange {
  const change = { ...line(group.name, splitPath(group.file).name), action: 'delete' } as const;
  const orphan = inspection.orphans.find((unit) => unit.groups.includes(group.name));
  // Its file stays and is written anew without it.
  if (orphan === undefined) return { ...change, details: ['no longer defined, goes with the delivery'] };
  return { ...change, ...removal(orphan, flags) };
}

/** Removing what we delivered takes `--prune`, and `--force` too if it was edited. */
function removal(unit: Unit, flags: Flags): Pick<PlannedChange, 'action' | 'details' | 'needs'> {
  const edited = unit.state === 'edited';
  const details = ['no longer defined', ...(edited ? ['edited by hand since'] : [])];
  const permitted = edited && flags.prune ? needs('--force', flags.force) : needs('--prune', flags.prune);
  return { action: 'delete', details, ...permitted };
}

/** Rules are delivered together: while one group waits for a switch, the others wait with it. */
function together(changes: readonly PlannedChange[]): PlannedChange[] {
  const waiting = changes.find((c) => c.needs !== undefined && c.action !== 'delete');
  if (waiting?.needs === undefined) return [...changes];
  const flag = waiting.needs;
  return changes.map((c) =>
    c.needs !== undefined || ['unchanged', 'unhealthy', 'blocked'].includes(c.action)
      ? c
      : { ...c, needs: flag, details: [...c.details, `waits for ${waiting.id}`] },
  );
}

/**
 * Changes from the rules that the server runs to those that are defined. Pure.
 * @param spell spells expressions as the server does
 */
export function planRules(
  defined: readonly RuleGroup[],
  served: readonly ServedGroup[],
  inspection: Inspection,
  spell: Spell,
  flags: Flags,
): PlannedChange[] {
  const ours = ourGroups(served, defined, inspection);
  const unitOf = (name: string): Unit | undefined => inspection.units.find((u) => u.groups.includes(name));
  const silent = inspection.orphans.filter((o) => !ours.surplus.some((g) => o.groups.includes(g.name)));
  const groups = defined.map((g) => planGroup(g, ours.defined, ours.twins, unitOf(g.name), spell, flags));
  const surplus = ours.surplus.map((g) => planSurplus(g, inspection, flags));
  const files = silent.map(
    (o): PlannedChange => ({
      target: 'prometheus',
      kind: 'rule file',
      id: o.id,
      title: o.id,
      action: 'delete',
      details: ['no longer defined'],
      ...needs(
        o.state === 'edited' && flags.prune ? '--force' : '--prune',
        o.state === 'edited' ? flags.force && flags.prune : flags.prune,
      ),
    }),
  );
  // Removing what is in the same place anyway is no reason to deliver.
  return together([...groups, ...surplus, ...files]);
}
