import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RunCache } from '../../src/import/cache.ts';
import { fetchRuns, listRuns, requestsAhead } from '../../src/import/fetch.ts';
import { openGitHub, repositoryOf } from '../../src/import/github.ts';
import { FakeGitHub } from '../fakes/github/github.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import { day, job, run, step } from './runs.ts';

let fake = new FakeGitHub();
let server: Listening;
let said: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'import-'));
const span = { from: day, to: day + 86_400 };
beforeAll(async () => {
  server = await listen((request) => fake.handler(request));
});
beforeEach(() => {
  fake = new FakeGitHub();
  said = [];
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const github = (more: { repository?: string; token?: string } = {}) =>
  openGitHub({ url: server.url, repository: 'acme/shop', say: (text) => said.push(text), ...more });
const simple = (id: number, at: number) =>
  run(id, at, [job(id * 10, 'deploy', at + 10, [step('Deploy', at + 20, at + 50)])]);
const all = async <T>(list: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
};
const idsOf = (runs: readonly { readonly id: number }[]): number[] => runs.map(({ id }) => id);
const fetchAll = (cache: RunCache) =>
  listRuns(github(), 'deploy.yml', span).then((runs) => all(fetchRuns(github(), runs, cache, () => {})));

describe('the list of runs', () => {
  it('has every run once, oldest first, over several pages', async () => {
    for (let i = 0; i < 250; i++) fake.runs.push(simple(i + 1, day + i * 60));
    expect(idsOf(await listRuns(github(), 'deploy.yml', span))).toEqual(
      Array.from({ length: 250 }, (_, i) => i + 1),
    );
    expect(fake.requests).toBe(3);
  });

  it('has them all where GitHub would end a list at a thousand', async () => {
    for (let i = 0; i < 2_300; i++) fake.runs.push(simple(i + 1, day + i * 30));
    const listed = idsOf(await listRuns(github(), 'deploy.yml', span));
    expect(listed.length).toBe(2_300);
    expect(new Set(listed).size).toBe(2_300);
  });

  it('waits as long as GitHub says, says so, and goes on', async () => {
    fake.runs.push(simple(1, day));
    fake.remaining = 0;
    expect(idsOf(await listRuns(github(), 'deploy.yml', span))).toEqual([1]);
    expect(said.join()).toContain('GitHub allows no more requests for now: waiting');
    fake.tooFast = 1;
    expect(idsOf(await listRuns(github(), 'deploy.yml', span))).toEqual([1]);
    expect(said.join()).toContain('GitHub asks for fewer requests at a time');
  });

  it('tries again when GitHub is out of order', async () => {
    fake.runs.push(simple(1, day));
    fake.broken = 1;
    expect(idsOf(await listRuns(github(), 'deploy.yml', span))).toEqual([1]);
  });
});

describe('runs with their jobs', () => {
  it('are kept: what was read is not asked for again, unless it was run again', async () => {
    const cache = new RunCache(join(folder, 'kept'));
    for (let i = 0; i < 20; i++) fake.runs.push(simple(i + 1, day + i * 60));
    expect((await fetchAll(cache)).length).toBe(20);
    const before = fake.requests;
    expect((await fetchAll(cache)).length).toBe(20);
    expect(fake.requests - before).toBe(1);
    fake.runs[3] = run(4, day + 180, fake.runs[3]!.jobs, { run_attempt: 2 });
    const listed = await listRuns(github(), 'deploy.yml', span);
    expect(requestsAhead(listed, cache)).toBe(2);
    expect((await fetchAll(cache)).find((one) => one.run.id === 4)?.run.run_attempt).toBe(2);
  });

  it('are read anew when a file of the cache is broken', async () => {
    const cache = new RunCache(join(folder, 'broken'));
    fake.runs.push(simple(1, day));
    writeFileSync(join(folder, 'broken', '1.json'), '{"run":');
    expect((await fetchAll(cache)).length).toBe(1);
  });

  it('leave out those that were deleted meanwhile, and those that still run', async () => {
    fake.runs.push(
      simple(1, day),
      run(2, day + 60, [], { status: 'in_progress', conclusion: null }),
      simple(3, day + 120),
    );
    const listed = await listRuns(github(), 'deploy.yml', span);
    fake.runs.shift();
    const read = await all(fetchRuns(github(), listed, new RunCache(join(folder, 'deleted')), () => {}));
    expect(read.map((one) => one.run.id)).toEqual([3]);
  });

  it('bring the annotations of jobs that failed', async () => {
    const failed = job(20, 'deploy', day, [step('Deploy', day + 5, day + 9, 'failure')]);
    const annotations = { 20: [{ annotation_level: 'failure', message: 'no space left on device' }] };
    fake.runs.push(run(2, day, [failed], {}, { annotations }), simple(3, day + 60));
    const read = await fetchAll(new RunCache(join(folder, 'annotations')));
    expect(read.map((one) => one.annotations)).toEqual([annotations, {}]);
    expect(fake.requests).toBe(4);
  });

  it('are read without annotations where the token may not see them, and anew with another one', async () => {
    const failed = (id: number) => job(id, 'deploy', day, [step('Deploy', day + 5, day + 9, 'failure')]);
    fake.runs.push(
      run(2, day, [failed(20), failed(21)]),
      run(3, day + 60, [failed(30)]),
      simple(4, day + 90),
    );
    fake.mayReadChecks = false;
    const cache = new RunCache(join(folder, 'refused'));
    expect((await fetchAll(cache)).map(({ annotations }) => annotations)).toEqual([
      { 20: [], 21: [] },
      { 30: [] },
      {},
    ]);
    expect(said).toEqual([expect.stringMatching(/^Why jobs failed may not be read/)]);
    fake.mayReadChecks = true;
    expect(requestsAhead(await listRuns(github(), 'deploy.yml', span), cache)).toBe(4);
  });
});

describe('what GitHub refuses', () => {
  const refused = (more: Parameters<typeof github>[0], workflow = 'deploy.yml') =>
    expect(listRuns(github(more), workflow, span)).rejects;
  it('is a sentence with what to do', async () => {
    expect(() => repositoryOf('shop')).toThrow('"shop" is no repository.');
    const addresses = ['https://github.com/acme/shop', 'git@github.com:acme/shop.git', 'acme/shop'];
    expect(addresses.map(repositoryOf)).toEqual(addresses.map(() => 'acme/shop'));
    expect(() => openGitHub({ url: 'http://ghe.example', repository: 'acme/shop', say: () => {} })).toThrow(
      'GITHUB_API_URL must start with https://',
    );
    await refused({ token: 'ghp_wrong' }).toThrow('does not take GITHUB_TOKEN (401)');
    await refused({}, 'nowhere.yml').toThrow(
      'There is no workflow nowhere.yml of acme/shop, or it may not be seen without GITHUB_TOKEN (404).',
    );
    const answers = ['<html>Sign in</html>', 'null'];
    const odd = await listen(() => ({ status: 200, body: answers.shift()! }));
    const other = () =>
      listRuns(openGitHub({ url: odd.url, repository: 'acme/shop', say: () => {} }), 'deploy.yml', span);
    await expect(other()).rejects.toThrow('answered with something else than a list of runs');
    await expect(other()).rejects.toThrow('answered with something else than a list of runs');
    await odd.stop();
    fake.isPrivate = true;
    await refused({}).toThrow('without GITHUB_TOKEN (404)');
    fake.runs.push(simple(1, day));
    expect(idsOf(await listRuns(github({ token: fake.token }), 'deploy.yml', span))).toEqual([1]);
  });
});
