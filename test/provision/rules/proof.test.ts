import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { text } from '../../fakes/wire/types.ts';
import { alertRules, desiredOf, ledgerRules } from '../fixtures/bundle.ts';
import { plan, provision, stage } from '../harness.ts';

const only = { options: { only: 'prometheus' as const } };
/** A bundle with a group whose turn comes every two minutes. */
const slowRules = (expr: string): string =>
  `groups:\n  - name: slow\n    interval: 2m\n    rules:\n      - record: a:b\n        expr: ${expr}\n        labels:\n          kind: x\n`;
const desired = (expr: string) =>
  desiredOf({ rules: { 'ledger.yml': ledgerRules, 'slow.yml': slowRules(expr) } });

const using = async (work: (on: ReturnType<typeof stage>) => Promise<void>): Promise<void> => {
  const on = stage('directory');
  try {
    await work(on);
  } finally {
    rmSync(on.directory ?? '', { recursive: true, force: true });
  }
};

describe('the time of a proof', () => {
  it('does not wait for the turn of a slow group, whose expressions the server answers', async () => {
    await using(async (on) => {
      const start = on.clock.now();
      const first = await provision(on, desired('up'), only);
      expect(first.result?.code, first.output).toBe(0);
      expect(on.clock.now() - start).toBeLessThan(60_000);
      expect(first.output).toContain('1 group will take their first turn within minutes');
      on.clock.pass(600_000);
      const again = on.clock.now();
      const changed = await provision(on, desired('up == 1'), only);
      expect(changed.result?.code, changed.output).toBe(0);
      expect(on.clock.now() - again).toBeLessThan(35_000);
      on.clock.pass(600_000);
      const idle = on.clock.now();
      expect((await provision(on, desired('up == 1'), only)).result?.code).toBe(0);
      expect(on.clock.now() - idle).toBeLessThan(5000);
    });
  });

  it('asks before it writes: a rule that cannot be evaluated is named, and nothing is delivered', async () => {
    await using(async (on) => {
      await provision(on, desired('up'), only);
      on.rules.unanswerable.set('many', 'many-to-many matching not allowed');
      const { reloads } = on.rules;
      const ran = await provision(on, desired('many'), only);
      expect(ran.result?.code).toBe(1);
      expect(ran.output).toContain('Nothing was delivered, because this Prometheus cannot evaluate');
      expect(ran.output).toContain('slow.yml › slow › a:b: many-to-many matching not allowed');
      expect(on.rules.reloads).toBe(reloads);
    });
  });

  it('says which version knows keep_firing_for to a server that loads nothing and says nothing', async () => {
    await using(async (on) => {
      on.rules.onReload = () => text(204, '');
      const holds = alertRules.replace('annotations:', 'keep_firing_for: 5m\n        annotations:');
      const ran = await provision(on, desiredOf({ rules: { 'alerts.yml': holds } }), only);
      expect(ran.result?.code).toBe(1);
      expect(ran.output).toContain('None was loaded.');
      expect(ran.output).toContain('vmalert of VictoriaMetrics 1.92');
      const without = await provision(on, desiredOf({ rules: { 'alerts.yml': alertRules } }), only);
      expect(without.output).toContain('group alerts is missing');
      expect(without.output).not.toContain('None was loaded.');
    });
  });

  it('asks once more when it is loaded, and takes back what then fails', async () => {
    await using(async (on) => {
      await provision(on, desired('up'), only);
      on.clock.pass(600_000);
      const load = on.rules.onReload;
      // The ledger's new series make the expression ambiguous.
      on.rules.onReload = () => {
        on.rules.unanswerable.set('up == 9', 'many-to-many matching not allowed');
        return load();
      };
      const ran = await provision(on, desired('up == 9'), only);
      expect(ran.result?.code).toBe(1);
      expect(ran.output).toContain('cannot evaluate what is defined: slow.yml › slow › a:b');
      expect(ran.output).toContain('The rule files from before were put back and loaded.');
      expect((await plan(on, desired('up'), only)).result?.code).toBe(0);
    });
  });

  it('sees series that a rule’s own labels make the same', async () => {
    await using(async (on) => {
      on.rules.results = (expr) =>
        expr === 'up'
          ? [{ metric: { __name__: 'up', kind: 'a' } }, { metric: { __name__: 'up', kind: 'b' } }]
          : [];
      const ran = await provision(on, desired('up'), only);
      expect(ran.output).toContain('its labels make two series of the result the same ([["kind","x"]])');
      expect(ran.result?.code).toBe(1);
    });
  });
});

describe('both halves are read at once', () => {
  it('and what is wrong with both is said at once', async () => {
    const on = stage();
    const ran = await plan(on, desiredOf(), {
      env: { GRAFANA_URL: 'https://nowhere.example', PROMETHEUS_URL: 'https://neither.example' },
    });
    expect(ran.output).toContain('Grafana at nowhere.example');
    expect(ran.output).toContain('Prometheus at neither.example');
    expect(ran.error).toMatchObject({ notDone: 'nothing was planned and nothing was changed' });
  });
});
