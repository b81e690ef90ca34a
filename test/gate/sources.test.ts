import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import { type FakeRequest, type FakeResponse, json } from '../fakes/wire/types.ts';
import { jobEnv, record, temporaryFolder } from '../record/helpers.ts';
import { runnerFile } from '../record/workflow.ts';

/** The gate with a gateway and a Prometheus that differ, or of which one is down. */

let server: Listening;
/** Deployments on the gateway, and whether they have finished. */
let held: Record<string, 'runs' | 'finished'>;
/** Deployments that run by what Prometheus scraped last. */
let scraped: string[];
let down: 'gateway' | 'prometheus' | undefined;
/** When Prometheus scraped the gateway last, Unix seconds, and how many groups it saw. */
let scrapedAt: () => number;
let groupsHeld: number;
let extra: readonly object[];
let rules: readonly object[];
/** How often the gateway was listed. */
let listed: number;

const family = (value: number) => ({ metrics: [{ labels: {}, value: String(value) }] });
const group = (id: string): unknown => ({
  labels: { job: 'deployment-pipeline', environment: 'production', deployment_id: id },
  deployment_started_timestamp_seconds: family(Date.now() / 1000 - 60),
  push_time_seconds: family(Date.now() / 1000),
  ...(held[id] === 'finished' && { deployment_finished_timestamp_seconds: family(Date.now() / 1000) }),
});
const vector = (rows: readonly { metric: Record<string, string>; value: number }[]): FakeResponse =>
  json(200, {
    status: 'success',
    data: {
      resultType: 'vector',
      result: rows.map(({ metric, value }) => ({ metric, value: [0, `${value}`] })),
    },
  });
const quiet = {
  type: 'alerting',
  name: 'Alarm',
  query: 'up == 0',
  health: 'ok',
  labels: { severity: 'critical' },
  alerts: [],
};

function answer({ path, body }: FakeRequest): FakeResponse {
  if (path === '/api/v1/metrics') listed++;
  if (path === '/api/v1/metrics')
    return down === 'gateway'
      ? json(503, {})
      : json(200, { data: [...Object.keys(held).map(group), ...extra] });
  if (down === 'prometheus') return json(503, {});
  if (path === '/api/v1/rules')
    return json(200, {
      status: 'success',
      data: { groups: [{ name: 'alerts', file: 'alerts.yml', interval: 15, rules }] },
    });
  const query = new URLSearchParams(body).get('query') ?? '';
  if (query.includes('timestamp(up')) return vector([{ metric: {}, value: scrapedAt() }]);
  if (query.startsWith('count(push_time_seconds')) return vector([{ metric: {}, value: groupsHeld }]);
  if (query === 'vector(time())') return vector([{ metric: {}, value: Date.now() / 1000 }]);
  if (query.includes('objective')) return vector([{ metric: {}, value: 0.99 }]);
  if (query.includes('error_budget_left')) return vector([{ metric: {}, value: 0.5 }]);
  if (query.includes('error_budget_spent')) return vector([]);
  if (query.includes('started_timestamp')) return vector([]);
  if (query.includes('running:bool'))
    return vector(scraped.map((deployment_id) => ({ metric: { deployment_id }, value: 1 })));
  return vector(query.includes('up') ? [{ metric: {}, value: 1 }] : []);
}

beforeAll(async () => {
  server = await listen(answer);
});
afterAll(() => server.stop());
beforeEach(() => {
  held = { mine: 'runs' };
  scraped = [];
  down = undefined;
  scrapedAt = () => Date.now() / 1000 - 10;
  groupsHeld = 20;
  listed = 0;
  extra = [];
  rules = [quiet];
});

async function may(argv: readonly string[] = [], id = 'mine', extra: Record<string, string> = {}) {
  const env = jobEnv({
    DEPLOYMENT_ID: id,
    PUSHGATEWAY_URL: server.url,
    PROMETHEUS_URL: server.url,
    ...extra,
  });
  const { code, stdout } = await record(['gate', '--may', 'deploy', '--json', ...argv], env);
  const { checks } = JSON.parse(stdout) as { checks: { name: string; verdict: string; found: string }[] };
  return { code, ...Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict])), checks };
}

