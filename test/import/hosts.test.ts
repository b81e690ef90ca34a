import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HostDeployment } from '../../src/import/hosts/host.ts';
import { joinHosts } from '../../src/import/hosts/join.ts';
import { withHosts } from '../../src/import/hosts/read.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { Deployment } from '../../src/simulator/index.ts';
import { FakeRailway } from '../fakes/railway/railway.ts';
import { FakeVercel } from '../fakes/vercel/vercel.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import { day, iso } from './runs.ts';

let railway: FakeRailway;
let vercel: FakeVercel;
let servers: Listening[];
beforeAll(async () => {
  servers = [await listen((r) => railway.handler(r)), await listen((r) => vercel.handler(r))];
});
afterAll(() => Promise.all(servers.map((one) => one.stop())));
beforeEach(() => {
  railway = new FakeRailway(systemClock);
  vercel = new FakeVercel(systemClock);
});

/** A run of five minutes that deployed nothing itself, or the API with a step. */
const deployed = (id: string, at: number, over: Partial<Deployment> = {}): Deployment => ({
  id,
  runId: id,
  runAttempt: 1,
  environment: 'production',
  triggered: at,
  started: at + 10,
  finished: at + 300,
  reported: 'success',
  branch: 'main',
  commit: `c${id}`,
  version: id,
  actor: 'ana',
  triggeredBy: 'github_actions',
  stages: [],
  health: [],
  smokeTests: [],
  migrations: [],
  errorRates: [],
  costs: [],
  rollbacks: [],
  clockOffset: 0,
  scenario: 'imported',
  ...over,
});
const hosted = (commit: string, started: number, over: Partial<HostDeployment> = {}): HostDeployment => ({
  host: 'railway',
  service: 'api',
  environment: 'production',
  commit,
  started,
  finished: started + 400,
  ok: true,
  ...over,
});

describe('deployments joined with those of their hosts', () => {
  it('gain the stage of a service that no step deploys, and last until it serves', () => {
    const { deployments, alone } = joinHosts([deployed('1', day)], [hosted('c1', day + 20)]);
    expect(alone).toBe(0);
    expect(deployments[0]).toMatchObject({ finished: day + 420, reported: 'success' });
    expect(deployments[0]!.stages).toEqual([
      {
        service: 'api',
        stage: 'deploy_railway',
        started: day + 20,
        finished: day + 420,
        status: 'success',
      },
    ]);
  });

  it('fail with what was deployed after the step that began it', () => {
    const step = {
      service: 'api',
      stage: 'deploy_railway',
      started: day + 15,
      finished: day + 25,
      status: 'success',
    } as const;
    const { deployments } = joinHosts(
      [deployed('1', day, { stages: [step] })],
      [hosted('c1', day + 20, { ok: false })],
    );
    expect(deployments[0]).toMatchObject({ reported: 'failure', finished: day + 420 });
    expect(deployments[0]!.stages).toEqual([
      { ...step, finished: day + 420, status: 'failure', errorType: 'command_failed' },
    ]);
  });

  it('of a re-run get what began in it, and a second try takes the place of the first', () => {
    const again = deployed('1-2', day + 1_000, { commit: 'c1' });
    const { deployments } = joinHosts(
      [deployed('1', day), again],
      [
        hosted('c1', day + 20, { ok: false }),
        hosted('c1', day + 1_020, { ok: false }),
        hosted('c1', day + 1_100),
      ],
    );
    expect(deployments.map(({ reported }) => reported)).toEqual(['failure', 'success']);
  });

  it('keep the name of the service where its host has only one', () => {
    const step = {
      service: 'web',
      stage: 'deploy_vercel',
      started: day,
      finished: day + 9,
      status: 'success',
    } as const;
    const { deployments } = joinHosts(
      [deployed('1', day, { stages: [step] })],
      [hosted('c1', day + 5, { host: 'vercel', service: 'relay-web' })],
    );
    expect(deployments[0]!.stages).toEqual([{ ...step, finished: day + 405 }]);
  });

  it('do not take what was deployed by hand later, elsewhere, or of another commit', () => {
    const own = [deployed('1', day)];
    const found = joinHosts(own, [
      hosted('c1', day + 86_400),
      hosted('c1', day + 20, { environment: 'staging' }),
      hosted('c2', day + 20),
    ]);
    expect(found).toEqual({ deployments: own, alone: 3 });
  });
});

const at = (seconds: number) => ({ createdAt: iso(seconds - 30), completedAt: iso(seconds) });

