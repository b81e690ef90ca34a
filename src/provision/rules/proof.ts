import { EnvironmentFailure } from '../../lib/errors.ts';
import type { Inspection } from '../delivery/delivery.ts';
import type { RuleGroup, ServedGroup } from '../rule.ts';
import { askRules } from './ask.ts';
import { compareGroup } from './compare.ts';
import { ourGroups } from './plan.ts';
import type { Canonical, RuleServer } from './server.ts';

/** The server does not run what was delivered, or cannot evaluate it; the message names the rules. */
export class ProofFailure extends EnvironmentFailure {
  /** Whether the server answered, so that it is wrong itself and not just out of reach. */
  readonly judged: boolean;
  constructor(message: string, judged: boolean) {
    super(message);
    this.judged = judged;
  }
}

/** Conditions on a server that runs the defined rules. */
export interface Expectation {
  readonly groups: readonly RuleGroup[];
  readonly inspection: Inspection;
  readonly version: string;
  /** Server's time (Unix ms) after which each rule must have been evaluated; undefined: at least once. */
  readonly since: number | undefined;
  /** Names of the groups for which that holds, because they were changed; undefined: all. Others must have been evaluated once. */
  readonly changed: readonly string[] | undefined;
  /** Names of groups that may stay although they are not defined. */
  readonly tolerated: readonly string[];
}

/** Why a server does not yet prove a claim. A wrong `definition` does not heal by waiting for an evaluation. */
export interface Mismatch {
  readonly kind: 'definition' | 'error' | 'unseen' | 'waiting';
  readonly text: string;
  /** The group that waits for its turn, when its turn comes seldom. */
  readonly slow?: string;
}

/** Groups that are evaluated this often (seconds) are waited for; what a slower one asks, the proof asks itself. */
const quickInterval = 30;

const spelling =
  (spelled: ReadonlyMap<string, Canonical>) =>
  (expr: string): string => {
    const canonical = spelled.get(expr);
    return canonical && 'text' in canonical ? canonical.text : expr;
  };

/** Asks the server for its spelling of every expression in these groups, and returns the function that spells them. */
export async function spellAll(
  server: RuleServer,
  defined: readonly RuleGroup[],
  served: readonly ServedGroup[],
): Promise<{ spell: (expr: string) => string; errors: string[] }> {
  const theirs = new Set(served.flatMap((g) => g.rules.map((r) => r.expr)));
  const ours = defined.flatMap((g) => g.rules.map((r) => r.expr));
  // An expression that the server already spells like this needs no question.
  const wanted = [...new Set(ours)].filter((expr) => !theirs.has(expr));
  const names = new Set(defined.map((g) => g.name));
  const known = new Set(ours);
  const reported =
    wanted.length === 0
      ? []
      : served
          .filter((g) => names.has(g.name))
          .flatMap((g) => g.rules.map((r) => r.expr).filter((e) => !known.has(e)));
  const spelled = await server.spell([...wanted, ...reported]);
  const errors = defined.flatMap((g) =>
    g.rules.flatMap((r) => {
      const canonical = spelled.get(r.expr);
      return canonical && 'error' in canonical
        ? [`${g.file} › ${g.name} › ${r.name}: ${canonical.error}`]
        : [];
    }),
  );
  return { spell: spelling(spelled), errors };
}

function evaluationMismatches(group: ServedGroup, since: number | undefined): Mismatch[] {
  const broken = group.rules.filter((rule) => rule.health === 'err');
  const waiting = group.rules.filter(
    (rule) => !broken.includes(rule) && (rule.health !== 'ok' || rule.evaluatedAt <= (since ?? 0)),
  );
  const errors = broken.map((rule): Mismatch => {
    const text = `${group.name} › ${rule.name} cannot be evaluated: ${rule.error ?? 'no reason given'}`;
    return { kind: 'error', text };
  });
  // The rules of a group are evaluated one after the other, so that a group waits as a whole, or for its last ones.
  if (waiting.length === 0) return errors;
  const what =
    waiting.length === group.rules.length ? `group ${group.name}` : `${group.name} › ${waiting[0]?.name}`;
  const isSlow = (group.interval ?? 60) > quickInterval;
  const text = `${what} has not been evaluated yet`;
  return [...errors, { kind: 'waiting', text, ...(isSlow && { slow: group.name }) }];
}

/** Everything that speaks against a claim, judged on one look at the server. Pure. */
export function mismatches(
  claim: Expectation,
  served: readonly ServedGroup[],
  versions: readonly string[],
  spell: (expr: string) => string,
): Mismatch[] {
  const ours = ourGroups(served, claim.groups, claim.inspection);
  const found: Mismatch[] = claim.groups.flatMap((group): Mismatch[] => {
    const there = [...ours.defined, ...ours.twins].filter((g) => g.name === group.name);
    const [first] = there;
    if (first === undefined) return [{ kind: 'definition', text: `group ${group.name} is missing` }];
    if (there.length > 1)
      return [{ kind: 'definition', text: `group ${group.name} runs ${there.length} times` }];
    const words = compareGroup(first, group, spell);
    return words.length > 0
      ? [{ kind: 'definition', text: `group ${group.name} is another one: ${words.join('; ')}` }]
      : evaluationMismatches(first, claim.changed?.includes(group.name) === false ? undefined : claim.since);
  });
  const surplus = ours.surplus
    .filter((g) => !claim.tolerated.includes(g.name))
    .map(
      (g): Mismatch => ({ kind: 'definition', text: `group ${g.name} still runs and is no longer defined` }),
    );
  // Where nothing is to run, no version is.
  const version: Mismatch[] =
    claim.groups.length === 0 || versions.includes(claim.version)
      ? []
      : [
          {
            kind: 'waiting',
            text: `version ${claim.version} is not visible (${versions.join(', ') || 'none is'})`,
          },
        ];
  return [...found, ...surplus, ...version];
}

