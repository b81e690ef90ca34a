import { describe, expect, it } from 'vitest';
import { keeps } from '../../src/bench/line.ts';
import { mapLimited, width } from '../../src/provision/pool.ts';
import { benchProvision } from './bench.ts';

describe('the number of requests', () => {
  it('stays within its budget for 100 dashboards', async () => {
    const lines = (await benchProvision(100)).filter((line) => line.budget !== undefined);
    expect(lines).toHaveLength(6);
    for (const line of lines) expect(keeps(line), `${line.scale}: ${line.what}, ${line.value}`).toBe(true);
  });
});

describe('concurrency', () => {
  it('is bounded, keeps the order, and stops at the first failure after what is under way', async () => {
    let now = 0;
    let most = 0;
    const work = async (item: number): Promise<number> => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      now--;
      return item * 2;
    };
    const items = Array.from({ length: 40 }, (_, i) => i);
    expect(await mapLimited(items, width, work)).toEqual(items.map((i) => i * 2));
    expect(most).toBe(width);
    const begun: number[] = [];
    const failing = mapLimited(items, 3, async (item) => {
      begun.push(item);
      if (item === 1) throw new Error('second');
      await work(item);
    });
    await expect(failing).rejects.toThrow('second');
    expect(begun.length).toBeLessThan(10);
    expect(await mapLimited([], width, work)).toEqual([]);
  });
});
