import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { uids } from '../../src/dashboards/links.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { outcomes, rollbackReasons } from '../../src/metrics/codes.ts';
import { panelQueries } from '../../src/panels/dashboard-queries.ts';
import { FakeRailway } from '../fakes/railway/railway.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import { type LiveSystem, startLiveSystem } from '../live/system.ts';
import { jobEnv, type Outcome, runRecorder } from '../record/helpers.ts';
import { dashboards } from '../relay.ts';

/** A bad deployment from its start to its end, as the jobs of a pipeline run it: the recorder as a file, real servers. */

const begun = Date.now();
/** A minute of Railway passes in two seconds. */
const fastClock = { ...systemClock, now: () => begun + (Date.now() - begun) * 30 };
const overview = dashboards().find((d) => d.definition.uid === uids.overview)!;

let live: LiveSystem;
let railway: FakeRailway;
let railwayServer: Listening;
let application: Server;
let serving: string;
let healthUrl: string;

beforeAll(async () => {
  railway = new FakeRailway(fastClock, { serviceId: 'api-1' });
  railway.onServe = (commit) => {
    serving = commit;
  };
  railway.serving('good000000');
  railwayServer = await listen(railway.handler);
  application = createServer((_, response) => {
    railway.tick();
    response.writeHead(serving === 'good000000' ? 200 : 503).end();
  });
  await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
  healthUrl = `http://127.0.0.1:${(application.address() as AddressInfo).port}/health`;
  live = await startLiveSystem();
});
afterAll(async () => {
  application?.close();
  await Promise.all([live?.stop(), railwayServer?.stop()]);
});

const job = (id: string): NodeJS.ProcessEnv =>
  jobEnv({
    DEPLOYMENT_ID: id,
    PUSHGATEWAY_URL: live.gateway.url,
    PROMETHEUS_URL: live.server.url,
    RAILWAY_API_URL: `${railwayServer.url}/graphql/v2`,
    RAILWAY_TOKEN: railway.options.token,
    RAILWAY_SERVICE_ID: 'api-1',
  });

/** A deployment's row in the overview's table of recent deployments, by column. */
async function rowOf(id: string, to: number): Promise<Record<string, number | undefined>> {
  const state = { variables: { environment: 'production', window: '1h' }, from: to - 86_400, to };
  const columns = panelQueries(overview.json, state).filter(({ panel }) => panel === 'Recent deployments');
  const cells = columns.map(async ({ refId, expr }) => {
    const samples = await live.prometheus.query(expr, to);
    return [refId, samples.find(({ labels }) => labels.deployment_id === id)?.value] as const;
  });
  return Object.fromEntries(await Promise.all(cells));
}

it('is recorded, failed by the gate, rolled back, shown so, and spends half a budget', {
  timeout: 120_000,
}, async () => {
  const env = job('bad');
  const run = (...argv: string[]): Promise<Outcome> => runRecorder(argv, env);
  const codes: Record<string, number> = {};
  await run('start', '--branch', 'main');
  railway.serving('bad0000000');
  codes.deploy = (await run('stage', '--service', 'api', '--stage', 'deploy', '--', 'true')).code;
  codes.health = (await run('health', '--service', 'api', '--url', healthUrl, '--interval', '100ms')).code;
  codes.smokeTest = (await run('smoke-test', '--test-name', 'API health', '--', 'false')).code;
  const gate = await run('gate', '--wait', '30s');
  codes.gate = gate.code;
  const rollback = await run('rollback', '--reason', 'health_check_failed', '--railway', '--url', healthUrl);
  codes.rollback = rollback.code;
  codes.finish = (await run('finish', '--outcome', 'failure')).code;

  expect(codes).toEqual({ deploy: 0, health: 1, smokeTest: 1, gate: 1, rollback: 0, finish: 0 });
  expect(gate.stdout).toMatch(/^FAIL: Deployment bad in production must not stay\./);
  expect(rollback.stdout).toContain('is healthy');
  expect(serving).toBe('good000000');

  const now = await live.settle();
  expect(await rowOf('bad', now)).toMatchObject({
    Outcome: outcomes.rolled_back,
    Rollback: rollbackReasons.health_check_failed,
  });
  const left =
    'environment_slo:error_budget_left:ratio{slo="deployment-reliability",environment="production"}';
  const [spent] = await live.prometheus.query('deployment:error_budget_spent:sum{deployment_id="bad"}', now);
  const [budget] = await live.prometheus.query(left, now);
  expect([spent?.value, budget?.value]).toEqual([0.5, 0.5]);
});