/** How long the proof may take at most: what is waited for gets several of its turns, and a ruler its minute to notice. */
export const standardProofMs = 180_000;

/** One look at the server. */
async function look(server: RuleServer, claim: Expectation): Promise<Mismatch[]> {
  const served = await server.groups();
  const { spell } = await spellAll(server, claim.groups, served);
  return mismatches(claim, served, await server.versions(), spell);
}

/** Limits of a proof, in milliseconds, and who hears of its progress. */
export interface Patience {
  readonly limitMs: number;
  /** After this long, a wrong definition is final. */
  readonly settleMs: number;
  readonly say: (text: string) => void;
  /** Ends the proof as failed. */
  readonly signal: AbortSignal | undefined;
}

const reportEveryMs = 15_000;
/** Prometheus reads its write-ahead log before it answers: minutes for a large one. */
const longestReplayMs = 30 * 60_000;

/** Result of a proof that the rules run as they are defined. */
export interface Proof {
  /** Groups whose turn has not come yet, and whose expressions the server answered. */
  readonly asked: readonly string[];
}

/**
 * Groups that are loaded as they are defined, and whose turn comes in minutes: the server is asked for their expressions
 * now, which is what it will do then.
 */
async function askSlow(server: RuleServer, claim: Expectation, waiting: readonly Mismatch[]): Promise<Proof> {
  const asked = waiting.flatMap(({ slow }) => slow ?? []);
  const errors = await askRules(
    server,
    claim.groups.filter((g) => asked.includes(g.name)),
  );
  if (errors.length > 0)
    throw new ProofFailure(`Prometheus cannot evaluate what is defined: ${errors.join('; ')}.`, true);
  return { asked };
}

/**
 * Waits until the server runs exactly what is defined, each rule healthy and evaluated, the version visible.
 * @throws ProofFailure that names what is missing when the time is over
 */
export async function prove(server: RuleServer, claim: Expectation, patience: Patience): Promise<Proof> {
  const { clock } = server.client;
  const { limitMs, settleMs, say, signal } = patience;
  const start = clock.now();
  let reported = start;
  let end = start + limitMs;
  for (let pause = 500; ; pause = Math.min(pause * 1.5, 2000)) {
    const found = await look(server, claim).catch((error: unknown): Mismatch[] => {
      // A server that restarts answers oddly, or its proxy does in its place: no proof of anything until the time is over.
      if (error instanceof EnvironmentFailure) return [{ kind: 'unseen', text: error.message }];
      throw error;
    });
    if (found.every((doubt) => doubt.slow !== undefined)) return await askSlow(server, claim, found);
    if (signal?.aborted)
      throw new ProofFailure('Interrupted before it was proven that the rules run.', false);
    const now = clock.now();
    const replaying = found.some((d) => d.kind === 'unseen') ? await server.replaying() : undefined;
    // It is healthy and busy: its time begins when it has read what it knew.
    if (replaying !== undefined) end = Math.min(now + limitMs, start + longestReplayMs + limitMs);
    const final = found.some((d) => d.kind === 'definition') && now - start >= settleMs;
    if (final || now >= end)
      throw new ProofFailure(
        `Prometheus does not run what is defined: ${summary(found)}${tooOld(claim, found)}`,
        found.every((d) => d.kind !== 'unseen'),
      );
    if (now - reported >= reportEveryMs) {
      reported = now;
      const why = replaying === undefined ? summary(found, 2) : `${replaying}.`;
      say(`still waiting, ${Math.round((end - now) / 1000)} s at most: ${why}`);
    }
    await clock.sleep(pause, signal);
  }
}

function summary(found: readonly Mismatch[], most = 5): string {
  const worst = [...found].sort((a, b) => rank(a) - rank(b)).map((d) => d.text);
  const more = worst.length > most ? ` (and ${worst.length - most} more)` : '';
  return `${worst.slice(0, most).join('; ').replace(/\.$/, '')}${more}.`;
}

/** Why none of our rules was loaded although the server took the order: vmalert says it in its log only. */
function tooOld({ groups }: Expectation, found: readonly Mismatch[]): string {
  const missing = found.filter(({ text }) => text.endsWith(' is missing')).length;
  const holds = groups.some(({ rules }) => rules.some(({ keepFiringFor }) => keepFiringFor > 0));
  return missing < groups.length || !holds
    ? ''
    : ' None was loaded. Is the server too old? keep_firing_for needs Prometheus 2.42, or vmalert of VictoriaMetrics 1.92; its log names the line.';
}

const rank = ({ kind }: Mismatch): number => ['definition', 'error', 'unseen', 'waiting'].indexOf(kind);
