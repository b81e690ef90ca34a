import { canonicalJson } from '../lib/canonical.ts';
import { UserError } from '../lib/errors.ts';
import { isRecord } from '../lib/shapes.ts';
import { type Flags, nameOf, type Plan, type PlannedChange, type Target } from './model.ts';

/** A plan that was written to a file, with what was asked for when it was made. It holds no secrets. */
export interface SavedPlan {
  readonly format: 1;
  readonly only: Target | undefined;
  readonly dashboards?: readonly string[] | undefined;
  readonly destroy?: boolean | undefined;
  readonly flags: Flags;
  readonly plan: Plan;
}

/** The options with which a plan was made. */
type Asked = Omit<SavedPlan, 'format' | 'plan'>;

/** The text of a plan file, from which exactly this can be applied later. */
export const savedPlan = (plan: Plan, { only, dashboards, destroy, flags }: Asked): SavedPlan => ({
  format: 1,
  only,
  dashboards,
  destroy,
  flags,
  plan,
});

/** Reads a file that `--out` wrote. @throws UserError when it is another one */
export function parseSavedPlan(text: string, file: string): SavedPlan {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  const { format, plan, flags } = isRecord(parsed) ? parsed : {};
  if (format !== 1 || !isRecord(flags) || !isRecord(plan) || !Array.isArray(plan.changes))
    throw new UserError(
      `${file} is no plan that this version wrote.`,
      'Make one: npm run provision -- --plan --out plan.json',
    );
  return parsed as SavedPlan;
}

const text = ({ seen: _, ...change }: PlannedChange): string => `${change.action} ${nameOf(change)}`;

/** How a plan that is made now differs from the one that was approved, in words; empty when it does not. */
export function movedSince(approved: Plan, now: Plan): string[] {
  const [before, after] = [approved, now].map(({ changes }) => new Map(changes.map((c) => [nameOf(c), c])));
  const names = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].sort();
  const changes = names.flatMap((name) => {
    const [a, b] = [before?.get(name), after?.get(name)];
    if (a && b && canonicalJson(a) === canonicalJson(b)) return [];
    if (a === undefined) return [`${text(b as PlannedChange)} is new`];
    if (b === undefined) return [`${text(a)} is gone`];
    return [text(a) === text(b) ? `${text(a)} means something else` : `${text(a)} became ${text(b)}`];
  });
  const others: [string, unknown, unknown][] = [
    ['version', approved.version, now.version],
    ['environment', approved.environment, now.environment],
    ['where it goes', approved.destinations.map((d) => d.where), now.destinations.map((d) => d.where)],
    // A plan that was made without what can deploy did not see it.
    ['what rules are delivered to', approved.seen, approved.seen ? now.seen : approved.seen],
  ];
  const rest = others.flatMap(([what, a, b]) =>
    canonicalJson(a ?? null) === canonicalJson(b ?? null) ? [] : [`${what} is another one`],
  );
  return [...rest, ...changes];
}

/** @throws UserError when what was approved is not what would be applied now */
export function checkApproved({ plan }: SavedPlan, now: Plan): void {
  const moved = movedSince(plan, now);
  if (moved.length === 0) return;
  throw new UserError(
    `Since the plan was approved, something changed, so nothing was applied:\n${moved.map((m) => `  - ${m}`).join('\n')}`,
    'Plan again, and let that be approved.',
  );
}
