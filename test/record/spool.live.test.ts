import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Entry, Spool } from '../../src/record/spool.ts';
import { type RunningServer, startPushgateway } from '../../src/servers/start.ts';
import { FaultProxy } from './fault-proxy.ts';
import { jobEnv, record, runRecorder, seriesOf, temporaryFolder, waiting } from './helpers.ts';

const entry = (what: string, since = Date.now()): Entry => ({
  method: 'PUT',
  path: 'metrics/job/x',
  body: '',
  what,
  since,
});
const gatewayUrl = new URL('http://gateway.example:9091/');

describe('the spool', () => {
  test('gives back what was put in, in that order, over many writers', () => {
    const env = jobEnv();
    const writers = Array.from({ length: 5 }, () => new Spool(env, gatewayUrl));
    for (let i = 0; i < 50; i++) writers[i % 5]!.add(entry(`event ${i}`));
    const names = writers[0]!.names();
    expect(names.map((name) => writers[1]!.read(name)!.entry.what)).toEqual(
      Array.from({ length: 50 }, (_, i) => `event ${i}`),
    );
    writers[2]!.remove(names[0]!);
    expect(writers[3]!.has(names[0]!)).toBe(false);
    expect(writers[3]!.read(names[0]!)).toBeUndefined();
    expect(writers[3]!.names()).toEqual(names.slice(1));
  });

  test('keeps gateways apart where the machine has no runner', () => {
    const env = { TMPDIR: temporaryFolder() };
    new Spool(env, gatewayUrl).add(entry('for one'));
    expect(new Spool(env, new URL('http://other.example/')).names()).toEqual([]);
  });

  test('leaves no drafts, and drops what cannot be read', () => {
    const spool = new Spool(jobEnv(), gatewayUrl);
    spool.add(entry('a'));
    writeFileSync(join(spool.folder, '000000007.json'), '{"method": "PU');
    expect(readdirSync(spool.folder).sort()).toEqual(['000000001.json', '000000007.json']);
    expect(spool.read('000000007.json')).toBeUndefined();
    expect(spool.names()).toEqual(['000000001.json']);
  });

  test('is in a folder that only its user can read, also where the machine has no runner', () => {
    const spool = new Spool({ TMPDIR: temporaryFolder() }, gatewayUrl);
    spool.add(entry('a'));
    expect(spool.folder).toMatch(/deployment-recorder-\w+/);
  });
});

