import { seriesText } from '../../src/simulator/input-series.ts';
import type { ScrapedSeries, ScrapeTimes } from '../../src/simulator/scrapes.ts';

/**
 * Samples as OpenMetrics text for `promtool tsdb create-blocks-from openmetrics`, in chunks that can be written one
 * after the other. The format cannot say that a series has gone: it stays visible for Prometheus' lookback of five
 * minutes.
 * @param isAll false when more series follow
 */
export function* openMetrics(
  series: Iterable<ScrapedSeries>,
  times: ScrapeTimes,
  isAll = true,
): Generator<string> {
  for (const { labels, points } of series) {
    const name = seriesText(labels);
    const lines: string[] = [];
    let index = 0;
    for (const { point, count } of points) {
      if (typeof point === 'number')
        for (let i = index; i < index + count; i++)
          lines.push(`${name} ${point} ${Math.round((times.from + i * times.interval) * 1000) / 1000}\n`);
      index += count;
    }
    yield lines.join('');
  }
  if (isAll) yield '# EOF\n';
}
