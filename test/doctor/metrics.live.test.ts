import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf } from '../../src/doctor/ask.ts';
import { examineMetrics, requiredMetrics } from '../../src/doctor/metrics.ts';
import type { Finding } from '../../src/doctor/model.ts';
import { examine } from '../../src/doctor/run.ts';
import { outcomes } from '../../src/metrics/codes.ts';
import { prometheusConfig, type Rules, startPrometheus } from '../../src/servers/start.ts';
import { remoteWrite } from '../../src/simulator/remote-write.ts';
import {
  completed,
  cost,
  type Event,
  healthCheck,
  migration,
  python,
  send,
  smokeTest,
  stage,
  started,
} from '../collector/events.ts';
import { startLiveSystem } from '../live/system.ts';
import { jobEnv, record } from '../record/helpers.ts';
import { pipeline } from '../relay.ts';
import { buildBundle, fastRules } from './bench.ts';
import { named } from './servers.ts';

let folder: string;
let rules: Rules[];
beforeAll(async () => {
  folder = await buildBundle();
  rules = fastRules(
    readdirSync(join(folder, 'prometheus/rules')).map((name) => ({
      name,
      text: readFileSync(join(folder, 'prometheus/rules', name), 'utf8'),
    })),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const findings = async (env: Record<string, string>): Promise<readonly Finding[]> =>
  (await examine(env, folder, pipeline)).steps.flatMap((step) => step.findings);
/** Findings beside the servers that a test does not start. */
const found = async (env: Record<string, string>): Promise<string[]> =>
  named(await findings(env)).filter((name) => !/grafana-unset|no-alertmanager/.test(name));

describe('metrics', () => {
  it('that were never recorded', { timeout: 90_000 }, async () => {
    const other = await startLiveSystem();
    try {
      await other.server.reload({ rules });
      const there = { PROMETHEUS_URL: other.server.url, PUSHGATEWAY_URL: other.gateway.url };
      const wrong = async (): Promise<string[]> =>
        (await found(there)).filter((name) => !/waiting|version|gateway-empty/.test(name));
      await expect.poll(wrong, { timeout: 20_000, interval: 500 }).toEqual(['error nothing-recorded']);
      for (const id of ['1', '2', '3'])
        for (const argv of [
          ['start', '--no-sweep'],
          ['finish', '--outcome', 'success'],
        ])
          await record(argv, jobEnv({ PUSHGATEWAY_URL: other.gateway.url, DEPLOYMENT_ID: id }));
      await other.settle();
      const never = (await findings(there)).filter(({ id }) => id === 'never-existed');
      expect(never.map(({ severity }) => severity)).toEqual(never.map(() => 'error'));
      expect(never.map(({ place }) => place.at(-1))).toContain('smoke_test_success');
      expect(never.map(({ place }) => place.at(-1))).not.toContain('deployment_started_timestamp_seconds');
    } finally {
      await other.stop();
    }
  });

  it.skipIf(!python)('that the older collector does not push', { timeout: 120_000 }, async () => {
    const other = await startLiveSystem();
    try {
      await other.server.reload({ rules });
      const there = { PROMETHEUS_URL: other.server.url, PUSHGATEWAY_URL: other.gateway.url };
      const tell = async (event: Event): Promise<void> => {
        const { code, stderr } = await send('repaired', other.gateway.url, event);
        expect(code, stderr).toBe(0);
      };
      for (const event of [
        migration('1', 'success', 12.5),
        stage('1', 'api', 'deploy', 'success', 125),
        healthCheck('1', 'api', 'healthy', 80),
        smokeTest('1', 'api health', 'success'),
        cost('1', 'railway_compute', 0.15),
      ])
        await tell(event);
      for (const id of ['1', '2', '3']) {
        await tell(started(id));
        await tell(completed(id, 540, outcomes.success, 'main'));
      }
      await other.settle();
      expect(await found(there)).toEqual(['note collector-limits']);
    } finally {
      await other.stop();
    }
  });

  it('that vanished', async () => {
    const past = await startPrometheus({
      config: prometheusConfig({ outOfOrderWindow: '60d' }),
      acceptsBackfill: true,
    });
    try {
      const now = Math.floor(Date.now() / 1000);
      const at = (hours: number, name: string, value: number, labels: Record<string, string> = {}) => {
        const end = now - hours * 3_600;
        return {
          labels: { __name__: name, environment: 'production', deployment_id: `${hours}`, ...labels },
          points: [10, 8, 6, 4, 2, 0].map((m): [number, number] => [end - m * 60, value]),
        };
      };
      const pushed = { job: 'deployment-pipeline' };
      const deployment = (hours: number, without?: string) => [
        at(hours, 'deployment:success:bool', 1),
        at(hours, 'deployment:finished_timestamp_seconds:max', now - hours * 3_600 - 600),
        ...requiredMetrics.filter((name) => name !== without).map((name) => at(hours, name, 1, pushed)),
      ];
      await remoteWrite(
        past.url,
        [5, 3, 2, 1].flatMap((h) => deployment(h, h < 5 ? 'smoke_test_success' : undefined)),
      );
      const client = clientOf('Prometheus', 'PROMETHEUS', { PROMETHEUS_URL: past.url });
      const { findings: all } = await examineMetrics(client, pipeline);
      expect(named(all)).toEqual(['error vanished']);
      expect(all[0]?.place.at(-1)).toBe('smoke_test_success');
      expect(all[0]?.summary).toMatch(/^It was last there 5 h ago .*and 3 deployments succeeded since\.$/);
    } finally {
      await past.stop();
    }
  });
});
