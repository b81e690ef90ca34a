import { expect, it } from 'vitest';
import type { Prometheus } from '../../src/lib/prometheus.ts';
import { Backfill, type RecordedRule } from '../../src/simulator/backfill.ts';

const rule = (record: string, expr: string, labels: Record<string, string> = {}): RecordedRule => ({
  group: 'g',
  record,
  expr,
  labels,
});

/** Evaluates rules against a server that answers nothing, and says in which order they began and ended. */
async function order(rules: readonly RecordedRule[], fails = ''): Promise<string[]> {
  const events: string[] = [];
  const queryRange = async (expr: string): Promise<[]> => {
    const { record } = rules.find((one) => one.expr === expr)!;
    events.push(`${record} begins`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (record === fails) throw new Error(`no answer to ${record}`);
    events.push(`${record} ends`);
    return [];
  };
  const backfill = new Backfill({ queryRange } as unknown as Prometheus, 'http://127.0.0.1:1');
  await backfill.evaluate(rules, { start: 0, end: 60, step: 60 });
  return events;
}

it('evaluates rules side by side that have nothing to do with each other', async () => {
  const events = await order([rule('a:x', 'raw'), rule('a:y', 'other'), rule('a:z', 'third')]);
  expect(events.slice(0, 2)).toEqual(['a:x begins', 'a:y begins']);
  expect([...events].sort()).toEqual([
    'a:x begins',
    'a:x ends',
    'a:y begins',
    'a:y ends',
    'a:z begins',
    'a:z ends',
  ]);
});

it('evaluates a rule after those before it that it reads, and that read it', async () => {
  const before = async (rules: readonly [RecordedRule, RecordedRule]): Promise<void> => {
    const [first, second] = rules.map(({ record }) => record);
    const events = await order(rules);
    expect(events.indexOf(`${first} ends`)).toBeLessThan(events.indexOf(`${second} begins`));
  };
  await before([rule('a:x', 'raw'), rule('a:y', 'sum(a:x)')]);
  await before([rule('a:x', 'last_over_time(a:y[5m])'), rule('a:y', 'raw')]);
  await before([rule('a:x', 'raw', { w: '1d' }), rule('a:y', 'a:x{w="1d"} > 0')]);
  const other = await order([rule('a:x', 'raw', { w: '1d' }), rule('a:y', 'a:x{w="7d"} > 0')]);
  expect(other.slice(0, 2)).toEqual(['a:x begins', 'a:y begins']);
});

it('ends with the first that fails', async () => {
  await expect(order([rule('a:x', 'raw'), rule('a:y', 'other')], 'a:x')).rejects.toThrow('no answer to a:x');
});
