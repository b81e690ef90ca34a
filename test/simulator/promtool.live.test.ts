import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type Generation, obtainPrograms } from '../../src/servers/find.ts';
import type { Span } from '../../src/simulator/gateway.ts';
import { inputSeries } from '../../src/simulator/input-series.ts';
import { scraped, up } from '../../src/simulator/scrapes.ts';
import { openMetrics } from './openmetrics.ts';

const run = promisify(execFile);
const times = { from: 0, to: 1200, interval: 60 };
const labels = { __name__: 'a', branch: 'fix "größe"\\', environment: 'production' };
const spans: Span[] = [
  { labels, value: 1_760_000_000.123, from: 60, to: 300 },
  { labels, value: 2.5e-7, from: 300, to: 600 },
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulator-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sample = (value: number) => [
  { labels: 'a{branch="fix \\"größe\\"\\\\",environment="production"}', value },
];
/** Expected result of a query for `a`, by minute. */
const expected: Record<number, { labels: string; value: number }[]> = {
  0: [],
  1: sample(1_760_000_000.123),
  4: sample(1_760_000_000.123),
  5: sample(2.5e-7),
  9: sample(2.5e-7),
  10: [],
  12: [],
};

describe.each<[Generation]>([['current'], ['2.42']])('promtool %s', (generation) => {
  test('reads the series as they were scraped', async () => {
    const { promtool } = await obtainPrograms(['promtool'], generation);
    const file = join(folder, `${generation}.yml`);
    const tests = {
      rule_files: [],
      tests: [
        {
          interval: '1m',
          input_series: [...scraped(spans, times), up('pushgateway', 'gateway', times)].map(inputSeries),
          promql_expr_test: Object.entries(expected).map(([minute, samples]) => ({
            expr: 'a',
            eval_time: `${minute}m`,
            exp_samples: samples,
          })),
        },
      ],
    };
    writeFileSync(file, stringify(tests));
    const { stdout } = await run(promtool, ['test', 'rules', file]);
    expect(stdout).toContain('SUCCESS');
  });

  test('makes blocks of OpenMetrics text', async () => {
    const { promtool } = await obtainPrograms(['promtool'], generation);
    const file = join(folder, `${generation}.om`);
    const shifted = { from: 1_760_000_000, to: 1_760_001_200, interval: 60 };
    const later = spans.map((span) => ({
      ...span,
      from: span.from + shifted.from,
      to: span.to + shifted.from,
    }));
    writeFileSync(file, [...openMetrics(scraped(later, shifted), shifted)].join(''));
    const blocks = join(folder, `blocks-${generation}`);
    await run(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', file, blocks]);
    expect(readdirSync(blocks).length).toBeGreaterThan(0);
    // Without a log of its own it is no database to promtool.
    mkdirSync(join(blocks, 'wal'));
    const { stdout } = await run(promtool, ['tsdb', 'dump', blocks]);
    expect(stdout).toContain('1760000060000');
    // Nine samples: four of the first value, five of the second.
    expect(
      stdout
        .trim()
        .split('\n')
        .filter((line) => line.includes('environment="production"')),
    ).toHaveLength(9);
  });
});
