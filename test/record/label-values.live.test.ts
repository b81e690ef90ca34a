import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exposition } from '../../src/record/exposition.ts';
import { groupPath, isOurShape } from '../../src/record/grouping.ts';
import { type RunningServer, startPushgateway } from '../../src/servers/start.ts';
import { groupsOf, jobEnv, record, runRecorder, seriesOf } from './helpers.ts';

/** Values that break careless writers; each must come back exactly as it went in. */
const oddities = {
  'one slash': 'org/app',
  'two slashes': 'refs/heads/main',
  'only slashes': '//',
  'a trailing slash': 'a/',
  space: 'a b',
  'leading and trailing spaces': ' a ',
  quote: 'say "hi"',
  apostrophe: "it's",
  umlaut: 'größe',
  emoji: '🚀 👩‍🚀',
  newline: 'first\nsecond',
  'carriage return': 'a\rb',
  tab: 'a\tb',
  backslash: 'C:\\new\\table',
  'backslash at the end': 'a\\',
  'escaped newline': 'a\\nb',
  percent: '100%25',
  plus: 'a+b',
  braces: '{a="b"}',
  comma: 'a,b=c',
  hash: '# TYPE x',
  'question mark': 'a?b=c',
  dot: '.',
  'two dots': '..',
  'a path upwards': '../../x',
  'base64 suffix': 'x@base64',
  'equals sign': '=',
  dash: '-x',
  'non-breaking space': 'a\u00a0b',
  'null character': 'a\u0000b',
  'very long': 'x'.repeat(2000),
} as const;

describe.each(['current', '2.42'] as const)(
  'label values on a Pushgateway of generation %s',
  (generation) => {
    let gateway: RunningServer;
    beforeAll(async () => {
      gateway = await startPushgateway({ generation });
    });
    afterAll(() => gateway.stop());

    test.each(Object.entries(oddities))('%s, in a grouping key and in a label', async (name, value) => {
      const env = jobEnv({ PUSHGATEWAY_URL: gateway.url, DEPLOYMENT_ID: name });
      const smoke = await record(['smoke-test', `--test-name=${value}`, '--status', 'success'], env);
      const start = await record(['start', `--branch=${value}`, '--no-sweep'], env);
      expect([...smoke.warnings, ...start.warnings]).toEqual([]);
      const series = (await seriesOf(gateway.url)).filter((s) => s.labels.deployment_id === name);
      const test = series.find((s) => s.name === 'smoke_test_success');
      expect(test?.labels).toEqual({ environment: 'production', deployment_id: name, test_name: value });
      expect(series.find((s) => s.name === 'deployment_info')?.labels.branch).toBe(value);
    });

    const asId = (value: string) =>
      record(
        ['cost', '--resource', 'vercel_build', '--usd', '1', `--deployment-id=${value}`],
        jobEnv({ PUSHGATEWAY_URL: gateway.url }),
      );
    const recordedIds = async () =>
      (await groupsOf(gateway.url)).filter((g) => g.labels.resource).map((g) => g.labels.deployment_id);

    // An id is part of the address of every event, so it has a length at most.
    const ids = { ...oddities, 'very long': 'x'.repeat(200) };
    test.each(Object.entries(ids))('%s, as the id of a deployment', async (_name, value) => {
      expect((await asId(value)).warnings).toEqual([]);
      expect(await recordedIds()).toContain(value);
    });

    test('an id of more than 200 characters is refused, and nothing is recorded', async () => {
      const value = 'x'.repeat(201);
      expect((await asId(value)).warnings.join('\n')).toContain('The deployment id has 201 characters: give');
      expect(await recordedIds()).not.toContain(value);
    });

    test('over the command line of a real process', async () => {
      const env = jobEnv({ PUSHGATEWAY_URL: gateway.url, DEPLOYMENT_ID: 'argv' });
      const value = 'größe/"x"\\ 🚀\nend';
      const done = await runRecorder(['smoke-test', '--test-name', value, '--', 'true'], env);
      expect(done.warnings).toEqual([]);
      const names = (await seriesOf(gateway.url)).filter((s) => s.labels.deployment_id === 'argv');
      expect(new Set(names.map((s) => s.labels.test_name))).toEqual(new Set([value]));
    });

    test('no push of all these was refused, and the gateway can be scraped', async () => {
      const failed = (await groupsOf(gateway.url)).filter((group) => group.last_push_successful !== true);
      expect(failed).toEqual([]);
      expect((await fetch(`${gateway.url}/metrics`)).status).toBe(200);
    });
  },
);

describe('the path of a group', () => {
  const path = (value: string): string => groupPath({ environment: 'production', deployment_id: value });
  test('is readable where it can be', () => {
    expect(path('123-2')).toBe('metrics/job/deployment-pipeline/environment/production/deployment_id/123-2');
  });
  test('carries everything else as base64url', () => {
    expect(path('a/b')).toBe(
      'metrics/job/deployment-pipeline/environment/production/deployment_id@base64/YS9i',
    );
    expect(path('')).toBe('metrics/job/deployment-pipeline/environment/production/deployment_id@base64/=');
    expect(path('..')).toContain('deployment_id@base64/Li4');
    for (const value of Object.values(oddities)) expect(path(value)).toMatch(/^[\w@/.=-]+$/);
  });
});

test('our shapes, and others', () => {
  const deployment = { environment: 'e', deployment_id: 'd' };
  expect(isOurShape(deployment)).toBe(true);
  expect(isOurShape({ ...deployment, service: 's', stage: 't' })).toBe(true);
  expect(isOurShape({ ...deployment, instance: 'i' })).toBe(false);
  expect(isOurShape({ ...deployment, stage: 't' })).toBe(false);
  expect(isOurShape({ environment: 'e' })).toBe(false);
  expect(isOurShape({})).toBe(false);
});

test('the exposition format keeps families together and ends with a line feed', () => {
  const samples = [
    { metric: 'deployment_health_check_success', labels: { attempt: '1' }, value: 1 },
    { metric: 'deployment_health_check_latency_seconds', labels: { attempt: '1' }, value: 0.25 },
    { metric: 'deployment_health_check_success', labels: { attempt: '2' }, value: 0 },
    { metric: 'deployment_total', labels: { status: 'a\\b"c\nd' }, value: 1 },
  ] as const;
  const lines = exposition({ samples }).split('\n');
  expect(lines.filter((line) => !line.startsWith('# HELP'))).toEqual([
    '# TYPE deployment_health_check_success gauge',
    'deployment_health_check_success{attempt="1"} 1',
    'deployment_health_check_success{attempt="2"} 0',
    '# TYPE deployment_health_check_latency_seconds gauge',
    'deployment_health_check_latency_seconds{attempt="1"} 0.25',
    '# TYPE deployment_total counter',
    'deployment_total{status="a\\\\b\\"c\\nd"} 1',
    '',
  ]);
});
