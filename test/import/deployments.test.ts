import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deploymentsOf } from '../../src/import/deployments.ts';
import { mappingOf } from '../../src/import/mapping.ts';
import { notKnown } from '../../src/import/render.ts';
import type { FetchedRun } from '../../src/import/wire.ts';
import { propose, readWorkflow } from '../../src/init/index.ts';
import { inProject } from '../../src/lib/root.ts';
import type { FakeRun } from '../fakes/github/github.ts';
import { pipeline } from '../relay.ts';
import { day, job, run, step } from './runs.ts';

const file = inProject('test', 'init', 'workflows', 'railway-vercel.yml');
const { cost } = pipeline;
const mapping = () => mappingOf(propose(readWorkflow('deploy.yml', readFileSync(file, 'utf8'))));
const fetched = ({ run, jobs, annotations = {} }: FakeRun): FetchedRun => ({ run, jobs, annotations });
const read = (...runs: FakeRun[]) => deploymentsOf(runs.map(fetched), mapping(), cost);

/** The jobs of the workflow, all of them successful. */
const jobs = (at: number, attempt = 1) => [
  job(
    1,
    'tests',
    at + 10,
    [
      step('Set up job', at + 10, at + 12),
      step('Run actions/checkout@v4', at + 12, at + 14),
      step('Run pip install -r requirements.txt', at + 14, at + 40),
      step('Unit tests', at + 40, at + 100),
      step('Post Run actions/checkout@v4', at + 100, at + 101),
    ],
    { run_attempt: attempt },
  ),
  job(
    2,
    'deploy-api',
    at + 110,
    [
      step('Apply migrations', at + 120, at + 130),
      step('Deploy', at + 130, at + 200),
      step('Is it healthy?', at + 200, at + 215),
    ],
    { run_attempt: attempt },
  ),
  job(
    3,
    'deploy-web',
    at + 220,
    [
      step('Run npm ci', at + 221, at + 240),
      step('Deploy to Vercel', at + 240, at + 300),
      step('Smoke tests', at + 300, at + 330),
      step('Roll the API back', at + 330, at + 330, 'skipped'),
    ],
    { run_attempt: attempt },
  ),
];

describe('a run that succeeded', () => {
  const {
    deployments: [one],
    skipped,
  } = read(run(7, day, jobs(day)));
  it('is a deployment with its times', () => {
    expect(skipped).toEqual([]);
    expect(one).toMatchObject({
      id: '7',
      environment: 'production',
      committed: day - 60,
      triggered: day,
      started: day + 10,
      finished: day + 330,
      reported: 'success',
      actor: 'ben',
      branch: 'main',
      repository: 'https://github.com/acme/shop',
      version: '7012345',
      rollbacks: [],
    });
  });
  it('has its stages, migrations and smoke tests', () => {
    expect(
      one!.stages.map((s) => [s.service, s.stage, s.started - day, s.finished! - day, s.status]),
    ).toEqual([
      ['app', 'install', 14, 40, 'success'],
      ['app', 'tests', 40, 100, 'success'],
      ['api', 'deploy_railway', 130, 200, 'success'],
      ['api', 'health_check', 200, 215, 'success'],
      ['web', 'install', 221, 240, 'success'],
      ['web', 'deploy_vercel', 240, 300, 'success'],
    ]);
    expect(one!.migrations).toMatchObject([
      { name: 'Apply migrations', started: day + 120, finished: day + 130, ok: true },
    ]);
    expect(one!.smokeTests).toMatchObject([{ name: 'smoke_tests', ok: true }]);
  });
});

