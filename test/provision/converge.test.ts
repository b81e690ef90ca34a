import { describe, expect, it } from 'vitest';
import { inProject } from '../../src/lib/root.ts';
import { readDesired } from '../../src/provision/desired.ts';
import type { Profile } from '../fakes/grafana/grafana.ts';
import { dashboard, desiredOf } from './fixtures/bundle.ts';
import { changesOf, commit, type DeliveryName, plan, provision, type Stage, stage } from './harness.ts';

const profiles: readonly Profile[] = ['11', '12', '13'];
const deliveries: readonly DeliveryName[] = ['railway', 'ruler'];

/** A stage whose Railway would build `desired` from the commit. */
const stageFor = (delivery: DeliveryName, profile: Profile, desired: ReturnType<typeof desiredOf>): Stage =>
  stage(delivery, { profile }, new Map([[commit, desired]]));

describe.each(profiles)('Grafana %s', (profile) => {
  it.each(deliveries)('plan, apply, empty plan, by %s', async (delivery) => {
    const desired = desiredOf();
    const on = stageFor(delivery, profile, desired);
    const first = await plan(on, desired);
    expect(first.output).toContain('create');
    expect(first.result?.code).toBe(2);
    expect(on.grafana.state.objects.size).toBe(0);

    const applied = await provision(on, desired);
    expect(applied.output).toContain('7 of 7 changes applied.');
    expect(applied.result?.code).toBe(0);

    const again = await plan(on, desired);
    expect(changesOf(again)).toEqual([]);
    expect(again.result?.code).toBe(0);
    const state = on.grafana.state;
    expect(state.all('dashboards').map((d) => [d.name, d.folder])).toEqual([
      ['deployment-pipeline', 'deployment-observability'],
      ['deployment-slo', 'deployment-observability'],
    ]);
    expect(state.annotations).toHaveLength(1);
    expect(on.rules.versions()).toEqual([desired.version]);

    // Applying again writes nothing at all.
    const repeated = await provision(on, desired);
    expect(repeated.result?.code).toBe(0);
    const writes = repeated.exchanges.filter((e) => e.method !== 'GET' && !/graphql|query$/.test(e.url));
    expect(writes).toEqual([]);
  });

  it('updates what changed and nothing else', async () => {
    const before = desiredOf();
    const on = stageFor('ruler', profile, before);
    await provision(on, before);
    const versions = on.grafana.state.all('dashboards').map((d) => d.resourceVersion);

    const after = desiredOf({
      dashboards: [dashboard('deployment-pipeline'), dashboard('deployment-slo', 'SLOs', 'up == 0')],
    });
    const ran = await provision(on, after);
    expect(ran.output).toContain('title Dashboard deployment-slo → SLOs');
    expect(ran.output).toContain('Success rate › query A');
    expect(ran.result?.code).toBe(0);
    const now = on.grafana.state.all('dashboards').map((d) => d.resourceVersion);
    expect(now[0]).toBe(versions[0]);
    expect(now[1]).not.toBe(versions[1]);
    expect(changesOf(await plan(on, after))).toEqual([]);
    expect(on.grafana.state.annotations).toHaveLength(2);
  });
});

describe('the bundle of this project', () => {
  const desired = readDesired(inProject('generated'));
  it.each(profiles)('plan, apply, empty plan, by both deliveries (Grafana %s)', async (profile) => {
    for (const delivery of deliveries) {
      const on = stageFor(delivery, profile, desired);
      const applied = await provision(on, desired);
      expect(applied.result?.code, applied.output).toBe(0);
      const again = await plan(on, desired);
      expect(changesOf(again)).toEqual([]);
      expect(again.result?.code).toBe(0);
    }
  });
});
