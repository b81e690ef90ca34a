import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outcomes } from '../../src/metrics/codes.ts';
import { history } from '../../src/simulator/builders.ts';
import { staleMarker, type WrittenSeries } from '../../src/simulator/remote-write.ts';
import { ruleFiles } from '../relay.ts';
import { type PastSystem, startPast } from '../troubleshooting/past.ts';
import { Ruler } from './ruler.ts';

const zero = Date.UTC(2025, 9, 15, 10) / 1000;
const minute = 60;
const step = 15;
const groups = ruleFiles.history!.filter(({ name }) => /choices|restored/.test(name));

/** Samples that the ledger writes of a deployment when it is first seen, or seen anew: for two minutes. */
const facts = (
  environment: string,
  deployment_id: string,
  outcome: keyof typeof outcomes,
  finished: number,
  seen: number,
): WrittenSeries[] =>
  (
    [
      ['deployment:started_timestamp_seconds:min', finished - 100],
      ['deployment:finished_timestamp_seconds:max', finished],
      ['deployment:outcome:code', outcomes[outcome]],
      ['deployment:last_event_timestamp_seconds:max', seen],
    ] as const
  ).map(([name, value]) => ({
    labels: { __name__: name, environment, deployment_id },
    points: [
      ...Array.from({ length: 8 }, (_, i) => [seen + i * step, value] as const),
      [seen + 8 * step, staleMarker] as const,
    ],
  }));

/** Two that went wrong, and two successes, each after one of them. */
const deployments = [
  ['b1', 'failure', 100],
  ['s1', 'success', 250],
  ['b2', 'abandoned', 300],
  ['b3', 'failure', 310],
  ['s2', 'success', 900],
] as const;
const orders = <T>(list: readonly T[]): T[][] =>
  list.length === 0
    ? [[]]
    : list.flatMap((one) => orders(list.filter((o) => o !== one)).map((rest) => [one, ...rest]));
const all = orders(deployments);
const between = 4 * minute;
const begin = zero + 20 * minute;

describe('time to restore', () => {
  let system: PastSystem;
  let ruler: Ruler;
  const noted = async (at: number): Promise<Map<string, Record<string, number>>> => {
    const found = await system.prometheus.query(
      'last_over_time(deployment:restored_after_seconds:last[2h])',
      at,
    );
    const byEnvironment = new Map<string, Record<string, number>>();
    for (const { labels, value } of found)
      byEnvironment.set(labels.environment!, {
        ...byEnvironment.get(labels.environment!),
        [labels.deployment_id!]: value,
      });
    return byEnvironment;
  };
  beforeAll(async () => {
    system = await startPast(history(zero, []), { from: zero, to: zero + step, step });
    ruler = new Ruler(system.prometheus, system.server.url);
  });
  afterAll(() => system?.stop());

  it('is the same in whatever order deployments are first seen', async () => {
    await system.write(
      all.flatMap((order, i) =>
        order.flatMap(([id, outcome, finished], k) =>
          facts(`e${i}`, id, outcome, zero + finished, begin + k * between),
        ),
      ),
    );
    const end = begin + 5 * between + 4 * minute;
    await ruler.run(groups, { from: begin, to: end, step: minute });
    const found = await noted(end);
    const wrong = all.flatMap((order, i) => {
      const own = found.get(`e${i}`);
      const right = own?.b1 === 150 && own.b2 === 600 && own.b3 === 590;
      return right ? [] : [`${order.map(([id]) => id).join(' ')}: ${JSON.stringify(own)}`];
    });
    expect(all.length).toBe(120);
    expect(wrong).toEqual([]);
  }, 300_000);

  it('is that of the next success when the one that restored is rolled back hours later', async () => {
    const later = begin + 60 * minute;
    await system.write(facts('e0', 's1', 'rolled_back', zero + 250, later));
    await ruler.run(groups, { from: later, to: later + 6 * minute, step: minute });
    expect((await noted(later + 6 * minute)).get('e0')?.b1).toBe(800);
  });
});
