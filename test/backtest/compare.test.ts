import { describe, expect, it } from 'vitest';
import { type AlertPair, difference, pairsOf } from '../../src/backtest/compare.ts';
import { type Report, text } from '../../src/backtest/render.ts';
import type { Replay } from '../../src/backtest/replay.ts';
import type { FileRule } from '../../src/compile/snapshot.ts';
import type { Firing } from '../../src/simulator/firings.ts';

const rule = (alert: string, expr = 'up == 0'): FileRule => ({ alert, expr, labels: { severity: 'high' } });
const snapshot = (...rules: FileRule[]) => ({
  dashboards: new Map(),
  rules: new Map([['alerts', [{ name: 'alerts', rules }]]]),
  alertmanager: undefined,
  hashes: new Map(),
});
const at = (from: number, to: number, id = '1'): Firing => ({
  labels: { environment: 'production', deployment_id: id },
  since: from,
  from,
  to,
});
const replay = (...firings: Firing[]): Replay => ({ alert: 'A', severity: 'high', firings });
const pair = (before?: FileRule, now?: FileRule): AlertPair => ({ alert: 'A', before, now });
const changed = pair(rule('A', 'up == 1'), rule('A'));

describe('two definitions of an alert', () => {
  it('are paired by name, and none is left out', () => {
    const pairs = pairsOf(snapshot(rule('Old'), rule('Both')), snapshot(rule('Both'), rule('Brand')));
    expect(pairs.map(({ alert, before, now }) => [alert, !!before, !!now])).toEqual([
      ['Both', true, true],
      ['Brand', false, true],
      ['Old', true, false],
    ]);
  });

  it('differ in the firings that nothing of the other overlaps, for the same labels', () => {
    const before = replay(at(100, 200), at(1_000, 1_100), at(2_000, 2_100, '2'));
    const now = replay(at(150, 400), at(2_000, 2_100, '3'));
    expect(difference(changed, before, now)).toEqual({
      alert: 'A',
      state: 'changed',
      before: 3,
      now: 2,
      appeared: [at(2_000, 2_100, '3')],
      vanished: [at(1_000, 1_100), at(2_000, 2_100, '2')],
    });
  });

  it('one of which could not be asked differ in nothing that is known', () => {
    const found = difference(changed, { ...replay(), error: 'timed out' }, replay(at(1, 2)));
    expect(found).toEqual({
      alert: 'A',
      state: 'changed',
      before: undefined,
      now: 1,
      error: 'timed out',
      appeared: [],
      vanished: [],
    });
  });

  it('may be one: new, or removed', () => {
    expect(difference(pair(undefined, rule('A')), undefined, replay(at(1, 2)))).toMatchObject({
      state: 'new',
      before: undefined,
      now: 1,
      appeared: [at(1, 2)],
    });
    expect(difference(pair(rule('A')), replay(at(1, 2)), undefined)).toMatchObject({
      state: 'removed',
      before: 1,
      now: undefined,
      vanished: [at(1, 2)],
    });
  });
});

describe('the report of a comparison', () => {
  const verdict = (alert: string, error?: string) => ({
    alert,
    severity: 'high',
    firings: [],
    ...(error && { error }),
    falsePositives: 0,
    unknown: 0,
    deployments: [],
    duration: 0,
  });
  const missed = { id: '7', environment: 'production', finished: 1, lastEvent: 1, bad: true };
  const report: Report = {
    from: 0,
    to: 3_600,
    deployments: 1,
    bad: 1,
    alerts: [verdict('Failing', 'Prometheus refused: no'), verdict('Brand'), verdict('Less')],
    missed: [missed],
    compared: {
      ref: 'main',
      missed: [],
      alerts: [
        {
          alert: 'Failing',
          state: 'same',
          before: undefined,
          now: undefined,
          error: 'no',
          appeared: [],
          vanished: [],
        },
        { alert: 'Brand', state: 'new', before: undefined, now: 0, appeared: [], vanished: [] },
        { alert: 'Less', state: 'changed', before: 1, now: 0, appeared: [], vanished: [at(600, 1_200)] },
        { alert: 'Old', state: 'removed', before: 2, now: undefined, appeared: [], vanished: [] },
      ],
    },
  };
  const said = text(report).split('\n');
  const row = (alert: string): string =>
    said.find((line) => line.startsWith(`${alert} `))?.replace(/ +/g, ' ') ?? '';

  it('never takes an error or an absence for no firing', () => {
    expect(row('Failing')).toBe('Failing high error unknown error Prometheus refused: no');
    expect(row('Brand')).toBe('Brand high new 0');
    expect(row('Less')).toBe('Less high 1 -1 0');
    expect(row('Old')).toBe('Old 2 removed');
    expect(said).toContain('These alerts could not be asked, and are in no number here: Failing.');
  });

  it('names the firings that vanish, and the bad deployments that are caught no more', () => {
    expect(said).toContain(
      '    - Less 1970-01-01 00:10 for 10 min (environment=production, deployment_id=1)',
    );
    expect(said).toContain('Bad deployments that are caught no more: 7 (production).');
  });
});
