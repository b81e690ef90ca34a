import { rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Prometheus } from '../../../src/lib/prometheus.ts';
import { outcomes } from '../../../src/metrics/codes.ts';
import { carry } from '../../../src/record/pipeline.ts';
import { isExecutable } from '../../../src/servers/cache.ts';
import { freePort } from '../../../src/servers/port.ts';
import { Server, serverFolder } from '../../../src/servers/server.ts';
import { deployment, failedStage, history, rollback, stage } from '../../../src/simulator/builders.ts';
import { replayLive } from '../../../src/simulator/replay.ts';
import { recordQuietly } from '../../live/record.ts';
import { rulesOf } from '../../live/system.ts';
import { factsAt } from '../../oracle/facts.ts';
import { bundleBy, pipeline } from '../../relay.ts';
import { desiredOf } from '../fixtures/bundle.ts';
import { deliver, rulesDirectory } from './real.ts';

const find = (name: string): string | undefined =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
const [storage, ruler] = [find('victoria-metrics'), find('vmalert')];

/** VictoriaMetrics and its ruler, as Debian's package `victoria-metrics` has them (1.79, which knows no keep_firing_for). */
describe.skipIf(!storage || !ruler)('rules for vmalert of Debian’s victoria-metrics', () => {
  const directory = rulesDirectory();
  const servers: Server[] = [];
  let prometheus: Prometheus;
  let store: string;
  const begin = async (
    title: string,
    binary: string,
    place: { port?: number },
    args: readonly string[],
  ): Promise<Server> => {
    const own = (port: number): string[] => [`-httpListenAddr=127.0.0.1:${port}`, ...args];
    const server = new Server({ title, binary, folder: serverFolder(title), args: own, ...place });
    servers.push(server);
    await server.start();
    return server;
  };
  const desired = async (edit: (text: string) => string) => {
    const rules = await rulesOf(bundleBy('remote-write'));
    const own = rules.flatMap((one) =>
      typeof one === 'string' || one.name === 'bundle.yml' ? [] : [[one.name, edit(one.text)] as const],
    );
    return desiredOf({ rules: Object.fromEntries(own), bundleInterval: '2s' });
  };

  beforeAll(async () => {
    const port = await freePort();
    const { url } = await begin('victoria-metrics', storage!, {}, [
      `-storageDataPath=${serverFolder('storage')}`,
      // Else it hides the last half minute from the rules.
      '-search.latencyOffset=0s',
      `-vmalert.proxyURL=http://127.0.0.1:${port}`,
    ]);
    await begin('vmalert', ruler!, { port }, [
      `-rule=${directory}/*.yml`,
      '-configCheckInterval=1s',
      `-datasource.url=${url}`,
      `-remoteWrite.url=${url}`,
      '-remoteWrite.flushInterval=1s',
      '-notifier.url=http://127.0.0.1:1',
    ]);
    prometheus = new Prometheus(url);
    store = url;
  });
  afterAll(async () => {
    carry(pipeline);
    for (const server of servers.reverse()) await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('are not loaded when it does not know keep_firing_for, and it is said which one does', async () => {
    const { result, output } = await deliver(store, directory, await desired((text) => text));
    expect(result?.code).toBe(1);
    expect(output).toContain('keep_firing_for needs Prometheus 2.42, or vmalert of VictoriaMetrics 1.92');
    expect(output).toContain('The rule files from before were put back and loaded.');
  });

  it('are delivered into its directory, and proven by what it says that it runs', async () => {
    const known = await desired((text) => text.replaceAll(/^ +keep_firing_for: .*\n/gm, ''));
    const applied = await deliver(store, directory, known, { options: { proofMs: 60_000 } });
    expect(applied.output).toContain(' changes applied.');
    expect(applied.result?.code).toBe(0);
    const again = await deliver(store, directory, known, { options: { mode: 'plan' } });
    expect(again.output).toContain('0 changes to apply');
    expect(again.result?.code).toBe(0);
  });

  it('write the facts of what is recorded by remote write', async () => {
    const end = Math.floor(Date.now() / 1000);
    const shared = { started: end - 900, finished: end - 300 };
    const build = stage('api', 'build', end - 800, end - 700);
    const past = history(end, [
      deployment({ id: '1', ...shared, stages: [build] }),
      deployment({
        id: '2',
        ...shared,
        stages: [failedStage('api', 'build', end - 800, end - 700)],
        reported: 'failure',
      }),
      deployment({ id: '3', ...shared, stages: [build], rollbacks: [rollback(end - 200, end - 100)] }),
    ]);
    carry({ ...pipeline, transport: 'remote-write' });
    const env = { REMOTE_WRITE_URL: `${store}/api/v1/write` };
    const options = { pushgatewayUrl: 'disabled', env, record: recordQuietly };
    expect((await replayLive(past, options)).failed).toEqual([]);
    const truth = factsAt(past, end).map(({ id, outcome, duration, budgetSpent }) => ({
      id,
      outcome: outcomes[outcome],
      duration,
      budgetSpent,
    }));
    const facts = async () => {
      const value = async (fact: string, id: string) =>
        (await prometheus.query(`last_over_time(${fact}{deployment_id="${id}"}[10m])`))[0]?.value;
      return await Promise.all(
        truth.map(async ({ id }) => ({
          id,
          outcome: await value('deployment:outcome:code', id),
          duration: await value('deployment:duration_seconds:last', id),
          budgetSpent: await value('deployment:error_budget_spent:sum', id),
        })),
      );
    };
    await expect.poll(facts, { timeout: 90_000, interval: 1_000 }).toEqual(truth);
  });
});
