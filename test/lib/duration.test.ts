import { describe, expect, it } from 'vitest';
import {
  durationSeconds,
  formatDuration,
  inOneUnit,
  parseDuration,
  parseLooseDuration,
} from '../../src/lib/duration.ts';

describe('a duration of Prometheus', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['1ms', 1],
    ['15s', 15_000],
    ['1m30s', 90_000],
    ['1h30m', 5_400_000],
    ['1d12h', 129_600_000],
    ['2w1d', 1_296_000_000],
    ['1y', 31_536_000_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
    expect(durationSeconds(text)).toBe(ms / 1_000);
  });

  it.each(['', '5', 'm', '1m1h', '1m1m', '1.5h', '-1m', '1M', '300y', '5 m', ' 5m', 'soon'])(
    'is not %j',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
      expect(durationSeconds(text)).toBeUndefined();
    },
  );

  it('is printed so that it is read as the same', () => {
    for (let ms = 1; ms < 1e13; ms = ms * 7 + 3) expect(parseDuration(formatDuration(ms))).toBe(ms);
  });
});

describe('a duration of people and Grafana', () => {
  it.each([
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['1M', 2_592_000_000],
    ['0.5h', 1_800_000],
    [' 7d ', 604_800_000],
  ])('%j is %d ms', (text, ms) => expect(parseLooseDuration(text)).toBe(ms));

  it.each(['', 'h', '5', '5 m', '5x', 'now', '5m-', '1m1h'])('is not %j', (text) => {
    expect(parseLooseDuration(text)).toBeUndefined();
  });
});

it.each([
  [0, '0s'],
  [250, '250ms'],
  [1_500, '1500ms'],
  [15_000, '15s'],
  [90_000, '90s'],
  [7_200_000, '2h'],
  [86_400_000, '1d'],
])('%d ms in one unit is %s', (ms, text) => {
  expect(inOneUnit(ms)).toBe(text);
  expect(parseDuration(text)).toBe(ms);
});
