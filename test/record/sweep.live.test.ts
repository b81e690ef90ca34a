import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { doomedGroups, type ListedGroup } from '../../src/record/sweep.ts';
import { staleGroups } from '../../src/record/sweep-named.ts';
import { type RunningServer, startPushgateway } from '../../src/servers/start.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import { type FakeRequest, type FakeResponse, json } from '../fakes/wire/types.ts';
import { FaultProxy } from './fault-proxy.ts';
import { groupsOf, jobEnv, record } from './helpers.ts';

const now = 1_800_000_000_000;
const hour = 3_600_000;
const family = (ms: number): unknown => ({ metrics: [{ labels: {}, value: String(ms / 1000) }] });
/** A group as the gateway lists it; times are hours before now. */
function group(labels: Record<string, string>, pushed: number, finished?: number): ListedGroup {
  return {
    labels: { job: 'deployment-pipeline', environment: 'production', ...labels },
    last_push_successful: true,
    push_time_seconds: family(now - pushed * hour),
    ...(finished !== undefined && { deployment_finished_timestamp_seconds: family(now - finished * hour) }),
  };
}
const doomed = (...groups: ListedGroup[]): string[] =>
  doomedGroups(groups, now, 2 * hour).flatMap(({ groups: all }) =>
    all.map((labels) => Object.values(labels).join(' ')),
  );

describe('what is swept', () => {
  test('a deployment that finished more than two hours ago, its own group last', () => {
    const stage = { deployment_id: '1', service: 'api', stage: 'build' };
    expect(
      doomed(
        group({ deployment_id: '1' }, 3, 3),
        group(stage, 3.1),
        group({ deployment_id: '1', resource: 'x' }, 3),
      ),
    ).toEqual(['production 1 api build', 'production 1 x', 'production 1']);
  });
  test('not one that finished less than two hours ago', () => {
    expect(doomed(group({ deployment_id: '1' }, 1.9, 1.9))).toEqual([]);
  });
  test('one whose finish lies in the future, by a wrong clock', () => {
    expect(doomed(group({ deployment_id: '1' }, 3, -9_000))).toEqual(['production 1']);
  });
  test('not one that finished long ago and was rolled back just now', () => {
    const rollback = { deployment_id: '1', service: 'api', stage: 'rollback' };
    expect(doomed(group({ deployment_id: '1' }, 5, 5), group(rollback, 0.5))).toEqual([]);
    expect(doomed(group({ deployment_id: '1' }, 5, 5), group(rollback, 2.5))).toHaveLength(2);
  });
  test('not one that was reported late: what counts is when it was pushed', () => {
    expect(doomed(group({ deployment_id: '1' }, 0.1, 50))).toEqual([]);
  });
  test('an unfinished one after a day without a word', () => {
    expect(doomed(group({ deployment_id: '1' }, 23))).toEqual([]);
    expect(
      doomed(group({ deployment_id: '1' }, 25), group({ deployment_id: '1', test_name: 't' }, 23)),
    ).toEqual([]);
    expect(doomed(group({ deployment_id: '1' }, 25))).toEqual(['production 1']);
  });
  test('what is left of a deployment whose own group is gone, after a day', () => {
    expect(doomed(group({ deployment_id: '1', test_name: 't' }, 23))).toEqual([]);
    expect(doomed(group({ deployment_id: '1', test_name: 't' }, 25))).toEqual(['production 1 t']);
  });
  test('each deployment for itself, also with the same id in two environments', () => {
    const staging = { deployment_id: '1', environment: 'staging' };
    expect(
      doomed(group({ deployment_id: '1' }, 3, 3), group(staging, 1, 1), group({ deployment_id: '2' }, 3, 3)),
    ).toEqual(['production 1', 'production 2']);
  });
  test('nothing that is not ours', () => {
    const other = (labels: Record<string, string>): ListedGroup =>
      group({ deployment_id: '1', ...labels }, 100, 100);
    expect(
      doomed(
        other({ job: 'backup' }),
        other({ instance: '77' }),
        other({ stage: 'build' }),
        other({ zone: 'x' }),
      ),
    ).toEqual([]);
    const bare: ListedGroup = { labels: { job: 'deployment-pipeline' }, push_time_seconds: family(0) };
    expect(doomed(bare)).toEqual([]);
  });
  test('a group that was only ever refused, after a day', () => {
    expect(doomed({ ...group({ deployment_id: '1' }, 0), push_time_seconds: family(0) })).toEqual([
      'production 1',
    ]);
  });
  test('not the deployment that is starting', () => {
    const groups = [group({ deployment_id: '1' }, 100, 100)];
    expect(doomedGroups(groups, now, 0, { environment: 'production', deployment_id: '1' })).toEqual([]);
  });
});

