import { describe, expect, it, test } from 'vitest';
import { parsePromql } from '../../../src/promql/parse.ts';
import { invalid } from './invalid.ts';
import { experimental, newer, portable } from './valid.ts';

for (const [topic, expressions] of Object.entries(portable))
  describe(`accepts ${topic}`, () => {
    test.each(expressions)('%j', (text) => {
      expect(parsePromql(text)).toMatchObject({ ok: true, notPortable: [] });
    });
  });

describe('what only newer versions understand', () => {
  test.each(newer)('%j is accepted, and listed as not portable', (text) => {
    const parsed = parsePromql(text);
    expect(parsed).toMatchObject({ ok: true });
    const listed = parsed.ok ? parsed.notPortable : [];
    expect(listed).not.toEqual([]);
    expect(listed.every((p) => p.id === 'promql-not-portable' && !p.experimental)).toBe(true);
  });
  test.each(experimental)('%j is listed as experimental', (text) => {
    const parsed = parsePromql(text);
    expect(parsed.ok ? parsed.notPortable.map((p) => p.experimental) : parsed.problems).toContain(true);
  });
  test.each(['a smoothed', 'a anchored[5m]', 'a[5m + 1m]', 'a[step()]', 'a + fill(0) b', 'a </ b'])(
    '%j cannot be represented and is refused',
    (text) => {
      const parsed = parsePromql(text);
      expect(parsed.ok ? [] : parsed.problems.map((p) => p.id)).toContain('promql-not-portable');
    },
  );
});

for (const [topic, cases] of Object.entries(invalid))
  describe(`refuses ${topic}`, () => {
    test.each(cases)('$text', ({ text, found }) => {
      const parsed = parsePromql(text);
      const problems = parsed.ok ? [] : parsed.problems;
      expect(problems.map(({ id, from, to }) => ({ id, from, to }))).toEqual(found);
    });
  });

describe('is stricter than Prometheus about rare syntax', () => {
  it.each(['a offset --5m', 'a @ end()[5m]', 'sum by (a:b) (c)', 'offset'])('%j', (text) => {
    expect(parsePromql(text).ok).toBe(false);
  });
});

describe('a problem', () => {
  it('says what is wrong, what to do, and where', () => {
    const problems = Object.values(invalid).flatMap((cases) =>
      cases.flatMap(({ text }) => {
        const parsed = parsePromql(text);
        return parsed.ok ? [] : parsed.problems.map((p) => ({ ...p, length: text.length }));
      }),
    );
    for (const { message, fix, from, to, length } of problems) {
      expect(message).toMatch(/^[A-Z0-9$"'`\\]?.*[.?]$/su);
      expect(fix).toMatch(/\.$/);
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeGreaterThanOrEqual(from);
      expect(to).toBeLessThanOrEqual(length);
    }
  });

  it.each([
    ['rat(a[5m])', 'rate'],
    ['histogram_quantil(0.9, a)', 'histogram_quantile'],
    ['summ(a)', 'sum'],
    ['label_repalce(a)', 'label_replace'],
  ])('guesses what was meant by %s', (text, meant) => {
    const parsed = parsePromql(text);
    expect(parsed.ok ? '' : parsed.problems[0]?.message).toContain(`Did you mean ${meant}?`);
  });

  it('names what a removed function became', () => {
    const parsed = parsePromql('holt_winters(a[5m], 0.5, 0.5)');
    expect(parsed.ok ? '' : parsed.problems[0]?.message).toContain('double_exponential_smoothing');
  });
});
