import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type Generation, obtainPrograms } from '../../src/servers/find.ts';
import { firingsOf, type Hold } from '../../src/simulator/firings.ts';
import { random } from '../../src/simulator/random.ts';

const step = 60;
const evaluations = 240;

/** Evaluations at which a condition holds: runs of some length with gaps between them. */
function activity(seed: number): number[] {
  const dice = random(seed);
  const active: number[] = [];
  for (let at = 1; at < evaluations; ) {
    const run = dice.integer(1, 12);
    for (let i = at; i < Math.min(at + run, evaluations); i++) active.push(i * step);
    at += run + dice.integer(1, 9);
  }
  return active;
}

const isFiring = (active: readonly number[], hold: Hold, at: number): boolean =>
  firingsOf(active, step, hold).some(({ from, to }) => from <= at && at <= to);

/** Asks promtool at every evaluation whether the alert fires as ours does. */
async function promtoolAgrees(
  active: readonly number[],
  hold: Hold,
  generation: Generation,
): Promise<string> {
  const { promtool } = await obtainPrograms(['promtool'], generation);
  const folder = mkdtempSync(join(tmpdir(), 'firings-'));
  const values = Array.from({ length: evaluations }, (_, i) => (active.includes(i * step) ? '1' : '0')).join(
    ' ',
  );
  const rule = {
    alert: 'A',
    expr: 'condition == 1',
    for: `${hold.for}s`,
    keep_firing_for: `${hold.keepFiringFor}s`,
  };
  const test = {
    rule_files: ['rules.yml'],
    evaluation_interval: `${step}s`,
    tests: [
      {
        interval: `${step}s`,
        input_series: [{ series: 'condition', values }],
        alert_rule_test: Array.from({ length: evaluations }, (_, i) => ({
          eval_time: `${i * step}s`,
          alertname: 'A',
          exp_alerts: isFiring(active, hold, i * step) ? [{ exp_labels: {} }] : [],
        })),
      },
    ],
  };
  writeFileSync(join(folder, 'rules.yml'), stringify({ groups: [{ name: 'a', rules: [rule] }] }));
  writeFileSync(join(folder, 'test.yml'), stringify(test));
  try {
    return await new Promise((resolve) => {
      execFile(promtool, ['test', 'rules', 'test.yml'], { cwd: folder }, (error, out, err) =>
        resolve(error ? out + err : ''),
      );
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a replayed alert', () => {
  it('fires after its hold and ends with its condition', () => {
    const hold = { for: 120, keepFiringFor: 0 };
    expect(firingsOf([60, 120, 180, 240], 60, hold)).toEqual([{ labels: {}, since: 60, from: 180, to: 240 }]);
    expect(firingsOf([60, 120], 60, hold)).toEqual([]);
    expect(firingsOf([60, 120, 240, 300], 60, hold)).toEqual([]);
  });

  it('goes on over a gap while it is kept', () => {
    const hold = { for: 60, keepFiringFor: 300 };
    expect(firingsOf([60, 120, 300], 60, hold)).toEqual([{ labels: {}, since: 60, from: 120, to: 600 }]);
  });

  const holds: Hold[] = [0, 60, 90, 300].flatMap((wait) =>
    [0, 60, 150, 600].map((keepFiringFor) => ({ for: wait, keepFiringFor })),
  );
  it.each(['current', '2.42'] as const)('fires when promtool %s says so', async (generation) => {
    for (const [index, hold] of holds.entries())
      expect(await promtoolAgrees(activity(index), hold, generation), JSON.stringify(hold)).toBe('');
  });
});
