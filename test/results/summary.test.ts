import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pipelineJob } from '../../src/metrics/index.ts';
import type { DeploymentResult } from '../../src/record/result/model.ts';
import { summary, waterfall } from '../../src/record/result/summary.ts';
import type { ListedGroup } from '../../src/record/sweep.ts';
import { pushesOf } from '../../src/simulator/pushes.ts';
import { FakeGitHub } from '../fakes/github/github.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import { json } from '../fakes/wire/types.ts';
import { jobEnv, record, temporaryFolder } from '../record/helpers.ts';
import { examples, heldAfter, noon, resultAt } from './examples.ts';

const evil = '`<img src=x onerror=alert(1)>` | [a](http://evil.example) ```\n# @everyone';

/** Markdown without its code, fenced or within a line: what is left can be markup. */
function withoutCode(text: string): string {
  let fence = '';
  return text
    .split('\n')
    .flatMap((line) => {
      const mark = /^`{3,}$/.exec(line)?.[0];
      if (fence !== '') {
        if (mark === fence) fence = '';
        return [];
      }
      if (mark !== undefined) {
        fence = mark;
        return [];
      }
      // A span ends at the next row of as many backticks as it began with.
      return [line.replace(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, '')];
    })
    .join('\n');
}

describe('the summary', () => {
  test('shows names and messages of others as they are, and as no markup', async () => {
    const good = await resultAt(examples.good);
    const hostile: DeploymentResult = {
      ...good,
      id: evil,
      environment: evil,
      version: evil,
      actor: evil,
      runUrl: 'javascript:alert(1)',
      outcome: 'failure',
      stages: [
        {
          name: evil,
          status: 'failure',
          started: noon,
          finished: noon + 5,
          logUrl: 'https://log.example/a) [b](http://evil.example',
          error: { type: evil, message: evil },
        },
      ],
      smokeTests: [{ name: evil, passed: false, note: evil }],
      gates: [{ gate: evil, verdict: 'fail', checks: evil, message: evil }],
      unknown: [evil],
    };
    const text = summary(hostile);
    const prose = withoutCode(text);
    expect(prose).toContain('Dashboard of this deployment');
    // Addresses hold it only percent-encoded.
    expect(prose).not.toMatch(/<img|\/evil\.example|[^%\d]@everyone|javascript:/);
    expect(text).toContain('onerror');
    expect(text.split('\n').filter((line) => line.startsWith('#'))).toEqual([
      '## Deployment',
      '### What failed',
    ]);
  });

  test('stays far below what the runner takes, however much there is', async () => {
    const stages = Array.from({ length: 5_000 }, (_, i) => ({
      name: `stage ${i} ${'n'.repeat(200)}`,
      status: 'failure',
      started: noon + i,
      finished: noon + i + 1,
      error: { type: 'other', message: 'm'.repeat(2_000) },
    }));
    const text = summary({ ...(await resultAt(examples.good)), stages });
    expect(Buffer.byteLength(text)).toBeLessThan(200_000);
    expect(text).toContain('and 4900 more');
  });

  test('draws stages that were never finished, and none where there are none', async () => {
    const running = await resultAt(examples.good, noon + 200);
    expect(waterfall(running).join('\n')).toMatch(/api deploy_railway .*RUNNING/);
    expect(waterfall({ ...running, stages: [], triggered: noon, started: noon })).toEqual([]);
  });
});

describe('finish', () => {
  let groups: ListedGroup[];
  let gateway: Listening;
  let github: FakeGitHub;
  let api: Listening;
  let file: string;
  beforeEach(async () => {
    groups = [];
    github = new FakeGitHub();
    file = join(temporaryFolder(), 'summary.md');
    gateway = await listen(({ method }) =>
      method === 'GET' ? json(200, { status: 'success', data: groups }) : { status: 200, body: '' },
    );
    api = await listen((request) => github.handler(request));
  });
  afterEach(() => Promise.all([gateway.stop(), api.stop()]));

  const { failed } = examples;
  const env = (more: Record<string, string | undefined> = {}): NodeJS.ProcessEnv =>
    jobEnv({
      PUSHGATEWAY_URL: gateway.url,
      GITHUB_STEP_SUMMARY: file,
      GITHUB_RUN_ID: failed.id,
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_API_URL: api.url,
      GITHUB_TOKEN: github.token,
      DEPLOYMENT_ID: undefined,
      ...more,
    });
  /** The gateway holds this deployment. */
  const hold = async (): Promise<void> => {
    groups = heldAfter(await pushesOf(failed)).map(({ name, labels, value }) => ({
      labels: { job: pipelineJob, environment: 'production', deployment_id: failed.id },
      [name]: { metrics: [{ labels: { ...labels }, value: String(value) }] },
    }));
  };
  const finish = (e: NodeJS.ProcessEnv) => record(['finish', '--outcome', 'failure'], e, (noon + 190) * 1000);
  const written = (): string => readFileSync(file, 'utf8');

  test('writes the whole deployment from what the gateway holds, and says what it does not know', async () => {
    await hold();
    const { code, warnings } = await finish(env());
    expect([code, warnings]).toEqual([0, []]);
    expect(written()).toContain('**Deployment [`17073938901`](');
    expect(written()).toContain('failed** in 3 min 10 s');
    expect(written()).toContain('error TS2322');
    expect(written()).toContain('Usual durations and the error budget: PROMETHEUS_URL is not set.');
    expect(written().match(/^## Deployment$/gm)).toHaveLength(1);
  });

  test("reads GitHub's jobs where nothing that was recorded can be read", async () => {
    const step = { name: 'Build', number: 3, conclusion: 'failure' };
    const job = (id: number, name: string, conclusion: string) => ({
      id,
      run_attempt: 1,
      name,
      status: 'completed',
      conclusion,
      started_at: '2026-11-24T12:00:40Z',
      completed_at: '2026-11-24T12:03:01Z',
      html_url: `https://github.com/acme/shop/actions/runs/1/job/${id}`,
      steps: conclusion === 'failure' ? [step] : [],
    });
    github.runs.push({
      run: { id: Number(failed.id), run_attempt: 1 },
      jobs: [job(1, 'lint', 'success'), job(2, 'build | <b>', 'failure')],
    });
    await finish(env({ PUSHGATEWAY_URL: 'http://127.0.0.1:9' }));
    expect(written()).toMatch(/build \| <b> {2}█+ {2}2 min 21 s, FAILURE/);
    expect(written()).toContain(
      '[its last lines](https://github.com/acme/shop/actions/runs/1/job/2#step:3:1)',
    );
    expect(written()).toContain('this is what GitHub knows of its jobs');
  });

  test('says that nothing could be read when nobody answers, soon, and does not fail', async () => {
    const begun = Date.now();
    const { code } = await finish(
      env({ PUSHGATEWAY_URL: 'http://127.0.0.1:9', GITHUB_API_URL: 'http://127.0.0.1:9' }),
    );
    expect(code).toBe(0);
    expect(written()).toContain('to `production` failed**');
    expect(written()).toMatch(/GitHub at 127\.0\.0\.1:9 cannot be reached/);
    expect(Date.now() - begun).toBeLessThan(20_000);
  }, 30_000);

  test('writes no secret', async () => {
    await hold();
    groups.push({
      labels: { job: pipelineJob, environment: 'production', deployment_id: failed.id },
      smoke_test_success: { metrics: [{ labels: { test_name: 'a' }, value: '0' }] },
      smoke_test_error_info: {
        metrics: [{ labels: { test_name: 'a', message: 'refused hunter2hunter2' }, value: '1' }],
      },
    });
    await finish(env({ DATABASE_PASSWORD: 'hunter2hunter2' }));
    expect(written()).toContain('`refused ***`');
    expect(written()).not.toContain('hunter2');
  });

  test('warns when the summary of the run is full, or cannot be written', async () => {
    await hold();
    writeFileSync(file, 'x'.repeat(1_048_500));
    expect((await finish(env())).warnings).toEqual([expect.stringContaining('is full')]);
    expect((await finish(env({ GITHUB_STEP_SUMMARY: '/nowhere/summary.md' }))).warnings).toEqual([
      expect.stringContaining('could not be written'),
    ]);
  });

  test('asks for nothing where nobody is told', async () => {
    await hold();
    let asked = 0;
    const counting = await listen(({ method }) => {
      if (method === 'GET') asked++;
      return { status: 200, body: '' };
    });
    await finish(env({ PUSHGATEWAY_URL: counting.url, GITHUB_STEP_SUMMARY: undefined }));
    await record(['finish', '--outcome', 'success', '--dry-run'], env({ PUSHGATEWAY_URL: counting.url }));
    expect(asked).toBe(0);
    await counting.stop();
  });
});
