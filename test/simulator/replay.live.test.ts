import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { main } from '../../src/record/main.ts';
import { type RunningServer, startPushgateway } from '../../src/servers/start.ts';
import { deployment, history } from '../../src/simulator/builders.ts';
import { type Span, seriesKey } from '../../src/simulator/gateway.ts';
import { simulate } from '../../src/simulator/history.ts';
import { exposedHistory } from '../../src/simulator/pushes.ts';
import { replayLive } from '../../src/simulator/replay.ts';
import type { History } from '../../src/simulator/types.ts';
import { oneOfEach, onlyFailures } from './handmade.ts';

// Deployments that began before the end of the history are told to their own end, which lies ahead of this clock.
const quiet = { stdout: () => {}, stderr: () => {}, now: () => Date.now() + 3_600_000 };
const record = (argv: readonly string[], env: NodeJS.ProcessEnv) => main(argv, env, quiet);
const end = Math.floor(Date.now() / 1000);

type Series = { readonly labels: Record<string, string>; readonly value: number };

/** The samples of a text exposition, empty labels left out. */
function parse(text: string): Series[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', pairs = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      const labels: Record<string, string> = { __name__: name };
      for (const [, label = '', quoted = ''] of pairs.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g))
        if (quoted !== '') labels[label] = JSON.parse(`"${quoted}"`) as string;
      return { labels, value: Number(value) };
    });
}

const comparable = (series: readonly Series[]): string[] =>
  series
    .filter(({ labels }) => labels.job === 'deployment-pipeline' && labels.__name__ !== 'push_time_seconds')
    .map(({ labels, value }) => `${seriesKey(labels)} ${value}`)
    .sort();

async function modelled(given: History): Promise<string[]> {
  const now: Span[] = [];
  for await (const { lives } of exposedHistory(given))
    now.push(...lives.flat().filter(({ to }) => to > given.end));
  return comparable(now);
}

describe.each([['current'], ['2.42']] as const)('a real gateway (%s)', (generation) => {
  let gateway: RunningServer;
  beforeAll(async () => {
    gateway = await startPushgateway({ generation });
  });
  afterAll(() => gateway.stop());

  const exposedNow = async (): Promise<string[]> =>
    comparable(parse(await (await fetch(`${gateway.url}/metrics`)).text()));

  test('exposes exactly what the model says it does', async () => {
    // Within two hours, so that nothing is swept: the gateway's clock is the real one.
    const simulated = simulate({ seed: 12, end, days: 1 / 24, perDay: 480, steady: true });
    const past = { ...simulated, end: end + 86_400 };
    const replayed = await replayLive(past, { pushgatewayUrl: gateway.url, record });
    expect(replayed.failed).toEqual([]);
    expect(replayed.calls).toBeGreaterThan(90);
    const expected = await modelled({ ...past, end: end + 7200 });
    expect(expected.length).toBeGreaterThan(150);
    expect(await exposedNow()).toEqual(expected);
  });
});

describe('a replay', () => {
  test('reports what could not be recorded', async () => {
    const gone = 'http://127.0.0.1:1';
    const failing = async (argv: readonly string[]) => (argv[0] === 'finish' ? 1 : 0);
    const given = history(end, [deployment({ started: end - 400 })]);
    const { calls, failed } = await replayLive(given, { pushgatewayUrl: gone, record: failing });
    expect(calls).toBe(2);
    expect(failed.map(({ argv }) => argv[0])).toEqual(['finish']);
  });

  test('leaves out what lies after the moment until which it goes', async () => {
    const said: string[] = [];
    const log = async (argv: readonly string[]) => {
      said.push(argv[0] ?? '');
      return 0;
    };
    await replayLive(oneOfEach(end), { pushgatewayUrl: 'x', record: log, until: end - 2900, concurrency: 1 });
    expect(said).toEqual(['start', 'migration', 'migration', 'stage-start']);
  });

  test('in time waits for each event, and runs overlapping deployments side by side', async () => {
    let now = (end - 3000) * 1000;
    const sleepers: { until: number; wake: () => void }[] = [];
    const clock = {
      now: () => now,
      sleep: (ms: number) => new Promise<void>((wake) => void sleepers.push({ until: now + ms, wake })),
    };
    const said: [string, number][] = [];
    const log = async (argv: readonly string[]) => {
      said.push([argv[0] ?? '', Math.round(now / 1000) - end]);
      return 0;
    };
    const given = onlyFailures(end);
    let isOver = false;
    const replay = replayLive(given, { pushgatewayUrl: 'x', record: log, clock }).then(() => {
      isOver = true;
    });
    while (!isOver) {
      await new Promise(setImmediate);
      const next = sleepers.sort((a, b) => a.until - b.until).shift();
      if (!next) continue;
      now = Math.max(now, next.until);
      next.wake();
    }
    await replay;
    expect(said.filter(([verb]) => verb === 'start')).toEqual(
      [50, 35, 20].map((minutes) => ['start', -60 * minutes]),
    );
    expect(said.at(-1)).toEqual(['finish', -600]);
  });

  test('ends when it is told to', async () => {
    const stop = new AbortController();
    let calls = 0;
    const log = async () => {
      calls += 1;
      stop.abort();
      return 0;
    };
    await replayLive(onlyFailures(end), {
      pushgatewayUrl: 'x',
      record: log,
      clock: systemClock,
      signal: stop.signal,
    });
    expect(calls).toBeLessThanOrEqual(3);
  });
});