describe('sweeping a real gateway', () => {
  let gateway: RunningServer;
  let proxy: FaultProxy;
  beforeAll(async () => {
    gateway = await startPushgateway();
    proxy = await FaultProxy.start(gateway.url);
  });
  afterAll(async () => {
    await proxy.stop();
    await gateway.stop();
  });
  beforeEach(async () => {
    proxy.reset();
    for (const { labels } of await groupsOf(gateway.url)) {
      const path = Object.entries(labels).map(
        ([name, value]) => `${name}@base64/${Buffer.from(value).toString('base64url') || '='}`,
      );
      await fetch(`${gateway.url}/metrics/${path.sort((a) => (a.startsWith('job') ? -1 : 1)).join('/')}`, {
        method: 'DELETE',
      });
    }
    await expect.poll(() => groupsOf(gateway.url)).toEqual([]);
  });
  const env = (id: string): NodeJS.ProcessEnv => jobEnv({ PUSHGATEWAY_URL: proxy.url, DEPLOYMENT_ID: id });
  const left = async (): Promise<string[]> =>
    (await groupsOf(gateway.url)).map((g) => Object.values(g.labels).join(' ')).sort();
  /** A whole deployment; pushed now, so that it is over two hours from now. */
  async function deployment(id: string): Promise<void> {
    const job = env(id);
    await record(['start', '--no-sweep'], job);
    await record(['stage-start', '--service', 'api', '--stage', 'build'], job);
    await record(['smoke-test', '--test-name', 'a/b "c"', '--status', 'success'], job);
    await record(['migration', '--status', 'success', '--migration-name', 'ä ö'], job);
    await record(['cost', '--resource', 'vercel_build', '--usd', '1'], job);
    await record(['finish', '--outcome', 'success'], job);
  }
  const inHours = (hours: number): string => String(Date.now() / 1000 + hours * 3600);

  test('removes exactly the groups of what is over, and says how many', async () => {
    await deployment('org/1 ü');
    await fetch(`${gateway.url}/metrics/job/deployment-pipeline/instance/77`, {
      method: 'PUT',
      body: 'x 1\n',
    });
    await fetch(`${gateway.url}/metrics/job/backup/environment/production/deployment_id/1`, {
      method: 'PUT',
      body: 'x 1\n',
    });
    expect((await left()).length).toBe(7);
    expect((await record(['sweep', '--at', inHours(1.9)], env('-'))).stderr).toContain('Removed 0 groups.');
    const done = await record(['sweep', '--at', inHours(2.1)], env('-'));
    expect(done).toMatchObject({ code: 0, warnings: [] });
    expect(done.stderr).toContain('Removed 5 groups.');
    await expect
      .poll(left)
      .toEqual(expect.arrayContaining([expect.stringContaining('77'), expect.stringContaining('backup')]));
    expect(await left()).toHaveLength(2);
  });

  test('needs no deployment id, and takes another age', async () => {
    await deployment('young');
    const job = { ...env(''), DEPLOYMENT_ID: undefined };
    expect((await record(['sweep', '--older-than', '10m', '--at', inHours(0.25)], job)).stderr).toContain(
      'Removed 5 groups.',
    );
  });

  test('a dry run lists and removes nothing', async () => {
    await deployment('dry');
    const done = await record(['sweep', '--dry-run', '--at', inHours(3)], env('-'));
    expect(done.stdout.trim().split('\n')).toHaveLength(5);
    expect(done.stdout).toMatch(
      /DELETE \/metrics\/job\/deployment-pipeline\/deployment_id\/dry\/environment\/production\n$/,
    );
    expect(await left()).toHaveLength(5);
  });

  test('a sweep that is cut short is finished by the next one', async () => {
    await deployment('cut');
    proxy.next = ['pass', 'pass', 'reset'];
    const done = await record(['sweep', '--at', inHours(3)], env('-'));
    expect(done.warnings).toEqual([expect.stringMatching(/not swept completely\. .*broke the connection/)]);
    await expect.poll(async () => (await left()).length).toBe(4);
    await record(['sweep', '--at', inHours(3)], env('-'));
    await expect.poll(left).toEqual([]);
  });

  test('what the gateway refuses to remove is not counted as removed', async () => {
    await deployment('kept');
    proxy.next = ['pass', 'pass', { status: 403 }];
    const done = await record(['sweep', '--at', inHours(3), '--strict'], env('-'));
    expect(done.code).toBe(1);
    expect(done.stderr).toContain('Removed 1 group.');
    expect(done.warnings).toEqual([
      expect.stringMatching(/not swept completely\. .*refused the credentials \(403\)/),
    ]);
    await expect.poll(async () => (await left()).length).toBe(4);
  });

  test('a start never lists the gateway', async () => {
    await deployment('before');
    await record(['start'], env('next'));
    expect(proxy.seen.map(({ method }) => method)).not.toContain('GET');
    expect(proxy.seen.map(({ method }) => method)).not.toContain('DELETE');
  });

  describe('by the names that Prometheus knows', () => {
    let prometheus: Listening;
    let answer: (request: FakeRequest) => FakeResponse;
    beforeAll(async () => {
      prometheus = await listen((request) => answer(request));
    });
    afterAll(() => prometheus.stop());
    const rows = (...groups: Record<string, string>[]): FakeResponse =>
      json(200, {
        status: 'success',
        data: {
          resultType: 'vector',
          result: groups.map((labels) => ({
            metric: { job: 'deployment-pipeline', environment: 'production', instance: '', ...labels },
            value: [0, '-1'],
          })),
        },
      });
    const job = (id: string): NodeJS.ProcessEnv => ({ ...env(id), PROMETHEUS_URL: prometheus.url });

    test('a start removes whole deployments, their own groups last, and never itself', async () => {
      await deployment('old');
      await deployment('young');
      answer = () =>
        rows(
          { deployment_id: 'old' },
          { deployment_id: 'old', service: 'api', stage: 'build' },
          { deployment_id: 'old', test_name: 'a/b "c"' },
          { deployment_id: 'old', service: 'database', stage: 'migration', migration_name: 'ä ö' },
          { deployment_id: 'old', resource: 'vercel_build' },
          { deployment_id: 'next' },
          { deployment_id: 'foreign', zone: 'x' },
        );
      await record(['start'], job('next'));
      await expect.poll(async () => (await left()).filter((name) => name.includes('old'))).toEqual([]);
      expect((await left()).filter((name) => name.includes('young'))).toHaveLength(5);
      expect((await left()).filter((name) => name.includes('next'))).toHaveLength(1);
      expect(proxy.seen.filter(({ method }) => method === 'DELETE').at(-1)?.path).not.toContain('service');
      expect(proxy.seen.map(({ method }) => method)).not.toContain('GET');
    });

    test('it takes no longer than 200 ms of a start, and warns of nothing', async () => {
      answer = () => json(503, {});
      expect(await record(['start'], job('down'))).toMatchObject({ code: 0, warnings: [] });
      await deployment('slow');
      answer = () => rows({ deployment_id: 'slow' });
      proxy.next = ['pass', 'silent'];
      const begun = performance.now();
      const done = await record(['start'], job('next'));
      expect(done).toMatchObject({ code: 0, warnings: [] });
      // Far below the seconds that a request may take; a busy machine adds to the 200 ms.
      expect(performance.now() - begun).toBeLessThan(2_500);
    });
  });
});

test('what is removed is at most two deployments, the oldest ones', () => {
  const row = (deployment_id: string, more: Record<string, string> = {}) => ({
    labels: { job: 'deployment-pipeline', environment: 'production', deployment_id, ...more },
  });
  const groups = staleGroups([row('1', { resource: 'x' }), row('2'), row('1'), row('3')], {
    environment: 'production',
    deployment_id: 'mine',
  });
  expect(groups).toEqual([
    [
      { environment: 'production', deployment_id: '1', resource: 'x' },
      { environment: 'production', deployment_id: '1' },
    ],
    [{ environment: 'production', deployment_id: '2' }],
  ]);
});
