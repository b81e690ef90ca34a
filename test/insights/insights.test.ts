import { describe, expect, it } from 'vitest';
import {
  chainOf,
  flakyParts,
  type InsightDeployment,
  type InsightPart,
  insightsOf,
  insightsText,
  leversOf,
} from '../../src/insights/index.ts';

const ran = (name: string, started: number, finished: number, passed = true): InsightPart => ({
  name,
  kind: 'stage',
  passed,
  failed: !passed,
  started,
  finished,
});
const deployed = (
  parts: readonly InsightPart[],
  more: Partial<InsightDeployment> = {},
): InsightDeployment => ({
  id: '1',
  environment: 'production',
  commit: 'a1',
  outcome: 'success',
  triggered: 0,
  started: 10,
  finished: 300,
  parts,
  ...more,
});

/** The API takes 200 s in two stages, the web front end 120 s beside them; tests come after both. */
const parallel = deployed([
  ran('api build', 20, 120),
  ran('api deploy', 120, 220),
  ran('web deploy', 20, 140),
  ran('api smoke_tests', 225, 290),
]);

describe('the chain of a deployment', () => {
  it('is what made its length, with the waiting, and adds up to it', () => {
    const chain = chainOf(parallel);
    expect(chain).toEqual([
      { seconds: 20 },
      { name: 'api build', seconds: 100 },
      { name: 'api deploy', seconds: 100 },
      { seconds: 5 },
      { name: 'api smoke_tests', seconds: 65 },
      { seconds: 10 },
    ]);
    expect(chain.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(300);
  });

  it('is waiting where nothing ran, and leaves out what did not end', () => {
    expect(chainOf(deployed([]))).toEqual([{ seconds: 300 }]);
    const { finished: _, ...open } = ran('api build', 20, 120);
    expect(chainOf(deployed([open]))).toEqual([{ seconds: 300 }]);
  });
});

describe('levers', () => {
  const saved = (...all: InsightDeployment[]) =>
    Object.fromEntries(leversOf(all).map(({ name, savedSeconds }) => [name, savedSeconds]));

  it('say what half of a stage would have saved, and no more than what runs beside it leaves', () => {
    // Half of the API's deploy ends at 170; half of its build lets all that follows come 50 s earlier.
    expect(saved(parallel)).toEqual({ 'api build': 50, 'api deploy': 50, 'api smoke_tests': 32.5 });
    // The web front end takes nearly as long here: 20 s are all that can be won.
    const close = deployed([
      ran('api build', 20, 220),
      ran('web build', 20, 200),
      ran('web tests', 220, 290),
    ]);
    expect(saved(close)).toEqual({ 'api build': 20, 'web tests': 35 });
  });

  it('add up deployments that succeeded, and no others', () => {
    const failed = deployed(parallel.parts, { id: '2', outcome: 'failure' });
    const [first] = leversOf([parallel, deployed(parallel.parts, { id: '3' }), failed]);
    expect(first).toEqual({
      name: 'api build',
      environment: 'production',
      deployments: 2,
      savedSeconds: 100,
    });
  });
});

describe('what is flaky', () => {
  const test = (passed: boolean): InsightPart => ({
    name: 'smoke test login',
    kind: 'test',
    passed,
    failed: !passed,
  });
  const all = [
    deployed([ran('api tests', 20, 60, false), test(false)], { outcome: 'failure', finished: 70 }),
    deployed([ran('api tests', 20, 60), test(true)], { id: '1-2' }),
    deployed([ran('api tests', 20, 60)], { id: '2', commit: 'b2' }),
    deployed([], { id: '5', outcome: 'cancelled' }),
    // It failed at another commit, elsewhere, or after it had passed: that is no chance.
    deployed([ran('api tests', 20, 60, false)], { id: '3', commit: 'c3', outcome: 'failure' }),
    deployed([ran('api tests', 20, 60, false)], { id: '4', commit: 'b2', environment: 'staging' }),
    deployed([ran('api tests', 20, 60, false)], { id: '2-2', commit: 'b2', finished: 400 }),
  ];
  const where = { environment: 'production', failures: 1, lostSeconds: 60 };

  it('failed and passed later at the same commit of the same environment', () => {
    expect(flakyParts(all)).toEqual([
      { ...where, name: 'api tests', deployments: 5 },
      { ...where, name: 'smoke test login', deployments: 5 },
    ]);
  });

  it('may have passed in a deployment that is not asked for', () => {
    const [first] = flakyParts(all, ({ id }) => id === '1');
    expect(first).toEqual({ ...where, name: 'api tests', deployments: 1 });
    expect(flakyParts(all, ({ id }) => id !== '1')).toEqual([]);
  });
});

describe('the text', () => {
  it('names the levers, the waiting and what is flaky', () => {
    const text = insightsText(insightsOf([parallel]), 1);
    expect(text).toContain('production: 1 deployments, 1 of them succeeded.');
    expect(text).toContain('they took 5.0 min on average; 12 % of it nothing ran, 3 % before the start.');
    expect(text).toMatch(/api build +0\.8 min +0\.8 min +1 of 1/);
    expect(text).not.toMatch(/api deploy +\d/);
    expect(text).toContain('Nothing failed and passed later at the same commit.');
  });
  it('says how many health checks fail before one passes, of what succeeded', () => {
    const checked = (made: number, passed: number, outcome = 'success') =>
      deployed([], { outcome, healthChecks: { made, passed } });
    const text = insightsText(
      insightsOf([checked(5, 3), checked(4, 4), checked(9, 0, 'failure'), deployed([])]),
    );
    expect(text).toContain('Those that were checked had 1.0 failed health checks each.');
    expect(insightsText(insightsOf([parallel]))).not.toContain('health checks');
  });
  it('says so when there is nothing', () => {
    expect(insightsText(insightsOf([]))).toBe('No deployment finished in this time.');
    const failed = insightsText(insightsOf([deployed([], { outcome: 'failure' })]));
    expect(failed).toContain('1 deployments, 0 of them succeeded.');
  });
});
