import { describe, expect, test } from 'vitest';
import type { Span } from '../../src/simulator/gateway.ts';
import { inputSeries } from '../../src/simulator/input-series.ts';
import { type Outage, scrapeCount, scraped, up } from '../../src/simulator/scrapes.ts';
import { openMetrics } from './openmetrics.ts';

const times = { from: 1000, to: 1100, interval: 10 };
const span = (from: number, to: number, value = 1, name = 'a'): Span => ({
  labels: { __name__: name },
  value,
  from,
  to,
});
const values = (spans: Span[], outages: Outage[] = []): (string | undefined)[] =>
  scraped(spans, { ...times, outages }).map((series) => inputSeries(series).values);

describe('scrapes', () => {
  test('see a span from its first moment to just before its last', () => {
    expect(values([span(1020, 1050)])).toEqual(['_x2 1+0x2 stale']);
    expect(values([span(1020.5, 1050.5)])).toEqual(['_x3 1+0x2 stale']);
    expect(scrapeCount(times)).toBe(11);
  });

  test('see what was there before and what stays', () => {
    expect(values([span(0, 9999)])).toEqual(['1+0x10']);
    expect(values([span(1100, 1200)])).toEqual(['_x10 1']);
  });

  test('do not see what came and went between two of them', () => {
    expect(values([span(1001, 1009)])).toEqual([]);
    expect(values([span(900, 950), span(2000, 3000)])).toEqual([]);
  });

  test('see a value change without a gap, and a series that comes back', () => {
    expect(values([span(1000, 1030, 1), span(1030, 1060, 2)])).toEqual(['1+0x2 2+0x2 stale']);
    expect(values([span(1000, 1010, 1), span(1050, 1060, 2)])).toEqual(['1 stale _x3 2 stale']);
  });

  test('that fail say that series have gone, and see them again afterwards', () => {
    expect(values([span(1000, 2000)], [{ from: 1030, to: 1040, of: 'target' }])).toEqual([
      '1+0x2 stale _ 1+0x5',
    ]);
  });

  test('that were never made say nothing', () => {
    expect(values([span(1000, 2000)], [{ from: 1030, to: 1045, of: 'prometheus' }])).toEqual([
      '1+0x2 _x2 1+0x5',
    ]);
  });

  test('note how they went', () => {
    const outages: Outage[] = [
      { from: 1020, to: 1030, of: 'target' },
      { from: 1060, to: 1070, of: 'prometheus' },
    ];
    expect(inputSeries(up('pushgateway', 'gateway:9091', { ...times, outages }))).toEqual({
      series: 'up{instance="gateway:9091",job="pushgateway"}',
      values: '1+0x1 0+0x1 1+0x1 _x2 1+0x2',
    });
  });
});

describe('texts', () => {
  test('escape what has to be', () => {
    const labels = { __name__: 'a', message: 'say "no"\\\n' };
    const [series] = scraped([{ labels, value: 1.5e-7, from: 1000, to: 1010 }], times);
    expect(inputSeries(series!)).toEqual({
      series: 'a{message="say \\"no\\"\\\\\\n"}',
      values: '0.00000015 stale',
    });
  });

  test('write OpenMetrics with times in seconds', () => {
    const series = scraped([span(1020, 1040, 7)], times);
    expect([...openMetrics(series, times)].join('')).toBe('a 7 1020\na 7 1030\n# EOF\n');
  });
});
