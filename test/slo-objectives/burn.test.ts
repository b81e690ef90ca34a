import { describe, expect, it } from 'vitest';
import {
  burnsAs,
  burnWindows,
  deadWindows,
  factorOf,
  highestBurnRate,
  leastBadDeployments,
} from '../../src/slo/burn.ts';
import { allowedShare } from '../../src/slo/objective.ts';
import { objectives, reliability, ruleFiles } from '../relay.ts';

describe('burn factors', () => {
  it('are those of the SRE Workbook for thirty days', () => {
    expect(burnWindows.map((w) => [w.long, factorOf(w)])).toEqual([
      ['1h', 14.4],
      ['6h', 6],
      ['1d', 3],
      ['3d', 1],
    ]);
  });

  it('spend the share of the budget that they say within their long window', () => {
    const hours = { '1h': 1, '6h': 6, '1d': 24, '3d': 72 } as Readonly<Record<string, number>>;
    for (const w of burnWindows) expect((factorOf(w) * hours[w.long]!) / 720).toBeCloseTo(w.share, 9);
  });

  it('can be reached by every SLO that they are for', () => {
    expect(objectives.flatMap((o) => deadWindows(o))).toEqual([]);
  });

  it('cannot be reached below 93.06 % (14.4 times), 83.3 % (6 times), 66.7 % (3 times)', () => {
    const dead = (objective: number) => deadWindows({ ...reliability, objective }).map((w) => w.long);
    expect(dead(0.931)).toEqual([]);
    expect(dead(0.93)).toEqual(['1h']);
    expect(dead(0.84)).toEqual(['1h']);
    expect(dead(0.83)).toEqual(['1h', '6h']);
    expect(dead(0.66)).toEqual(['1h', '6h', '1d']);
  });

  it('are as high as they can be when everything fails', () => {
    expect(highestBurnRate(0.99)).toBe(100);
    expect(highestBurnRate(0.95)).toBe(20);
    expect(highestBurnRate(1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('want more than one deployment to have gone wrong', () => {
    for (const least of Object.values(leastBadDeployments)) expect(least).toBeGreaterThan(1);
  });
});

describe('objectives', () => {
  it('are the five of the design document', () => {
    expect(objectives.map((o) => [o.id, o.objective, o.agreement?.objective])).toEqual([
      ['deployment-reliability', 0.99, 0.98],
      ['time-to-deploy', 0.95, 0.95],
      ['post-deployment-health', 0.99, undefined],
      ['database-migrations', 1, undefined],
      ['smoke-tests', 0.99, undefined],
    ]);
  });

  it('allow what they do not demand, without the noise of binary fractions', () => {
    expect([0.99, 0.98, 0.95, 0.999, 1].map(allowedShare)).toEqual([0.01, 0.02, 0.05, 0.001, 0]);
  });

  it('have one budget that freezes changes, and one that escalates', () => {
    expect(objectives.map(({ budget }) => budget.kind)).toEqual([
      'freeze',
      'escalate',
      'tied',
      'none',
      'tied',
    ]);
  });

  it('burn where there is a budget to burn', () => {
    for (const o of objectives) expect(burnWindows.some((w) => burnsAs(o, w.severity))).toBe(o.objective < 1);
  });
});

describe('rules of objectives', () => {
  const groups = [...ruleFiles.objectives!, ...ruleFiles.budgets!];

  it('leave no gap when one evaluation is missed; those of short windows are evaluated within a minute', () => {
    const lookback = 300;
    for (const { name, interval } of groups) {
      expect(2 * interval, name).toBeLessThan(lookback);
      if (/-(15m|30m|1h)$/.test(name)) expect(interval, name).toBeLessThanOrEqual(15);
    }
  });

  it('count in every window that an alert looks at', () => {
    const written = groups
      .flatMap((group) => group.rules)
      .filter((rule) => rule.kind === 'record' && rule.record === 'environment_slo:burn_rate:ratio')
      .map(({ labels }) => `${labels.slo} ${labels.window}`);
    const wanted = objectives.flatMap((o) =>
      burnWindows
        .filter((w) => burnsAs(o, w.severity))
        .flatMap((w) => [`${o.id} ${w.long}`, `${o.id} ${w.short}`]),
    );
    expect(written.sort()).toEqual([...new Set(wanted)].sort());
  });
});
