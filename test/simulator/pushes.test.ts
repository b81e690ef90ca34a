import { describe, expect, test } from 'vitest';
import { deployment, rollback, stage, unfinished } from '../../src/simulator/builders.ts';
import { simulate } from '../../src/simulator/history.ts';
import { exposedBy, exposedHistory, pushesOf } from '../../src/simulator/pushes.ts';

const start = 1_760_000_000;
const hours = (count: number): number => start + count * 3600;

/** When the deployment's own group and its rollback's group are exposed, in hours after the start. */
async function lives(d: Parameters<typeof exposedBy>[0], starts: number[]): Promise<string[]> {
  const spans = (await exposedBy(d, starts)).flat();
  const shown = spans.filter(({ labels }) =>
    ['deployment_info', 'deployment_stage_info'].includes(labels.__name__ ?? ''),
  );
  const hour = (time: number): string => String(Math.round(((time - start) / 3600) * 100) / 100);
  return shown.map(({ labels, from, to }) => `${labels.stage ?? 'deployment'} ${hour(from)}-${hour(to)}`);
}

describe('pushes', () => {
  test('are the recorder’s own: a group for each event', async () => {
    const d = deployment({ started: start, stages: [stage('api', 'build', start + 10, start + 20)] });
    const pushes = await pushesOf(d);
    expect(
      pushes.map(({ time, push }) => [time - start, push.method, push.group.stage ?? 'deployment']),
    ).toEqual([
      [0, 'POST', 'deployment'],
      [10, 'POST', 'build'],
      [20, 'PUT', 'build'],
      [290, 'POST', 'deployment'],
    ]);
  });

  test('of every kind of story are accepted by the recorder', async () => {
    let count = 0;
    for await (const { lives } of exposedHistory(simulate({ seed: 9, end: start, days: 5, perDay: 60 })))
      count += lives.flat().length;
    expect(count).toBeGreaterThan(1000);
  });

  test('that the recorder refuses are an error with its reason', async () => {
    const d = deployment({ started: start, costs: [{ resource: 'vercel_build', time: start, usd: -1 }] });
    await expect(pushesOf(d)).rejects.toThrow('out of range');
  });
});

describe('the gateway forgets a deployment', () => {
  const plain = deployment({ started: start });

  test('at the first start more than two hours after its end, and not before', async () => {
    expect(await lives(plain, [start, hours(1), hours(2), hours(2.5), hours(3)])).toEqual([
      'deployment 0-2.5',
    ]);
  });

  test('never, without later deployments', async () => {
    expect(await lives(plain, [start])).toEqual(['deployment 0-Infinity']);
  });

  test('later, when something was said of it later', async () => {
    const d = { ...plain, rollbacks: [rollback(hours(1), hours(1) + 60)] };
    expect(await lives(d, [start, hours(2.5), hours(4)])).toEqual(['deployment 0-4', 'rollback 1-4']);
  });

  test('and knows nothing but the rollback when that comes after', async () => {
    const d = { ...plain, rollbacks: [rollback(hours(5), hours(5) + 60)] };
    expect(await lives(d, [start, hours(3), hours(6), hours(9), hours(40)])).toEqual([
      'deployment 0-3',
      'rollback 5-40',
    ]);
    expect(await lives(d, [start, hours(9)])).toEqual(['deployment 0-9', 'rollback 5-9']);
  });

  test('after a day of silence, when it never finished', async () => {
    const d = unfinished({ started: start });
    expect(await lives(d, [start, hours(3), hours(23.9), hours(24.5)])).toEqual(['deployment 0-24.5']);
  });
});
