import { describe, expect, it } from 'vitest';
import { parseTime, resolveSpan } from '../../../src/panels/time.ts';

/** A Thursday. */
const now = Date.UTC(2026, 0, 15, 12, 34, 56, 789);
const iso = (text: string, roundUp = false): string | undefined => {
  const time = parseTime(text, now, roundUp);
  return time === undefined ? undefined : new Date(time).toISOString();
};

describe('parseTime', () => {
  it.each([
    ['now', '2026-01-15T12:34:56.789Z'],
    ['now-6h', '2026-01-15T06:34:56.789Z'],
    ['now - 6h', '2026-01-15T06:34:56.789Z'],
    ['now+1d', '2026-01-16T12:34:56.789Z'],
    ['now-h', '2026-01-15T11:34:56.789Z'],
    ['now/d', '2026-01-15T00:00:00.000Z'],
    ['now/w', '2026-01-12T00:00:00.000Z'],
    ['now/M', '2026-01-01T00:00:00.000Z'],
    ['now-1M/M', '2025-12-01T00:00:00.000Z'],
    ['now-1y', '2025-01-15T12:34:56.789Z'],
    ['now-1d/d+2h', '2026-01-14T02:00:00.000Z'],
    ['1768480496000', '2026-01-15T12:34:56.000Z'],
    ['2026-01-15T00:00:00Z', '2026-01-15T00:00:00.000Z'],
  ])('reads %s', (text, time) => {
    expect(iso(text)).toBe(time);
  });

  it.each([
    ['now/d', '2026-01-15T23:59:59.999Z'],
    ['now/M', '2026-01-31T23:59:59.999Z'],
    ['now-1w/w', '2026-01-11T23:59:59.999Z'],
    ['now', '2026-01-15T12:34:56.789Z'],
  ])('takes the last moment of %s as an end', (text, time) => {
    expect(iso(text, true)).toBe(time);
  });

  it('stays in a month that is shorter', () => {
    const march = Date.UTC(2026, 2, 31, 10);
    expect(new Date(parseTime('now-1M', march)!).toISOString()).toBe('2026-02-28T10:00:00.000Z');
  });

  it.each(['', 'yesterday', 'now-', 'now*2d', 'now-6x', 'now/5'])('refuses %j', (text) => {
    expect(parseTime(text, now)).toBeUndefined();
  });
});

describe('resolveSpan', () => {
  it('falls back to six hours when the words say no time', () => {
    expect(resolveSpan({ from: 'sometime', to: 'now' }, now)).toMatchObject({
      from: now - 21_600_000,
      to: now,
    });
  });

  it('never ends before it begins', () => {
    const { from, to } = resolveSpan({ from: 'now', to: 'now-1h' }, now);
    expect(from).toBe(to);
  });
});
