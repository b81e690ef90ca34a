import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockSpans, type SeriesSamples, writeBlocks } from '../../src/bench/blocks.ts';
import { obtainPrograms } from '../../src/servers/find.ts';

const hour = 3_600;

describe('blocks', () => {
  it('cover a span without gaps, and do not go beyond it', () => {
    const whole = { from: 1_000_000, to: 1_000_000 + 30 * 24 * hour };
    const spans = blockSpans(whole);
    expect(spans[0]?.from).toBe(whole.from);
    expect(spans.at(-1)?.to).toBe(whole.to);
    for (const [i, span] of spans.entries()) {
      expect(span.to - span.from).toBeLessThanOrEqual(54 * hour);
      if (i > 0) expect(span.from).toBe(spans[i - 1]?.to);
    }
  });

  it('are none for no time', () => {
    expect(blockSpans({ from: 54 * hour, to: 54 * hour })).toEqual([]);
  });
});

describe('samples written as blocks', () => {
  const whole = { from: 1_700_000_000, to: 1_700_000_000 + 60 * hour };
  const times = Array.from({ length: 80 }, (_, i) => whole.from - 10 * hour + i * hour);
  const series: SeriesSamples[] = [
    { series: 'a{b="c"}', value: 2.5, times },
    { series: 'level:metric:operation', value: 1, times: [whole.from + 1] },
  ];
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'blocks-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are all that lie in the span, and no others', async () => {
    const data = join(folder, 'data');
    await writeBlocks(data, whole, () => series);
    const { promtool } = await obtainPrograms(['promtool']);
    // Its place is taken for granted by promtool.
    mkdirSync(join(data, 'wal'));
    const dump = await new Promise<string>((resolve, reject) =>
      execFile(promtool, ['tsdb', 'dump', data], (error, stdout) =>
        error ? reject(error) : resolve(stdout),
      ),
    );
    const lines = dump.trim().split('\n').sort();
    const inside = times.filter((time) => time >= whole.from && time < whole.to);
    expect(lines).toEqual(
      [
        ...inside.map((time) => `{__name__="a", b="c"} 2.5 ${time * 1000}`),
        `{__name__="level:metric:operation"} 1 ${(whole.from + 1) * 1000}`,
      ].sort(),
    );
    expect(readdirSync(folder)).toEqual(['data']);
  });
});
