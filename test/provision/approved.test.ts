import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSavedPlan, savedPlan } from '../../src/provision/approved.ts';
import type { Options } from '../../src/provision/context.ts';
import { alertRules, dashboard, desiredOf, ledgerRules } from './fixtures/bundle.ts';
import {
  changesOf,
  grafanaToken,
  plan,
  prometheusPassword,
  provision,
  type Stage,
  stage,
} from './harness.ts';

const desired = desiredOf();
const flags = { adopt: false, force: false, prune: false, createDatasource: false };
/** Plans, and writes and reads the plan as the command does. */
async function approved(on: Stage, options: Partial<Options> = {}) {
  const ran = await plan(on, desired, { options });
  const text = JSON.stringify(savedPlan(ran.result!.plan, { only: undefined, flags, ...options }));
  expect(text).not.toContain(grafanaToken);
  expect(text).not.toContain(prometheusPassword);
  return parseSavedPlan(text, 'plan.json');
}
const apply = async (on: Stage, saved: Awaited<ReturnType<typeof approved>>) =>
  await provision(on, desired, { options: { approved: saved, only: saved.only } });
const directoryStage = async (work: (on: Stage) => Promise<void>): Promise<void> => {
  const on = stage('directory');
  try {
    await work(on);
  } finally {
    rmSync(on.directory ?? '', { recursive: true, force: true });
  }
};

describe('a plan that was approved', () => {
  it('is applied as it is', async () => {
    await directoryStage(async (on) => {
      const saved = await approved(on);
      const ran = await apply(on, saved);
      expect(ran.result?.code, ran.output).toBe(0);
      expect(changesOf(await plan(on, desired))).toEqual([]);
    });
  });

  it.each<[string, (on: Stage) => void, RegExp]>([
    [
      'an edit in Grafana',
      (on) => on.grafana.edit('deployment-slo', () => ({ title: 'x', panels: [] })),
      /deployment-slo/,
    ],
    ['another rule file', (on) => on.rules.load([]), /rule group ledger/],
  ])('is refused after %s', async (_, move, words) => {
    await directoryStage(async (on) => {
      await provision(
        on,
        desiredOf({ rules: { 'ledger.yml': ledgerRules, 'alerts.yml': alertRules.replace('2', '3') } }),
      );
      const saved = await approved(on);
      move(on);
      const writes = on.rules.reloads;
      const ran = await apply(on, saved);
      expect(ran.output).toContain('Since the plan was approved, something changed, so nothing was applied');
      expect(ran.output).toMatch(words);
      expect(on.rules.reloads).toBe(writes);
    });
  });

  it('is refused for another version, and a file that is none is told as such', async () => {
    const on = stage();
    const saved = await approved(on, { only: 'grafana' });
    const other = desiredOf({ dashboards: [dashboard('deployment-slo', 'Other')] });
    const ran = await provision(on, other, { options: { approved: saved, only: 'grafana' } });
    expect(ran.output).toContain('version is another one');
    for (const text of ['', '{}', 'null', '{"format":2}'])
      expect(() => parseSavedPlan(text, 'plan.json')).toThrow('plan.json is no plan that this version wrote');
  });
});

describe('some dashboards alone', () => {
  it('are provisioned, and nothing else', async () => {
    const on = stage();
    const options = { only: 'grafana' as const, dashboards: ['deployment-slo'] };
    const ran = await provision(on, desired, { options });
    expect(ran.result?.code, ran.output).toBe(0);
    expect(on.grafana.state.all('dashboards').map((d) => d.name)).toEqual(['deployment-slo']);
    expect(on.grafana.state.annotations).toEqual([]);
    const unknown = await plan(on, desired, { options: { ...options, dashboards: ['nope'] } });
    expect(unknown.output).toContain('There is no dashboard nope');
  });
});

describe('--destroy', () => {
  const destroy = { options: { destroy: true }, flags: { prune: true } };

  it('removes what is ours, planned like anything else, and leaves what is not', async () => {
    await directoryStage(async (on) => {
      await provision(on, desired);
      on.grafana.edit('theirs', () => ({ title: 'Theirs', panels: [] }));
      const planned = await plan(on, desired, destroy);
      expect(new Set(changesOf(planned).map((c) => c.split(' ')[0]))).toEqual(new Set(['delete']));
      const ran = await provision(on, desired, destroy);
      expect(ran.result?.code, ran.output).toBe(0);
      expect(on.grafana.state.all('dashboards').map((d) => d.name)).toEqual(['theirs']);
      expect(on.rules.groups).toEqual([]);
      expect(readdirSync(on.directory ?? '')).toEqual([]);
      expect(changesOf(await plan(on, desired, destroy))).toEqual([]);
      expect((await provision(on, desired)).result?.code).toBe(0);
    });
  });

  it('keeps what was edited by hand, without --force', async () => {
    await directoryStage(async (on) => {
      await provision(on, desired);
      on.grafana.edit('deployment-slo', (spec) => ({ ...spec, description: 'x' }));
      await provision(on, desired, destroy);
      expect(on.grafana.state.get('dashboards', 'deployment-slo')).toBeDefined();
      expect(existsSync(join(on.directory ?? '', 'ledger.yml'))).toBe(false);
    });
  });

  it('empties the namespace of a ruler', async () => {
    const on = stage('ruler');
    await provision(on, desired, { options: { only: 'prometheus' } });
    const ran = await provision(on, desired, { ...destroy, options: { destroy: true, only: 'prometheus' } });
    expect(ran.result?.code, ran.output).toBe(0);
    expect([...(on.ruler.namespaces.get('deployment-observability') ?? new Map()).keys()]).toEqual([]);
  });
});
