import { describe, expect, it, test } from 'vitest';
import { classify, missed, type Worth, within } from '../../src/backtest/classify.ts';
import type { Past } from '../../src/backtest/deployments.ts';
import type { Replay } from '../../src/backtest/replay.ts';
import type { Firing } from '../../src/simulator/firings.ts';

const span = { from: 100_000, to: 300_000, step: 60 };
const past = (id: string, finished: number, bad: boolean, lastEvent = finished): Past => ({
  id,
  environment: 'production',
  finished,
  lastEvent,
  bad,
});
const fired = (alert: string, ...firings: Firing[]): Replay => ({ alert, severity: 'high', firings });
/** Fires for a minute after a hold of two. */
const firing = (labels: Record<string, string>, since: number, to = since + 180): Firing => ({
  labels,
  since,
  from: since + 120,
  to,
});
const production = { environment: 'production' };
const about = (id: string, since: number): Firing => firing({ ...production, deployment_id: id }, since);

describe('a firing', () => {
  const known = [
    past('before', 90_000, true),
    past('bad', 110_000, true),
    past('good', 150_000, false),
    past('late', 200_000, true, 215_000),
  ];
  test.each<[string, Firing, Worth, string[]]>([
    ['names a bad deployment', about('bad', 110_060), 'right', ['bad']],
    ['names one that was not bad', about('good', 150_060), 'false', ['good']],
    ['names one that finished before the time', about('before', 100_060), 'right', ['before']],
    ['names one that still ran or is older than the history', about('running', 299_000), 'unknown', []],
    ['began shortly after a bad one', firing(production, 110_600), 'right', ['bad']],
    ['began shortly after a good one', firing(production, 150_600), 'false', ['good']],
    ['began with a late rollback', firing(production, 215_000), 'right', ['late']],
    ['began near none, and lasts over bad ones', firing(production, 108_000, 300_000), 'unknown', []],
    ['began in another environment', firing({ environment: 'staging' }, 110_600), 'unknown', []],
    ['had begun before the time', firing(production, 100_000), 'unknown', []],
    ['is about the system', firing({}, 110_060), 'unknown', []],
  ])('that %s', (_, one, worth, ids) => {
    const [verdict] = classify([fired('A', one)], known, span);
    expect(verdict?.firings[0]).toEqual({ ...one, worth, deployments: ids });
  });

  it('of an alert that only informs is neither right nor false', () => {
    const [verdict] = classify([{ ...fired('A', about('good', 150_060)), severity: 'info' }], known, span);
    expect(verdict).toMatchObject({ falsePositives: 0, unknown: 1, deployments: ['good'] });
  });

  it('is counted, with how long it lasted', () => {
    const [verdict] = classify([fired('A', about('bad', 110_060), about('good', 150_060))], known, span);
    expect(verdict).toMatchObject({ falsePositives: 1, unknown: 0, duration: 120 });
  });
});

describe('a bad deployment', () => {
  const bad = past('bad', 200_000, true);
  const names = (...replays: Replay[]): string[] => missed(replays, [bad], span).map(({ id }) => id);

  it('is caught by an alert that names it, or begins shortly after it', () => {
    expect(names(fired('A', about('bad', 200_060)))).toEqual([]);
    expect(names(fired('A', firing(production, 203_600)))).toEqual([]);
  });

  it('is not caught by a firing that had begun before, however long it lasts', () => {
    expect(names(fired('ErrorBudgetExhausted', firing(production, 199_000, 300_000)))).toEqual(['bad']);
  });

  it('is not caught by one that begins hours later', () => {
    expect(names(fired('A', firing(production, 200_000 + 7_260)))).toEqual(['bad']);
  });

  it('is not caught by an alert that only informs', () => {
    expect(names({ ...fired('RollbackExecuted', about('bad', 200_060)), severity: 'info' })).toEqual(['bad']);
  });

  it('counts only when it finished in the time that is looked at', () => {
    const earlier = past('earlier', 90_000, true);
    expect(within([earlier, bad], span)).toEqual([bad]);
    expect(missed([], [earlier], span)).toEqual([]);
  });
});