describe('a run that failed', () => {
  it('says which stage, why, and that it was rolled back', () => {
    const [tests, api, web] = jobs(day);
    const failed = {
      ...web!,
      conclusion: 'failure',
      steps: [
        ...web!.steps!.slice(0, 2),
        step('Smoke tests', day + 300, day + 330, 'failure'),
        step('Roll the API back', day + 330, day + 350),
      ],
      completed_at: web!.completed_at!,
    };
    const annotations = {
      3: [
        { annotation_level: 'failure', message: 'Process completed with exit code 1.' },
        { annotation_level: 'warning', message: 'Node.js 20 actions are deprecated.' },
        { annotation_level: 'failure', message: 'GET /beta gave 502\nsecond line' },
      ],
    };
    const before = run(6, day - 3_600, jobs(day - 3_600));
    const { deployments } = read(before, run(7, day, [tests!, api!, failed], {}, { annotations }));
    expect(deployments[1]).toMatchObject({
      reported: 'failure',
      previousId: '6',
      smokeTests: [{ ok: false, message: 'GET /beta gave 502' }],
      rollbacks: [{ service: 'api', reason: 'test_failed', previousId: '6', ok: true }],
    });
  });

  it('is told from one that was cancelled, timed out, or never began', () => {
    const stopped = job(1, 'deploy-api', day + 10, [step('Deploy', day + 20, day + 30, 'cancelled')]);
    const late = job(2, 'deploy-api', day + 10, [step('Deploy', day + 20, day + 30, 'failure')], {
      conclusion: 'timed_out',
    });
    const { deployments, skipped } = read(
      run(1, day, [stopped], { conclusion: 'cancelled' }),
      run(2, day, [late], { conclusion: 'timed_out' }),
      run(3, day, [], { conclusion: 'startup_failure' }),
      run(4, day, [stopped], { conclusion: 'skipped' }),
      run(5, day, [{ ...stopped, started_at: null, steps: null }], { conclusion: 'cancelled' }),
    );
    expect(deployments.map(({ id, reported }) => [id, reported])).toEqual([
      ['1', 'cancelled'],
      ['2', 'failure'],
    ]);
    expect(deployments[1]!.stages).toMatchObject([{ status: 'failure', errorType: 'timeout' }]);
    expect(skipped.map(({ run }) => run)).toEqual([3, 4, 5]);
  });
});

describe('a run that was run again', () => {
  it('is a deployment for each attempt, and none has the jobs of another', () => {
    const [tests, api] = jobs(day);
    const failed = {
      ...api!,
      conclusion: 'failure',
      steps: [step('Apply migrations', day + 120, day + 130, 'failure')],
    };
    // The second attempt lists the successful job of the first one again, as its own.
    const inherited = { ...tests!, id: 11, run_attempt: 2 };
    const [, ...later] = jobs(day + 7_200, 2);
    const both = run(7, day, [tests!, failed, inherited, ...later], {
      run_attempt: 2,
      run_started_at: new Date((day + 7_200) * 1000).toISOString(),
      conclusion: 'success',
    });
    const { deployments } = read(both);
    expect(deployments.map(({ id, reported, triggered }) => [id, reported, triggered - day])).toEqual([
      ['7', 'failure', 0],
      ['7-2', 'success', 7_200 + 110],
    ]);
    expect(deployments[1]!.stages.some((s) => String(s.stage) === 'tests')).toBe(false);
    expect(deployments[0]!.migrations).toMatchObject([{ ok: false }]);
  });
});

describe('a run that goes to two environments', () => {
  const text = `on: push
jobs:
  tests: { steps: [{ name: Unit tests, run: pytest }] }
  staging: { environment: staging, steps: [{ name: Deploy, run: railway up --service api }] }
  production: { environment: production, steps: [{ name: Deploy, run: railway up --service api }] }`;
  const own = mappingOf(propose(readWorkflow('.github/workflows/deploy.yml', text)));
  const tests = job(1, 'tests', day + 10, [step('Unit tests', day + 10, day + 60)]);
  const staging = job(2, 'staging', day + 60, [step('Deploy', day + 60, day + 100)]);

  it('is a deployment of each, and what serves both counts for both', () => {
    const failed = job(3, 'production', day + 100, [step('Deploy', day + 100, day + 160, 'failure')]);
    const { deployments } = deploymentsOf([fetched(run(7, day, [tests, staging, failed]))], own, cost);
    expect(
      deployments.map((d) => [
        d.environment,
        d.reported,
        d.finished! - day,
        d.stages.map(({ stage }) => stage),
      ]),
    ).toEqual([
      ['staging', 'success', 100, ['tests', 'deploy_railway']],
      ['production', 'failure', 160, ['tests', 'deploy_railway']],
    ]);
  });

  it('is one of only those that it reached', () => {
    const { deployments } = deploymentsOf([fetched(run(7, day, [tests, staging]))], own, cost);
    expect(deployments.map(({ environment }) => environment)).toEqual(['staging']);
  });
});