describe('events that wait', () => {
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
  beforeEach(() => proxy.reset());
  const job = (id: string): NodeJS.ProcessEnv => jobEnv({ PUSHGATEWAY_URL: proxy.url, DEPLOYMENT_ID: id });
  const smoke = (name: string): string[] => ['smoke-test', '--test-name', name, '--status', 'success'];
  const sent = (): string[] => proxy.passed.map((seen) => /test_name\/(\S+)/.exec(seen.path)![1]!);

  test('are sent in order, when the gateway comes back between two of them', async () => {
    const env = job('order');
    proxy.otherwise = { status: 401 };
    for (const name of ['a', 'b', 'c']) await record(smoke(name), env);
    expect(waiting(env)).toHaveLength(3);
    proxy.reset();
    proxy.next = ['pass', 'pass', { status: 401 }];
    expect((await record(smoke('d'), env)).warnings).toHaveLength(1);
    expect(sent()).toEqual(['a', 'b']);
    await record(smoke('e'), env);
    expect(sent()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(waiting(env)).toEqual([]);
  });

  test('are sent when the address of the gateway is put right', async () => {
    const env = job('wrong-address');
    await record(smoke('a'), { ...env, PUSHGATEWAY_URL: `${proxy.url}/wrong/` });
    expect(waiting(env)).toHaveLength(1);
    await record(smoke('b'), env);
    expect(sent().slice(-2)).toEqual(['a', 'b']);
    expect(waiting(env)).toEqual([]);
  });

  test('are kept in a folder of the runner that does not exist yet', async () => {
    const env = { ...job('no-folder'), RUNNER_TEMP: join(temporaryFolder(), 'not-there') };
    proxy.otherwise = { status: 401 };
    expect((await record(smoke('a'), env)).warnings[0]).toContain('The next event of this job sends it.');
    expect(waiting(env)).toHaveLength(1);
  });

  test('a later state of the same group wins', async () => {
    const env = job('same-group');
    proxy.otherwise = { status: 401 };
    await record(['stage-start', '--service', 'api', '--stage', 'build', '--at', '1700000000'], env);
    await record(
      ['stage-finish', '--service', 'api', '--stage', 'build', '--status', 'success', '--at', '1700000009'],
      env,
    );
    proxy.reset();
    await record(smoke('x'), env);
    const names = (await seriesOf(gateway.url)).filter((s) => s.labels.stage === 'build').map((s) => s.name);
    expect(names).toContain('deployment_stage_duration_seconds');
  });

  test('one that the gateway refuses does not hold up the others', async () => {
    const env = job('refused');
    proxy.otherwise = { status: 401 };
    for (const name of ['a', 'b']) await record(smoke(name), env);
    proxy.reset();
    proxy.next = [{ status: 400, body: 'inconsistent' }];
    const done = await record(smoke('c'), env);
    expect(done.warnings).toEqual([
      'An earlier event was given up. The Pushgateway refused it (400): inconsistent. It was smoke test a (success).',
    ]);
    expect(sent()).toEqual(['b', 'c']);
    expect(waiting(env)).toEqual([]);
  });

  test('are sent by another machine, which sends nothing else that is in the folder', async () => {
    const gone = job('machine-gone');
    proxy.otherwise = { status: 503 };
    for (const name of ['a', 'b']) await record(smoke(name), gone);
    const brought = join(temporaryFolder(), 'events');
    cpSync(join(gone.RUNNER_TEMP!, 'deployment-recorder', 'spool'), brought, { recursive: true });
    const wipe = { ...entry('a wipe'), path: 'api/v1/admin/wipe' };
    writeFileSync(join(brought, '000000009.json'), JSON.stringify(wipe));
    proxy.reset();
    const other = jobEnv({ PUSHGATEWAY_URL: proxy.url });
    const done = await record(['send', '--spool', brought], other);
    expect(done.warnings).toEqual([
      'An earlier event was given up. It is no event of this transport. It was a wipe.',
    ]);
    expect(sent()).toEqual(['a', 'b']);
    expect(readdirSync(brought).filter((name) => name.endsWith('.json'))).toEqual([]);
    const held = await seriesOf(gateway.url);
    expect(
      held.filter(
        ({ name, labels }) => name === 'smoke_test_success' && labels.deployment_id === 'machine-gone',
      ),
    ).toHaveLength(2);
  });

  test('are given up after a day, with a word', async () => {
    const env = job('old');
    new Spool(env, gatewayUrl).add(entry('an old event', Date.now() - 25 * 3_600_000));
    const done = await record(smoke('a'), env);
    expect(done.warnings).toEqual([
      expect.stringContaining('It waited for more than a day. It was an old event.'),
    ]);
    expect(sent()).toEqual(['a']);
  });

  test('are sent by one of many recorders that run at once, each exactly once', async () => {
    const env = job('many');
    proxy.otherwise = { status: 401 };
    const early = Array.from({ length: 10 }, (_, i) => `early-${i}`);
    for (const name of early) await record(smoke(name), env);
    proxy.reset();
    const late = Array.from({ length: 12 }, (_, i) => `late-${i}`);
    const done = await Promise.all(late.map((name) => runRecorder(smoke(name), env)));
    // An event that could not be sent in time, because another one was sending, is sent by the next one.
    await record(smoke('last'), env);
    expect(done.map((d) => d.code)).toEqual(late.map(() => 0));
    expect([...sent()].sort()).toEqual([...early, ...late, 'last'].sort());
    expect(sent().slice(0, 10)).toEqual(early);
    expect(waiting(env)).toEqual([]);
  });

  test('survive a recorder that is killed while it sends', async () => {
    const env = job('killed');
    proxy.otherwise = { status: 401 };
    await record(smoke('a'), env);
    proxy.reset();
    const spool = new Spool(env, gatewayUrl);
    writeFileSync(
      join(spool.folder, 'sending'),
      JSON.stringify({ host: hostname(), pid: 2 ** 22 + 1, key: 'k' }),
    );
    expect((await record(smoke('b'), env)).warnings).toEqual([]);
    expect(sent()).toEqual(['a', 'b']);
  });

  test('a disk that takes nothing: one warning that says so', async () => {
    const env = { ...job('disk'), RUNNER_TEMP: '/proc/nowhere' };
    proxy.otherwise = { status: 401 };
    const done = await record(smoke('a'), env);
    expect(done).toMatchObject({
      code: 0,
      warnings: [expect.stringMatching(/refused the credentials.*could not be kept either/)],
    });
  });

  test("another user's folder is not read", async () => {
    const env = job('foreign');
    const spool = new Spool(env, gatewayUrl);
    mkdirSync(spool.folder, { recursive: true });
    expect(spool.names()).toEqual([]);
    expect((await record(smoke('a'), env)).warnings).toEqual([]);
  });
});
