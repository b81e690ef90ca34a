import { expect, it } from 'vitest';
import { readSettings } from '../../../src/provision/settings.ts';
import { lookupIn } from '../../../src/provision/settings-source.ts';
import { desiredOf } from '../fixtures/bundle.ts';
import { changesOf, plan, provision, type Stage, stage } from '../harness.ts';

const only = { only: 'grafana' } as const;
const desired = desiredOf();
const env = (GRAFANA_FOLDER: string) => ({ GRAFANA_FOLDER });
const lies = (on: Stage, uid: string): string[] => {
  const titles: string[] = [];
  let at = on.grafana.state.get('dashboards', uid)?.folder ?? '';
  while (at !== '') {
    const folder = on.grafana.state.get('folders', at);
    titles.unshift(String(folder?.spec.title));
    at = folder?.folder ?? '';
  }
  return titles;
};

it.each([{ profile: '11' }, { version: 12 }, { version: 13 }] as const)(
  'puts dashboards into a folder within a folder, and makes what is missing ($profile)',
  async (options) => {
    const on = stage('railway', options);
    const ran = await provision(on, desired, { env: env('Platform/Deployments'), options: only });
    expect(ran.output).toContain('folder "Platform/Deployments"');
    expect(ran.result?.code).toBe(0);
    expect(lies(on, 'deployment-slo')).toEqual(['Platform', 'Deployments']);
    const again = await plan(on, desired, { env: env('Platform/Deployments'), options: only });
    expect(again.result?.code).toBe(0);
  },
);

it.each(['11', '13'] as const)(
  'uses folders that are there, and only in their place (%s)',
  async (profile) => {
    const on = stage('railway', { profile });
    const folder = (uid: string, title: string, parent: string) =>
      on.grafana.state.store('folders', uid, {
        spec: { title },
        folder: parent,
        labels: {},
        annotations: {},
        by: 'user:maria',
      });
    folder('platform', 'Platform', '');
    folder('elsewhere', 'Deployments', '');
    folder('there', 'Deployments', 'platform');
    const ran = await provision(on, desired, { env: env('Platform/Deployments'), options: only });
    expect(changesOf(ran).filter((c) => c.includes('folder'))).toEqual([]);
    expect(on.grafana.state.get('dashboards', 'deployment-slo')?.folder).toBe('there');

    folder('second', 'Platform', '');
    const unclear = await plan(on, desired, { env: env('Platform/Other'), options: only });
    expect(changesOf(unclear)).toContain('blocked folder platform');
    expect(unclear.output).toContain('waits for the folder Platform');
  },
);

it('takes a slash in a title, and refuses what Grafana does', () => {
  const read = (GRAFANA_FOLDER: string) => {
    const all = { GRAFANA_URL: 'https://g.example', GRAFANA_TOKEN: 'glsa_x', GRAFANA_FOLDER };
    return readSettings(lookupIn(all, {}, undefined), { only: 'grafana' }).grafana?.folderPath;
  };
  expect(read('CI\\/CD/Deployments')).toEqual(['CI/CD', 'Deployments']);
  expect(read(' Platform / Deployments ')).toEqual(['Platform', 'Deployments']);
  expect(() => read('a/b/c/d/e')).toThrow('has 5 levels, and Grafana nests folders in 4');
  expect(() => read('/Deployments')).toThrow('has a folder without a title');
  expect(() => read('Platform//Deployments')).toThrow('has a folder without a title');
});
