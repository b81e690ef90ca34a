import { EnvironmentFailure, UserError } from '../../lib/errors.ts';
import { HttpFailure } from '../../lib/http.ts';
import { counted } from '../../lib/words.ts';
import { clientOf, type Dependencies, type Options } from '../context.ts';
import { type Delivered, type Delivery, DeliveryConflict, type Inspection } from '../delivery/delivery.ts';
import type { Desired } from '../desired.ts';
import {
  type Destination,
  type Flags,
  type Outcome,
  type Plan,
  type PlannedChange,
  toApply,
} from '../model.ts';
import { bundleGroup } from '../names.ts';
import { owner } from '../owner.ts';
import type { RuleGroup } from '../rule.ts';
import type { Settings } from '../settings.ts';
import { askRules } from './ask.ts';
import { chooseDelivery } from './choose.ts';
import { planRules } from './plan.ts';
import { type Expectation, type Proof, ProofFailure, prove, spellAll, standardProofMs } from './proof.ts';
import { RuleServer } from './server.ts';

/** The Prometheus half: what was found there, and what is to be done. */
export interface RulesHalf {
  readonly server: RuleServer;
  readonly delivery: Delivery;
  readonly groups: readonly RuleGroup[];
  readonly inspection: Inspection;
  readonly destination: Destination;
  readonly changes: readonly PlannedChange[];
  /** Versions that the server ran when the plan was made. */
  readonly versions: readonly string[];
}

/** Reads what the server runs and what lies where rules are delivered to, and plans. Changes nothing. */
export async function readRules(
  desired: Desired,
  settings: Settings,
  options: Options,
  world: Dependencies,
): Promise<RulesHalf | undefined> {
  if (settings.prometheus === undefined) return undefined;
  const server = new RuleServer(clientOf('Prometheus', settings.prometheus, settings, world));
  const delivery = chooseDelivery(
    settings,
    server,
    owner(desired.name, settings.environment),
    options,
    world,
  );
  if (delivery === undefined) return undefined;
  const groups = await delivery.groups(desired.rules);
  const served = await server.groups();
  const { spell, errors } = await spellAll(server, groups, served);
  if (errors.length > 0)
    throw new UserError(
      `This Prometheus cannot read some expressions, so nothing was delivered:\n${errors.map((e) => `  - ${e}`).join('\n')}`,
      'Its version may be too old for a function that they use.',
    );
  const inspection = await delivery.inspect(desired.rules);
  const changes = planRules(groups, served, inspection, spell, options.flags);
  const { base } = server.client.options;
  const pending = changes.some((c) => c.action !== 'unchanged');
  const destination: Destination = {
    target: 'prometheus',
    where: `Prometheus at ${base.href}, by ${delivery.where}`,
    ...(pending && { how: inspection.how }),
  };
  return { server, delivery, groups, inspection, destination, changes, versions: await server.versions() };
}

const all = (
  changes: readonly PlannedChange[],
  state: 'failed' | 'conflict' | 'not done' | 'unknown',
  reason: string,
): Outcome[] => changes.map((change) => ({ state, change, reason }));

/** Units that the flags permit to remove: with `--prune`, and `--force` for edited ones. */
const toRemove = ({ inspection }: RulesHalf, { prune, force }: Flags): string[] =>
  inspection.orphans.filter((o) => prune && (force || o.state !== 'edited')).map((o) => o.id);

const claimOf = (
  half: RulesHalf,
  version: string,
  removed: readonly string[],
  since: number | undefined,
  changed?: readonly string[],
): Expectation => ({
  groups: half.groups,
  inspection: half.inspection,
  version,
  since,
  changed,
  tolerated: half.inspection.orphans.filter((o) => !removed.includes(o.id)).flatMap((o) => o.groups),
});

/**
 * Nothing is to be delivered; yet a server that has just started runs the right rules and has evaluated none. What
 * builds on them waits until they are proven.
 */
async function proveAsIs(
  half: RulesHalf,
  plan: Plan,
  options: Options,
  world: Dependencies,
): Promise<Outcome[]> {
  const rules = plan.changes.filter((c) => c.target === 'prometheus');
  const bundle = rules.find((c) => c.id === bundleGroup);
  if (bundle === undefined || rules.some((c) => c.action !== 'unchanged' && c.action !== 'delete')) return [];
  const limitMs = options.proofMs ?? standardProofMs;
  try {
    const claim = claimOf(half, plan.version, [], undefined);
    await prove(half.server, claim, { limitMs, settleMs: 0, say: world.say, signal: world.signal });
    return [];
  } catch (error) {
    if (!(error instanceof EnvironmentFailure)) throw error;
    return [{ state: 'failed', change: bundle, reason: error.message }];
  }
}

const unanswered = (errors: readonly string[]): string =>
  `Nothing was delivered, because this Prometheus cannot evaluate: ${errors.slice(0, 5).join('; ')}${errors.length > 5 ? ` (and ${errors.length - 5} more)` : ''}.`;

/** Delivers the rules and proves that they run; takes the delivery back when that fails. */
export async function applyRules(
  half: RulesHalf,
  plan: Plan,
  desired: Desired,
  options: Options,
  world: Dependencies,
): Promise<Outcome[]> {
  const changes = toApply(plan).filter((c) => c.target === 'prometheus');
  if (changes.length === 0) return await proveAsIs(half, plan, options, world);
  if (plan.changes.some((c) => c.target === 'prometheus' && c.action === 'blocked'))
    return all(changes, 'not done', 'rules are delivered together, and one group is blocked');
  const remove = toRemove(half, options.flags);
  const { say, signal } = world;
  const written = half.groups.filter((g) => changes.some((c) => c.id === g.name));
  try {
    // Before anything is written: most of what a rule can be wrong in shows when it is asked.
    const errors = await askRules(half.server, written);
    if (errors.length > 0) return all(changes, 'failed', unanswered(errors));
  } catch (error) {
    if (!(error instanceof EnvironmentFailure)) throw error;
    const interrupted = error instanceof HttpFailure && error.kind === 'interrupted';
    return all(changes, interrupted ? 'not done' : 'failed', interrupted ? 'interrupted' : error.message);
  }
  let delivered: Delivered;
  try {
    delivered = await half.delivery.deliver(desired.rules, half.inspection, { remove, say, signal });
  } catch (error) {
    if (!(error instanceof EnvironmentFailure)) throw error;
    if (error instanceof HttpFailure && error.kind === 'interrupted')
      return all(changes, 'not done', 'interrupted');
    return all(changes, error instanceof DeliveryConflict ? 'conflict' : 'failed', error.message);
  }
  const { since, settleMs } = delivered;
  const limitMs = options.proofMs ?? standardProofMs;
  say(`waiting for Prometheus to load and evaluate ${counted(written.length, 'changed group')}`);
  let proof: Proof;
  try {
    const changed = written.map((g) => g.name);
    const claim = claimOf(half, plan.version, remove, since, changed);
    proof = await prove(half.server, claim, { limitMs, settleMs, say, signal });
  } catch (error) {
    if (!(error instanceof EnvironmentFailure)) throw error;
    const undone = await delivered.undo(error instanceof ProofFailure && error.judged);
    return all(changes, undone.conflict ? 'conflict' : 'failed', `${error.message} ${undone.text}`);
  }
  await delivered.finish();
  if (proof.asked.length > 0)
    say(
      `${counted(proof.asked.length, 'group')} will take their first turn within minutes; Prometheus was asked for all their expressions and answers`,
    );
  return changes.map((change) => ({ state: 'done', change }));
}
