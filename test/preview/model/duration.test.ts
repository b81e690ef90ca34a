import { describe, expect, it } from 'vitest';
import { durationText, parseDuration } from '../../../src/panels/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['15s', 15_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['2d', 172_800_000],
    ['1M', 2_592_000_000],
    ['0.5h', 1_800_000],
    [' 7d ', 604_800_000],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', 'h', '5', '5 m', '5x', 'now', '5m-'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('durationText', () => {
  it.each([
    [15_000, '15s'],
    [90_000, '90s'],
    [7_200_000, '2h'],
    [86_400_000, '1d'],
    [250, '250ms'],
    [1_500, '1500ms'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
    expect(parseDuration(text)).toBe(ms);
  });
});
