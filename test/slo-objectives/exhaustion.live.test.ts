import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type Generation, obtainPrograms } from '../../src/servers/find.ts';
import { type Random, random } from '../../src/simulator/random.ts';
import { excess, exhaustion } from '../../src/slo/exhaustion.ts';
import { reliability } from '../relay.ts';

const run = promisify(execFile);
const day = 86_400;
const month = 31 * day;

/** Facts of an environment at some moment of January 1970. */
interface Known {
  readonly environment: string;
  readonly events: number;
  readonly spent: number;
  readonly weekEvents: number;
  readonly weekSpent: number;
}

const known = (dice: Random, environment: string): Known => {
  const events = dice.integer(1, 600);
  return {
    environment,
    events,
    spent: dice.integer(0, Math.ceil(events / 50)) / 2,
    weekEvents: dice.integer(1, 200),
    weekSpent: dice.integer(0, 8) / 2,
  };
};

const allowed = (events: number): number => Math.max(1, 0.01 * events);
const left = (k: Known): number => 1 - k.spent / allowed(k.events);

/** The first minute in which the budget is spent, if each week goes on like the last one; none beyond the month. */
function truth(k: Known, t: number): number | undefined {
  if (left(k) <= 1e-9) return undefined;
  for (let at = t; at < month; at += 60) {
    const weeks = (at - t) / (7 * day);
    if (k.spent + weeks * k.weekSpent >= allowed(k.events + weeks * k.weekEvents) - 1e-9) return at;
  }
  return undefined;
}

const slo = reliability.id;
/** The estimate, with what it reads of the rule before it put in. */
const estimate = exhaustion(reliability).text.replaceAll(
  `environment_slo:error_budget_excess:rate7d{slo="${slo}"}`,
  `(${excess(reliability).text})`,
);
const input = (k: Known, t: number) => {
  const constant = (name: string, labels: string, value: number) => ({
    series: `${name}{environment="${k.environment}",slo="${slo}"${labels}}`,
    values: `${value}+0x${t / day}`,
  });
  return [
    constant('environment_slo:events:count', ',window="month"', k.events),
    constant('environment_slo:error_budget_spent:sum', ',window="month"', k.spent),
    constant('environment_slo:events:count', ',window="7d"', k.weekEvents),
    constant('environment_slo:error_budget_spent:sum', ',window="7d"', k.weekSpent),
    constant('environment_slo:error_budget_left:ratio', '', left(k)),
  ];
};

it.each<[Generation]>([['current'], ['2.42']])(
  'the end of the budget is estimated as it would come, by promtool %s',
  async (generation) => {
    const { promtool } = await obtainPrograms(['promtool'], generation);
    const dice = random(11);
    const environments = Array.from({ length: 120 }, (_, i) => known(dice, `e${i}`));
    let estimated = 0;
    const tests = [5 * day, 12 * day, 28 * day].map((t) => {
      const expected = environments.flatMap((k) => {
        const at = truth(k, t);
        return at === undefined ? [] : [{ labels: `{environment="${k.environment}"}`, value: at }];
      });
      estimated += expected.length;
      return {
        interval: '1d',
        input_series: environments.flatMap((k) => input(k, t)),
        promql_expr_test: [
          // The truth tries every minute: the estimate is rounded up to one.
          {
            expr: `ceil((${estimate}) / 60 - 0.001) * 60`,
            eval_time: `${t}s`,
            exp_samples: expected,
          },
        ],
      };
    });
    // Most environments have no such moment; without some that do, nothing would be tested.
    expect(estimated).toBeGreaterThan(20);
    const folder = mkdtempSync(join(tmpdir(), 'exhaustion-'));
    try {
      writeFileSync(
        join(folder, 'test.yml'),
        stringify({ rule_files: [], evaluation_interval: '1d', tests }),
      );
      const { stdout } = await run(promtool, ['test', 'rules', join(folder, 'test.yml')]);
      expect(stdout).toContain('SUCCESS');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
