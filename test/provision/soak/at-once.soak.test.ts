import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EnvironmentFailure, UserError } from '../../../src/lib/errors.ts';
import type { Desired } from '../../../src/provision/desired.ts';
import { toApply } from '../../../src/provision/model.ts';
import { type Fault, faultKinds, seeded } from '../../fakes/wire/faults.ts';
import { alertRules, desiredOf, ledgerRules } from '../fixtures/bundle.ts';
import { type DeliveryName, plan, provision, type Ran, type Stage, stage } from '../harness.ts';

const runs = Number(process.env.SOAK_RUNS ?? 42);
/** One seed alone, to look into it. */
const only = process.env.SOAK_SEED;
const batches = 6;

const parts = { options: { only: 'prometheus' as const } };
const version = (n: number): Desired =>
  desiredOf({
    rules: {
      'ledger.yml': ledgerRules.replace('== bool 1', `== bool ${n}`),
      'alerts.yml': alertRules.replace('== 2', `== ${n}`),
      ...(n > 5 && { [`extra-${n}.yml`]: ledgerRules.replaceAll('ledger', `extra-${n}`) }),
    },
  });
const earlier = version(1);
const commitOf = (n: number): string => `${n}`.repeat(40).slice(0, 40);

/** Two people provision different versions at once, over a bad network. */
interface Race {
  readonly on: Stage;
  readonly versions: readonly [number, number];
  readonly random: () => number;
  readonly rate: number;
  /** Requests that the first has made when the second begins. */
  readonly head: number;
}

async function race(seed: number): Promise<Race> {
  const random = seeded(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const versions = pick([
    [6, 7],
    [7, 3],
    [3, 4],
  ] as const);
  const images = new Map([1, ...versions].map((n) => [commitOf(n), version(n)]));
  const on = stage(pick(['railway', 'ruler', 'directory'] as DeliveryName[]), {}, images);
  if (random() < 0.6) {
    const first = await provision(on, earlier, { ...parts, world: { commit: () => commitOf(1) } });
    expect(first.result?.code, first.output).toBe(0);
    on.clock.pass(3_600_000);
  }
  if (on.directory)
    writeFileSync(join(on.directory, 'theirs.yml'), ledgerRules.replace('name: ledger', 'name: theirs'));
  on.ruler.put('theirs', [{ name: 'theirs', rules: [{ record: 'a:b', expr: 'up' }] }]);
  return { on, versions, random, rate: pick([0, 0, 0.02, 0.08, 0.2]), head: Math.floor(random() * 30) };
}

/** Runs one of the two. @param asked counts its requests */
const runOne = ({ on, random, rate }: Race, n: number, asked: { count: number }): Promise<Ran> =>
  provision(on, version(n), {
    ...parts,
    world: { commit: () => commitOf(n) },
    faults: () => {
      asked.count++;
      return random() < rate ? (faultKinds[Math.floor(random() * faultKinds.length)] as Fault) : 'none';
    },
  });

async function soakOn(r: Race): Promise<'one' | 'none' | 'both'> {
  const { on, versions } = r;
  const asked = { count: 0 };
  let ended = false;
  const first = runOne(r, versions[0], asked).finally(() => {
    ended = true;
  });
  while (asked.count < r.head && !ended) await new Promise((resolve) => setImmediate(resolve));
  const startedTogether = !ended;
  const all = await Promise.all([first, runOne(r, versions[1], { count: 0 })]);
  for (const { error } of all)
    if (error && !(error instanceof EnvironmentFailure) && !(error instanceof UserError)) throw error;
  const winners = versions.filter((_, i) => all[i]?.result?.code === 0);
  const output = all.map((ran) => ran.output).join('\n\n');

  // A run that reports proven rules is not undone by the other.
  on.clock.pass(1_300_000);
  on.railway.tick();
  const [winner] = winners;
  const mayGoOn = output.includes('may still go live');
  if (winners.length === 1 && winner !== undefined && startedTogether && !mayGoOn)
    expect(on.rules.versions(), output).toEqual([version(winner).version]);
  if (on.directory)
    expect(readdirSync(on.directory).filter((name) => /\.tmp$|\.lock$/.test(name))).toEqual([]);
  expect(on.ruler.namespaces.get('theirs')?.has('theirs')).toBe(true);

  // The next run completes it, and takes nothing that either left for an edit by hand.
  const [, last] = versions;
  const next = await provision(on, version(last), { ...parts, world: { commit: () => commitOf(last) } });
  expect(next.result?.code, `${output}\n\n${next.output}`).toBe(0);
  expect(on.rules.versions()).toEqual([version(last).version]);
  expect(toApply((await plan(on, version(last), parts)).result!.plan)).toEqual([]);
  return winners.length === 0 ? 'none' : winners.length === 1 ? 'one' : 'both';
}

async function soak(seed: number): Promise<'one' | 'none' | 'both'> {
  const r = await race(seed);
  try {
    return await soakOn(r);
  } finally {
    if (r.on.directory) rmSync(r.on.directory, { recursive: true });
  }
}

describe.runIf(only)('one seed', () => {
  it(`seed ${only}`, async () => {
    await soak(Number(only));
  });
});

describe.skipIf(only)('different versions at once over a bad network', () => {
  it.each(Array.from({ length: batches }, (_, i) => i))(
    'batch %i',
    async (batch) => {
      const ends = { one: 0, none: 0, both: 0 };
      for (let i = 0; i < runs / batches; i++) {
        const seed = batch * 1_000_000 + i;
        try {
          ends[await soak(seed)]++;
        } catch (error) {
          (error as Error).message = `seed ${seed}: ${(error as Error).message}`;
          throw error;
        }
      }
      if (runs / batches >= 30) expect(ends.one).toBeGreaterThan(0);
    },
    120_000,
  );
});