describe('hosts whose tokens are given', () => {
  const runs = Array.from({ length: 130 }, (_, i) => deployed(String(i + 1), day + i * 600));
  const span = { from: day - 600, to: day + 130 * 600 };
  const read = async (env: NodeJS.ProcessEnv) => {
    const said: string[] = [];
    const deployments = await withHosts(
      runs,
      span,
      { RAILWAY_API_URL: `${servers[0]!.url}/graphql/v2`, VERCEL_API_URL: servers[1]!.url, ...env },
      (text) => void said.push(text),
    );
    return { deployments, said };
  };

  it('are read page by page, those that were replaced by their steps', async () => {
    for (const [i, { commit, triggered }] of runs.entries())
      railway.past(commit, (triggered + 5) * 1_000, {
        removedAt: (triggered + 90_000) * 1_000,
        steps: [
          { step: 'BUILD_IMAGE', payload: null, ...at(triggered + 100) },
          {
            step: 'HEALTHCHECK',
            payload: i === 3 ? { error: 'no answer' } : null,
            ...at(triggered + 200 + i),
          },
          { step: 'DRAIN_INSTANCES', payload: null, ...at(triggered + 90_000) },
        ],
      });
    // Failed ones are not replaced; of one of which nothing is known, nothing is said.
    railway.past(runs[7]!.commit, (runs[7]!.triggered + 6) * 1_000, {
      service: 'worker',
      course: [
        [0, 'BUILDING'],
        [50, 'FAILED'],
      ],
    });
    railway.past(runs[8]!.commit, (runs[8]!.triggered + 6) * 1_000, {
      service: 'worker',
      removedAt: day * 1_000,
      steps: [],
    });
    railway.past('other', (day + 50) * 1_000);
    railway.past('c1', (day - 90_000) * 1_000);
    const { deployments, said } = await read({ RAILWAY_TOKEN: railway.options.token });
    expect(said).toEqual(['Railway: 133 deployments, 131 of them belong to a run of the same commit.']);
    const stages = deployments.map((d) => d.stages);
    expect(stages[20]).toEqual([
      expect.objectContaining({
        service: 'api',
        started: day + 12_005,
        finished: day + 12_220,
        status: 'success',
      }),
    ]);
    expect(deployments.flatMap((d) => (d.reported === 'failure' ? [d.id] : []))).toEqual(['4', '8']);
    expect(stages[7]!.map(({ service, status }) => `${service} ${status}`)).toEqual([
      'api success',
      'worker failure',
    ]);
    expect(stages[8]).toHaveLength(1);
  });

  it('of which Vercel tells the end of an error only in its log', async () => {
    for (const { commit, triggered } of runs)
      vercel.push(`dpl_${commit}`, {
        commit,
        createdAt: (triggered + 5) * 1_000,
        takesMs: 90_000,
        fails: commit === 'c9',
      });
    vercel.push('dpl_preview', {
      commit: 'c2',
      createdAt: (day + 700) * 1_000,
      target: 'preview',
      takesMs: 1_000,
    });
    const { deployments, said } = await read({
      VERCEL_TOKEN: vercel.token,
      VERCEL_PROJECT_ID: vercel.project,
      VERCEL_ORG_ID: vercel.team,
    });
    expect(said).toEqual(['Vercel: 131 deployments, 130 of them belong to a run of the same commit.']);
    expect(deployments.filter(({ stages }) => stages.length !== 1)).toEqual([]);
    expect(deployments.map((d) => d.stages[0]!.finished! - d.triggered)).toEqual(runs.map(() => 95));
    expect(deployments.flatMap((d) => (d.reported === 'failure' ? [d.id] : []))).toEqual(['9']);
  });

  it('are left out when they refuse, which is said', async () => {
    const { deployments, said } = await read({
      RAILWAY_TOKEN: 'wrong-token-0123',
      VERCEL_TOKEN: 'also-wrong-0123',
    });
    expect(deployments).toEqual(runs);
    expect(said).toEqual([
      expect.stringMatching(/^Railway is left out: Railway does not accept RAILWAY_TOKEN/),
      "Vercel is left out: VERCEL_PROJECT_ID must be set: the token is made in the account's settings, the id of the project (prj_…) stands in its own.",
    ]);
    expect(said.join()).not.toMatch(/wrong-token|also-wrong/);
  });

  it('are not asked without', async () => {
    expect(await read({})).toEqual({ deployments: runs, said: [] });
  });
});
