import { describe, expect, test } from 'vitest';
import { demoOptions } from '../../src/demo/options.ts';

const usual = { seed: '1', days: '30', 'per-day': '10', every: '45', speed: '6', json: false };

describe('options', () => {
  test('become numbers', () => {
    expect(demoOptions(usual)).toEqual({ seed: 1, days: 30, perDay: 10, every: 45, speed: 6, json: false });
    expect(demoOptions({ ...usual, days: '0', speed: '1.5' })).toMatchObject({ days: 0, speed: 1.5 });
  });

  test.each([
    ['days', '36', '--days "36" is no whole number from 0 to 35.'],
    ['days', '1.5', '--days "1.5" is no whole number from 0 to 35.'],
    ['every', '1', '--every "1" is no number from 5 to 86400.'],
    ['speed', 'fast', '--speed "fast" is no number from 1 to 30.'],
    ['seed', '', '--seed "" is no whole number from 0 to 2147483648.'],
  ])('%s %j is refused', (name, value, sentence) => {
    expect(() => demoOptions({ ...usual, [name]: value })).toThrow(sentence);
  });

  test('are all refused at once', () => {
    expect(() => demoOptions({ ...usual, days: 'x', every: 'y' })).toThrow(/--days.*\n--every/);
  });
});
