import { describe, expect, it } from 'vitest';
import { desiredOf } from '../fixtures/bundle.ts';
import { changesOf, plan, provision, stage } from '../harness.ts';

const desired = desiredOf();
const only = { options: { only: 'grafana' as const } };
const uid = 'deployment-slo';
/** A stage that is provisioned, and what is put aside by later runs. */
async function provisioned() {
  const on = stage();
  await provision(on, desired, only);
  const kept = new Map<string, string>();
  const keep = (name: string, text: string): string => {
    kept.set(name, text);
    return `overwritten/${name}`;
  };
  const forced = () => provision(on, desired, { ...only, flags: { force: true }, world: { keep } });
  return { on, kept, forced };
}

describe('a dashboard that was saved in the editor of Grafana 13', () => {
  it('is shown as edited with what differs, kept, and written as classic JSON with --force', async () => {
    const { on, kept, forced } = await provisioned();
    on.grafana.editNewer(uid, (spec) => ({ ...spec, title: 'Mine', refresh: '30s' }));
    const planned = await plan(on, desired, only);
    expect(changesOf(planned)).toEqual([`edited dashboard ${uid}`]);
    expect(planned.output).toContain('saved by Grafana’s editor in its newer format (v2)');
    expect(planned.output).toContain('title Mine → Dashboard deployment-slo');
    expect(planned.output).toContain('refresh 30s → 10s');
    expect((await provision(on, desired, only)).result?.code).toBe(1);
    const ran = await forced();
    expect(ran.result?.code, ran.output).toBe(0);
    expect(ran.output).toContain('what was there is kept in overwritten/deployment-slo.');
    const [text = ''] = kept.values();
    expect(JSON.parse(text)).toMatchObject({ title: 'Mine', elements: { 'panel-1': { kind: 'Panel' } } });
    expect(on.grafana.state.get('dashboards', uid)).toMatchObject({ storedVersion: 'v1' });
    expect(changesOf(await plan(on, desired, only))).toEqual([]);
  });

  it('names what classic JSON cannot say', async () => {
    const { on, forced } = await provisioned();
    on.grafana.editNewer(
      uid,
      (spec) => spec,
      (newer) => ({ ...newer, layout: { kind: 'TabsLayout', spec: { tabs: [{ layout: newer.layout }] } } }),
    );
    const planned = await plan(on, desired, only);
    expect(planned.output).toContain('tabs, which go: classic JSON does not know them');
    expect(changesOf(planned)).toEqual([`edited dashboard ${uid}`]);
    expect((await forced()).result?.code).toBe(0);
  });

  it('can be brought back also when Grafana cannot convert it', async () => {
    const { on, kept, forced } = await provisioned();
    on.grafana.editNewer(uid, (spec) => ({ ...spec, title: 'Odd' }), undefined, true);
    const planned = await plan(on, desired, only);
    expect(planned.output).toContain('Grafana cannot show it as classic JSON');
    expect(changesOf(planned)).toEqual([`edited dashboard ${uid}`]);
    expect((await forced()).result?.code).toBe(0);
    expect(JSON.parse([...kept.values()][0] ?? '')).toMatchObject({ title: 'Odd' });
  });

  it('and only saved, is written in the classic format without a switch', async () => {
    const { on } = await provisioned();
    on.grafana.editNewer(uid, (spec) => spec);
    const ran = await provision(on, desired, only);
    expect(ran.result?.code, ran.output).toBe(0);
    expect(on.grafana.state.get('dashboards', uid)?.storedVersion).toBe('v1');
  });

  it('keeps the classic one that was edited by hand, too', async () => {
    const { on, kept, forced } = await provisioned();
    on.grafana.edit(uid, (spec) => ({ ...spec, title: 'Mine' }));
    expect((await forced()).result?.code).toBe(0);
    expect(JSON.parse([...kept.values()][0] ?? '')).toMatchObject({
      title: 'Mine',
      panels: expect.any(Array),
    });
  });
});