describe('another deployment', () => {
  it('is known to either source', async () => {
    expect(await may()).toMatchObject({ code: 0 });
    held = { mine: 'runs', other: 'runs' };
    // Both started at once: of the two only the one whose id comes later waits.
    expect(await may([], 'other')).toMatchObject({ code: 1, 'no-other-deployment': 'fail' });
    held = { mine: 'runs' };
    scraped = ['other'];
    expect(await may()).toMatchObject({ code: 1, 'no-other-deployment': 'fail' });
  });

  it('has finished when the gateway says so, whatever Prometheus saw last', async () => {
    held = { mine: 'runs', other: 'finished' };
    scraped = ['other', 'mine'];
    expect(await may()).toMatchObject({ code: 0 });
  });

  it('may be one that a gateway has lost, when it has lost our own start', async () => {
    held = {};
    const { code, checks } = await may();
    expect(code).toBe(2);
    expect(checks[1]!.found).toContain('does not hold the start of mine');
    expect(await may([], '')).toMatchObject({ code: 0 });
  });
});

describe('a large gateway', () => {
  it('is never listed: the next scrape is waited for', async () => {
    groupsHeld = 9_000;
    const begun = Date.now() / 1000;
    scrapedAt = () => (Date.now() / 1000 - begun > 1 ? begun + 1 : begun - 10);
    expect(await may(['--interval', '200ms'])).toMatchObject({ code: 0, 'no-other-deployment': 'pass' });
    expect(listed).toBe(0);
  });

  it('that is not scraped leaves everything open that rests on it, and says since when', async () => {
    groupsHeld = 9_000;
    const at = new Date(Date.now() - 60_000).toISOString();
    scrapedAt = () => Date.now() / 1000 - 200;
    const { code, checks } = await may(['--at', at]);
    expect(code).toBe(2);
    expect(checks[0]).toMatchObject({
      name: 'error-budget',
      verdict: 'inconclusive',
      found: expect.stringMatching(/last scraped the Pushgateway 1\d\d s ago/),
    });
  });
});

describe('the budget', () => {
  const failedOn = (id: string) => ({ ...(group(id) as object), deployment_outcome_code: family(2) });
  it('counts failures that the ledger does not have yet', async () => {
    extra = [failedOn('broken')];
    held = { mine: 'runs', broken: 'finished' };
    const { code, checks } = await may();
    expect(code).toBe(1);
    expect(checks[0]).toMatchObject({
      verdict: 'fail',
      found: expect.stringContaining('failures that the ledger does not have yet included'),
    });
  });
});

describe('critical alerts', () => {
  it.each(['PushgatewayDown', 'LedgerNotEvaluated'])('cannot be known while %s fires', async (name) => {
    rules = [
      quiet,
      { ...quiet, name, labels: { severity: 'high' }, alerts: [{ state: 'pending', labels: {} }] },
    ];
    expect(await may()).toMatchObject({ code: 2, 'no-critical-alert': 'inconclusive' });
  });
});

describe('a hotfix', () => {
  it('does not wait for a Prometheus that is down', async () => {
    down = 'prometheus';
    expect(await may()).toMatchObject({ code: 3, 'error-budget': 'error', 'no-critical-alert': 'error' });
    const hotfix = {
      'error-budget': 'skipped',
      'no-other-deployment': 'pass',
      'no-critical-alert': 'skipped',
    };
    expect(await may(['--hotfix'])).toMatchObject({ code: 0, ...hotfix });
    expect(await may(['--hotfix'], 'mine', { PROMETHEUS_URL: '' })).toMatchObject({ code: 0, ...hotfix });
  });

  it('waits for another deployment all the same, and says when that cannot be known', async () => {
    down = 'prometheus';
    held = { a: 'runs', mine: 'runs' };
    expect(await may(['--hotfix'])).toMatchObject({ code: 1, 'no-other-deployment': 'fail' });
    held = {};
    expect(await may(['--hotfix'])).toMatchObject({ code: 3 });
    down = 'gateway';
    scrapedAt = () => Date.now() / 1000 - 200;
    expect(await may(['--hotfix'])).toMatchObject({ code: 3, 'no-other-deployment': 'error' });
  });
});

it('writes its verdict and the reason of a rollback for later steps', async () => {
  const file = join(temporaryFolder(), 'output');
  await may([], 'mine', { GITHUB_OUTPUT: file });
  expect(runnerFile(file)).toEqual({ verdict: 'pass', reason: '' });
});

it('goes on after a pass while it watches, and fails as soon as something does', async () => {
  const answer = may(['--watch', '1s']);
  setTimeout(() => {
    held = { other: 'runs', mine: 'runs' };
    extra = [];
    rules = [{ ...quiet, alerts: [{ state: 'firing', labels: {} }] }];
  }, 400);
  expect(await answer).toMatchObject({ code: 1, 'no-critical-alert': 'fail' });
});
