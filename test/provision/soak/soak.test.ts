import { readdirSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EnvironmentFailure, UserError } from '../../../scripts/lib/errors.ts';
import { leftAlone, toApply } from '../../../scripts/provision/model.ts';
import { grafanaToken, plan, prometheusPassword, provision, type Ran, type Stage } from '../harness.ts';
import { begin, faultsOf, othersOf, type Scenario, scenario, wanted } from './scenario.ts';

const runs = Number(process.env.SOAK_RUNS ?? 1200);
/** One seed alone, to look into it. */
const only = process.env.SOAK_SEED;
const batches = 12;

/** No secret anywhere, and credentials only at their own host. */
function checkSecrets(on: Stage, ran: Ran): void {
  const secrets = [grafanaToken, prometheusPassword, on.railway.options.token];
  for (const secret of secrets) expect(ran.output).not.toContain(secret);
  const owners: Record<string, string> = {
    [`Bearer ${grafanaToken}`]: 'grafana.example',
    [on.railway.options.token]: 'backboard.railway.com',
  };
  for (const { url, headers } of ran.exchanges)
    for (const value of Object.values(headers))
      if (owners[value]) expect(new URL(url).host).toBe(owners[value]);
  expect(ran.exchanges.map((e) => new URL(e.url).host)).not.toContain('evil.example');
}

/** A run ends well, or says clearly what was not done; never in a bug. */
function checkEnd(ran: Ran): void {
  if (ran.error !== undefined) {
    const known = ran.error instanceof EnvironmentFailure || ran.error instanceof UserError;
    if (!known) throw ran.error;
    expect(ran.output.length).toBeGreaterThan(20);
    return;
  }
  for (const outcome of ran.result?.outcomes ?? [])
    if (outcome.state !== 'done' && outcome.state !== 'already') expect(outcome.reason).not.toBe('');
}

/** Nothing twice, nothing half, and what people did by hand is as they left it. */
function checkState(s: Scenario, on: Stage, handMade: boolean): void {
  const { state } = on.grafana;
  const tags = state.annotations.flatMap((a) => a.tags.filter((tag) => tag.startsWith('bundle:')));
  expect(new Set(tags).size, 'each version is annotated once').toBe(tags.length);
  const uids = state.all('dashboards').map((d) => d.name);
  expect(new Set(uids).size).toBe(uids.length);
  expect(state.all('folders').filter((f) => f.spec.title === 'Deployments').length).toBeLessThanOrEqual(1);
  if (handMade) expect(state.get('dashboards', 'deployment-slo')?.spec.description).toBe('by hand');
  if (s.delivery === 'railway') {
    const made = on.railway.deployments.filter((d) => d.course.length > 2).length;
    expect(made, 'deployments').toBeLessThanOrEqual(s.incident === 'two at once' ? 4 : 3);
  }
}

const byHand = (on: Stage): boolean =>
  on.grafana.state.get('dashboards', 'deployment-slo')?.spec.description === 'by hand';

/** Files that a delivery needs while it is under way, and that must not stay. */
const leftOver = (on: Stage): string[] =>
  on.directory ? readdirSync(on.directory).filter((name) => /\.tmp$|\.lock$/.test(name)) : [];

async function soak(seed: number): Promise<'reached' | 'failed clearly'> {
  const s = scenario(seed);
  const on = await begin(s);
  try {
    return await soakOn(s, on);
  } finally {
    if (on.directory) rmSync(on.directory, { recursive: true });
  }
}

async function soakOn(s: Scenario, on: Stage): Promise<'reached' | 'failed clearly'> {
  const others = othersOf(on);
  const interrupt = new AbortController();
  const run = (): Promise<Ran> =>
    provision(on, wanted, { faults: faultsOf(s, on, interrupt), world: { signal: interrupt.signal } });
  const all = s.incident === 'two at once' ? await Promise.all([run(), run()]) : [await run()];
  for (const ran of all) {
    checkSecrets(on, ran);
    checkEnd(ran);
  }
  expect(othersOf(on), 'things of others').toBe(others);
  const handMade = byHand(on);
  if (s.beginning === 'edited by hand' || s.beginning === 'taken by somebody') expect(handMade).toBe(true);
  checkState(s, on, handMade);
  expect(leftOver(on)).toEqual([]);

  // What reports success is really there.
  on.grafana.token(grafanaToken, { role: 'Admin' });
  const look = await plan(on, wanted);
  const settled = all.some((ran) => ran.result?.code === 0);
  if (settled && !handMade) expect(toApply(look.result!.plan), 'left to do after success').toEqual([]);

  // The next run completes what is left, whatever happened.
  on.clock.pass(1_300_000);
  const next = await provision(on, wanted);
  expect(next.error).toBeUndefined();
  expect(next.result?.code, next.output).toBe(handMade ? 1 : 0);
  checkState(s, on, handMade);
  expect(othersOf(on), 'things of others').toBe(others);
  const last = await plan(on, wanted);
  expect(toApply(last.result!.plan)).toEqual([]);
  expect(leftAlone(last.result!.plan).map((c) => c.id)).toEqual(handMade ? ['deployment-slo'] : []);
  return settled ? 'reached' : 'failed clearly';
}

describe.runIf(only)('one seed', () => {
  it(`seed ${only}`, () => soak(Number(only)));
});

describe.skipIf(only)('a thousand seeded runs over a bad network', () => {
  it.each(Array.from({ length: batches }, (_, i) => i))(
    'batch %i',
    async (batch) => {
      const ends = { reached: 0, 'failed clearly': 0 };
      for (let i = 0; i < runs / batches; i++) {
        const seed = batch * 1_000_000 + i;
        try {
          ends[await soak(seed)]++;
        } catch (error) {
          (error as Error).message =
            `seed ${seed} (${JSON.stringify(scenario(seed))}): ${(error as Error).message}`;
          throw error;
        }
      }
      // Faults that never bite, or always, would test nothing.
      if (runs / batches < 50) return;
      expect(ends.reached).toBeGreaterThan(0);
      expect(ends['failed clearly']).toBeGreaterThan(0);
    },
    120_000,
  );
});
