import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { choose, servedNow } from '../../src/record/vercel/rollback.ts';
import { FakeVercel } from '../fakes/vercel/vercel.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import { jobEnv, type Outcome, pushes, record, runRecorder, temporaryFolder } from '../record/helpers.ts';
import { runnerFile } from '../record/workflow.ts';

/** A minute of Vercel passes in a second. */
const begun = Date.now();
const fastClock = { ...systemClock, now: () => begun + (Date.now() - begun) * 60 };

let vercel: FakeVercel;
let server: Listening;
beforeAll(async () => {
  server = await listen((request) => vercel.handler(request));
});
afterAll(() => server.stop());
beforeEach(() => {
  vercel = new FakeVercel(fastClock);
  for (const id of ['dpl_older', 'dpl_good', 'dpl_bad']) vercel.push(id);
});

const env = (over: Record<string, string> = {}): NodeJS.ProcessEnv =>
  jobEnv({
    PUSHGATEWAY_URL: 'disabled',
    VERCEL_API_URL: server.url,
    VERCEL_TOKEN: vercel.token,
    VERCEL_PROJECT_ID: vercel.project,
    VERCEL_ORG_ID: vercel.team,
    ...over,
  });
const run = (verb: string, argv: readonly string[] = [], over = {}): Promise<Outcome> =>
  record([verb, '--interval', '100ms', ...argv], env(over));

describe('rolling back', () => {
  it('goes to the one before, and follows it to its end', async () => {
    const { code, stdout } = await run('vercel-rollback');
    expect([code, stdout]).toEqual([0, 'Rolled back to dpl_good; its health was not checked.\n']);
    expect(vercel.serving).toBe('dpl_good');
    // Once more, and it is the one before that, although the newest is still the bad one.
    expect(await run('vercel-rollback')).toMatchObject({ code: 0 });
    expect(vercel.serving).toBe('dpl_older');
    expect((await run('vercel-rollback')).stderr).toContain('nothing to go back to');
  });

  it('goes past what never served, and to the one that is asked for', async () => {
    vercel.push('dpl_broken', { fails: true });
    vercel.push('dpl_preview', { target: 'preview' });
    expect(await run('vercel-rollback')).toMatchObject({ code: 0 });
    expect(vercel.serving).toBe('dpl_good');
    expect((await run('vercel-rollback', ['--vercel-to', 'dpl_broken'])).stderr).toContain(
      'Vercel cannot roll back to dpl_broken',
    );
  });

  it('says why Vercel refuses, and never the token', async () => {
    vercel.hobby = true;
    const far = await run('vercel-rollback', ['--vercel-to', 'dpl_older']);
    expect(far).toMatchObject({ code: 1 });
    expect(far.stderr).toContain('Vercel refused: Upgrade to Pro');
    const token = await run('vercel-rollback', [], { VERCEL_TOKEN: 'wrong-token-123' });
    expect(token.stderr).toContain('Vercel does not accept VERCEL_TOKEN for this ("Not authorized")');
    expect(token.stderr).not.toContain('wrong-token-123');
    expect((await run('vercel-rollback', [], { VERCEL_ORG_ID: '' })).stderr).toContain('Project not found');
    const unset = await run('vercel-rollback', [], { VERCEL_TOKEN: '', VERCEL_PROJECT_ID: '' });
    expect(unset.stderr).toContain('VERCEL_TOKEN and VERCEL_PROJECT_ID must be set');
    expect(vercel.serving).toBe('dpl_bad');
  });

  it('fails when Vercel does not carry it out, or not in time', async () => {
    vercel.ends = 'failed';
    expect((await run('vercel-rollback')).stderr).toContain('The rollback to dpl_good ended as failed');
    vercel = new FakeVercel(fastClock);
    for (const id of ['dpl_good', 'dpl_bad']) vercel.push(id);
    vercel.aliasMs = 1e9;
    const late = await run('vercel-rollback', ['--timeout', '300ms']);
    expect(late.stderr).toContain('did not end within 0 s (in-progress)');
    expect((await run('vercel-rollback')).stderr).toContain('is pointing production at dpl_good just now');
  });

  it('is recorded by rollback --vercel, as a stage', async () => {
    const file = await runRecorder(['rollback', '--service=web', '--reason=test_failed', '--vercel'], env());
    expect(file).toMatchObject({ code: 0, stdout: 'Rolled back to dpl_good; its health was not checked.\n' });
    const both = await record(['rollback', '--reason', 'manual', '--vercel', '--railway', '--strict'], env());
    expect(both.warnings[0]).toContain('record each by a call of its own');
    const [push] = await pushes(['rollback', '--reason', 'manual', '--vercel', '--dry-run'], env());
    expect(push).toBeUndefined();
  });
});

describe('waiting', () => {
  it('ends when the newest deployment is ready, or has failed', async () => {
    vercel.push('dpl_new', { takesMs: 20_000 });
    const output = join(temporaryFolder(), 'output');
    expect(await run('vercel-wait', [], { GITHUB_OUTPUT: output })).toMatchObject({
      code: 0,
      stdout: 'Deployment dpl_new is ready.\n',
    });
    expect(runnerFile(output)).toEqual({ status: 'READY' });
    vercel.push('dpl_broken', { fails: true });
    const failed = await run('vercel-wait');
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.stderr).toContain('Deployment dpl_broken ended as ERROR');
  });
  it('does not wait for ever', async () => {
    vercel.push('dpl_slow', { takesMs: 1e9 });
    expect((await run('vercel-wait', ['--timeout', '300ms'])).stderr).toContain('was not ready within 0 s');
  });
});

it('goes back from what serves, and not from what is newest', () => {
  const all = ['4', '3', '2', '1'].map((id) => ({ id, state: 'READY', created: Number(id) }));
  expect(choose(all, '4', undefined).id).toBe('3');
  expect(choose(all, '2', undefined).id).toBe('1');
  expect(choose(all, undefined, undefined).id).toBe('3');
  expect(() => choose(all, '1', undefined)).toThrow('nothing to go back to');
});

it('knows what serves: after a promotion the next push, after a rollback no push', () => {
  const all = ['4', '3', '2'].map((id) => ({ id, state: 'READY', created: Number(id) }));
  const last = { toDeploymentId: '2', jobStatus: 'succeeded', type: 'promote', requestedAt: 3.5 };
  expect(servedNow(all, undefined)).toBe('4');
  expect(servedNow(all, last)).toBe('4');
  expect(servedNow(all, { ...last, requestedAt: 5 })).toBe('2');
  expect(servedNow(all, { ...last, type: 'rollback' })).toBe('2');
  expect(servedNow(all, { ...last, type: 'rollback', jobStatus: 'failed' })).toBe('4');
});
