import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inProject } from '../../src/lib/root.ts';
import { pipelineMetrics } from '../../src/metrics/pipeline.ts';
import { type Push, pushProblems, samplesOf } from '../../src/record/emit.ts';
import { exposition } from '../../src/record/exposition.ts';
import { main } from '../../src/record/main.ts';
import type { DeploymentKey } from '../../src/record/verb.ts';
import { jobEnv } from './helpers.ts';

const deployment: DeploymentKey = { environment: 'production', deployment_id: '1' };
const stage = { ...deployment, service: 'api', stage: 'build' } as const;

test('what the catalogue does not have does not compile', () => {
  const emit = samplesOf(deployment);
  const ofStage = samplesOf(stage);
  expect(emit('deployment_outcome_code', {}, 1)).toEqual({
    metric: 'deployment_outcome_code',
    labels: {},
    value: 1,
  });
  ofStage('deployment_stage_duration_seconds', { status: 'success' }, 1);

  // @ts-expect-error no such metric
  emit('deployment_outcome_kode', {}, 1);
  // @ts-expect-error a metric of the application, which the recorder does not emit
  emit('http_requests_total', {}, 1);
  // @ts-expect-error no such label
  emit('deployment_outcome_code', { zone: 'eu' }, 1);
  // @ts-expect-error a missing label
  emit('deployment_in_progress', { branch: 'main' }, 1);
  // @ts-expect-error a value outside of the closed set
  ofStage('deployment_stage_duration_seconds', { status: 'sucess' }, 1);
  // @ts-expect-error a metric without this grouping key's labels
  ofStage('deployment_outcome_code', {}, 1);
  // @ts-expect-error no number
  emit('deployment_outcome_code', {}, '1');
});

test('the verbs together emit every metric that the catalogue promises of the recorder, and nothing wrong', async () => {
  const found: Push[] = [];
  const record = (...argv: string[]): Promise<number> =>
    main(argv, jobEnv(), {
      stdout: () => {},
      stderr: () => {},
      now: () => 1_700_000_000_000,
      capture: (push) => found.push(push),
    });
  await record('start', '--committed-at', '1700000000', '--rework-of', '1');
  await record('stage', '--service', 'api', '--stage', 'build', '--', 'false');
  await record('migration', '--', 'true');
  await record('health', '--service', 'api', '--check', '1700000000,healthy,0.1');
  await record('smoke-test', '--test-name', 'x', '--status', 'failure');
  await record('rollback', '--reason', 'manual');
  await record('cost', '--resource', 'vercel_build', '--usd', '1');
  await record('queue', '--runner', 'ubuntu-latest', '--seconds', '3');
  await record('gate', '--shadow');
  await record('finish', '--outcome', 'failure');
  expect(found.flatMap(pushProblems)).toEqual([]);
  // A gateway that checks no push is not scraped any more after one that leaves a type out.
  for (const push of found) {
    const typed = new Set<string>();
    for (const line of exposition(push).trimEnd().split('\n')) {
      const [, type] = /^# TYPE (\S+) (?:gauge|counter)$/.exec(line) ?? [];
      if (type) typed.add(type);
      else if (!line.startsWith('#')) expect(typed).toContain(/^\w+/.exec(line)![0]);
    }
  }
  const emitted = new Set<string>(found.flatMap((push) => push.samples.map((sample) => sample.metric)));
  const promised = Object.entries(pipelineMetrics)
    .filter(([, definition]) => (definition.producers as readonly string[]).includes('recorder'))
    .map(([name]) => name)
    // Emitted only where there is a chat, which test/results/chat.live.test.ts has.
    .filter((name) => name !== 'deployment_message_info');
  expect([...emitted].sort()).toEqual(promised.sort());
});

test('an event loads no module of Node that it does not need', () => {
  const bundle = readFileSync(inProject('generated', 'record.mjs'), 'utf8');
  const atStart = [...bundle.matchAll(/^import .* from "node:(\w+)";$/gm)].map(([, name]) => name);
  expect(new Set(atStart)).toEqual(new Set(['dns', 'fs', 'os', 'path', 'url']));
});