describe('a run whose runner was lost', () => {
  it('has a stage of which nothing more was heard', () => {
    const lost = {
      ...step('Deploy', day + 20, day + 30),
      status: 'in_progress',
      conclusion: null,
      completed_at: null,
    };
    const only = job(1, 'deploy-api', day + 10, [lost], {
      conclusion: 'failure',
      completed_at: new Date((day + 900) * 1000).toISOString(),
    });
    const {
      deployments: [one],
    } = read(run(7, day, [only], { conclusion: 'failure' }));
    expect(one).toMatchObject({ reported: 'failure', finished: day + 900 });
    expect(one!.stages).toEqual([{ service: 'api', stage: 'deploy_railway', started: day + 20 }]);
  });
});

describe('a revert', () => {
  it('is rework', () => {
    const { deployments } = read(
      run(7, day, jobs(day), { head_commit: { message: 'Revert "Change it"' } }),
      run(8, day, jobs(day)),
    );
    expect(deployments.map(({ hotfix }) => hotfix)).toEqual([true, undefined]);
  });
});

describe('a click', () => {
  it('counts from its start, and is manual', () => {
    const {
      deployments: [one],
    } = read(run(7, day, jobs(day), { event: 'workflow_dispatch' }));
    expect(one).toMatchObject({ triggered: day + 10, triggeredBy: 'manual' });
  });
});

describe('a workflow that looked different', () => {
  it('is read by the names that its runs show, and what is not understood is counted', () => {
    const own = mapping();
    const old = job(1, 'deploy-billing', day + 10, [
      step('Run docker/build-push-action@v5', day + 20, day + 30),
      step('Run flyctl deploy --remote-only', day + 30, day + 60),
      step('Warm the caches', day + 60, day + 61),
    ]);
    const {
      deployments: [one],
    } = deploymentsOf([fetched(run(7, day, [old])), fetched(run(8, day, [old]))], own, cost);
    expect(one!.stages.map(({ service, stage }) => [service, stage])).toEqual([
      ['billing', 'build'],
      ['billing', 'deploy'],
    ]);
    expect([...own.unknown]).toEqual([['deploy-billing › Warm the caches', 2]]);
  });
});

describe('runners', () => {
  it('are waited for and paid by the started minute; a job for all environments once', () => {
    const [wait, from] = [5, day + 10];
    const shared = job(1, 'tests', from, [step('Unit tests', from, from + 61)]);
    const own = job(2, 'deploy-api', from + 100, [step('Deploy', from + 100, from + 130)], {
      created_at: new Date((from + 60) * 1000).toISOString(),
    });
    const elsewhere = job(3, 'gpu', from, [step('Train', from, from + 600)], {
      labels: ['self-hosted', 'gpu'],
    });
    const [first] = read(run(7, day, [shared, own, elsewhere])).deployments;
    const time = first!.finished;
    expect(first!.queues).toEqual([
      { runner: 'ubuntu-latest', seconds: 40, time },
      { runner: 'self-hosted gpu', seconds: wait, time },
    ]);
    const { perMinute } = cost.runners['ubuntu-latest']!;
    expect(first!.costs).toEqual([
      { resource: 'ubuntu-latest', time, usd: Number((3 * perMinute).toFixed(6)) },
    ]);
  });
});

describe('odd answers', () => {
  it('make no deployment rather than a wrong one', () => {
    const odd = {
      run: { id: 1, status: 'completed', conclusion: 'success' },
      jobs: [{ id: 1 }],
      annotations: {},
    } as FetchedRun;
    expect(deploymentsOf([odd], mapping(), cost)).toEqual({
      deployments: [],
      skipped: [{ run: 1, why: 'it does not say when it began' }],
    });
  });
});

it('docs/import.md names all that no history says', () => {
  const words = (text: string): string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];
  const [, section = ''] = readFileSync(inProject('docs', 'import.md'), 'utf8').split(
    '## What history does not know',
  );
  const listed = [...section.matchAll(/^- (.+)$/gm)].map(([, text = '']) => words(text).slice(0, 5));
  expect(notKnown.map((text) => words(text).slice(0, 5))).toEqual(listed);
});
