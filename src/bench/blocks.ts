import { once } from 'node:events';
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { obtainPrograms } from '../servers/index.ts';
import { run } from './stopwatch.ts';

/** Samples of one series. */
export interface SeriesSamples {
  readonly series: string;
  readonly value: number;
  /** Unix seconds, rising. */
  readonly times: readonly number[];
}

/** Length of a block, seconds: a size that Prometheus' own compaction makes of blocks of two hours. */
const blockSeconds = 54 * 3_600;

/** The spans of time that get a block each. */
export function blockSpans({ from, to }: TimeSpan): TimeSpan[] {
  const spans: TimeSpan[] = [];
  for (let start = from - (from % blockSeconds); start < to; start += blockSeconds)
    spans.push({ from: Math.max(from, start), to: Math.min(to, start + blockSeconds) });
  return spans;
}

/** A span of time, Unix seconds: from the first to just before the second. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** The part of a series in a span of time, as lines of OpenMetrics. */
function linesOf({ series, value, times }: SeriesSamples, { from, to }: TimeSpan): string {
  let text = '';
  for (const time of times) if (time >= from && time < to) text += `${series} ${value} ${time}\n`;
  return text;
}

/**
 * Writes samples as blocks of Prometheus' storage, one after the other, through promtool.
 * @param seriesIn the series that have samples in a span; what they have outside of it is left out
 */
export async function writeBlocks(
  folder: string,
  whole: TimeSpan,
  seriesIn: (span: TimeSpan) => Iterable<SeriesSamples>,
): Promise<void> {
  const { promtool } = await obtainPrograms(['promtool']);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, '..', 'samples.om');
  for (const span of blockSpans(whole)) {
    const written = await writeText(file, span, seriesIn(span));
    if (written === 0) continue;
    const command = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet'];
    const length = `--max-block-duration=${blockSeconds / 3_600}h`;
    await run({ command: promtool, args: [...command, length, file, folder] });
  }
  rmSync(file, { force: true });
}

/** Writes the samples of one block, and gives their size in bytes. */
async function writeText(file: string, span: TimeSpan, list: Iterable<SeriesSamples>): Promise<number> {
  const out = createWriteStream(file);
  let [chunk, size] = ['', 0];
  const flush = async (): Promise<void> => {
    size += chunk.length;
    if (!out.write(chunk)) await once(out, 'drain');
    chunk = '';
  };
  for (const one of list) {
    chunk += linesOf(one, span);
    if (chunk.length > 4e6) await flush();
  }
  await flush();
  out.end('# EOF\n');
  await once(out, 'close');
  return size;
}
