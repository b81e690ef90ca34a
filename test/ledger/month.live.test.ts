import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { budget } from '../oracle/budget.ts';
import { truthAt } from '../oracle/truth.ts';
import { ruleFiles } from '../relay.ts';
import { monthFirstMinute, monthStart } from '../simulator/handmade.ts';
import { type PastSystem, startPast } from '../troubleshooting/past.ts';

const objective = 0.99;
const history = monthFirstMinute(Date.UTC(2025, 10, 9) / 1000);
const first = monthStart(history.end);
const times = { from: first - 900, to: history.end, step: 15 };
const rules = Object.values(ruleFiles)
  .flat()
  .find(({ name }) => name === 'deployment-budget-deployment-reliability')!.rules;
/** The rule that counts this month. */
const ruleOf = (record: string): string =>
  rules.find((r) => r.kind === 'record' && r.record === record && r.labels.window === 'month')!.expr.text;

describe.each(['current', '2.42'] as const)('the first minute of a month on Prometheus %s', (generation) => {
  let past: PastSystem;
  beforeAll(async () => {
    past = await startPast(history, times, generation);
    await past.evaluate(ruleFiles.ledger!);
  }, 180_000);
  afterAll(() => past?.stop());

  it.each<[number, { deployments: number; spent: number }]>([
    [-15, { deployments: 1, spent: 1 }],
    [0, { deployments: 0, spent: 0 }],
    [15, { deployments: 1, spent: 1 }],
    [45, { deployments: 2, spent: 1 }],
    [75, { deployments: 3, spent: 2 }],
  ])('counts what finished in the month, %s s after it began', async (after, expected) => {
    const at = first + after;
    expect(budget(truthAt(history, at).facts, 'production', at, objective)).toMatchObject(expected);
    const ask = async (record: string) => (await past.prometheus.query(ruleOf(record), at))[0]?.value ?? 0;
    expect({
      deployments: await ask('environment_slo:events:count'),
      spent: await ask('environment_slo:error_budget_spent:sum'),
    }).toEqual(expected);
  });
});
