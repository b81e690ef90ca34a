import { describe, expect, it } from 'vitest';
import { percent, span } from '../../src/report/content.ts';
import { daysOf, endOf, judgedAt, monthBefore, parseMonth } from '../../src/report/month.ts';

const at = (text: string): number => Date.parse(text) / 1000;
const now = at('2026-12-01T00:00:00Z');

describe('a month', () => {
  it('is the last one that is over when none is named', () => {
    expect(parseMonth(undefined, now).name).toBe('2026-11');
    expect(parseMonth(undefined, now - 1).name).toBe('2026-10');
    expect(parseMonth(undefined, at('2027-01-05T00:00:00Z')).name).toBe('2026-12');
  });
  it('begins and ends at midnight UTC', () => {
    expect(parseMonth('2026-02', now)).toMatchObject({
      title: 'February 2026',
      from: at('2026-02-01'),
      to: at('2026-03-01'),
    });
    expect(monthBefore(parseMonth('2026-01', now)).name).toBe('2025-12');
  });
  it.each(['2026-13', '2026-1', 'november', '2027-01', ''])('is not %j', (text) => {
    expect(() => parseMonth(text, now)).toThrow(/is no month|has not begun/);
  });
  it('is looked at when what is said of it afterwards has been said', () => {
    const november = parseMonth('2026-11', now);
    expect(judgedAt(november, at('2026-12-24'))).toBe(at('2026-12-03'));
    expect(judgedAt(november, now + 5)).toBe(now + 5);
    expect(endOf(november, at('2026-12-24'))).toBe(november.to - 1);
    expect(daysOf(november, november.to - 1)).toHaveLength(30);
    expect(daysOf(november, at('2026-11-02T12:00:00Z'))).toEqual([
      at('2026-11-02') - 1,
      at('2026-11-02T12:00:00Z'),
    ]);
  });
});

describe('numbers', () => {
  it('never round a promise up to kept', () => {
    expect([0.98, 0.979999, 1, 0.999999, 0.29].map(percent)).toEqual([
      '98 %',
      '97.99 %',
      '100 %',
      '99.99 %',
      '29 %',
    ]);
    expect(percent(undefined)).toBe('–');
  });
  it('give times as people say them', () => {
    expect([0.5, 65, 600, 7_200, 604_800].map(span)).toEqual(['0.5 s', '65 s', '10 min 0 s', '2 h', '7 d']);
  });
});
