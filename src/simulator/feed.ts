import type { CallOptions } from './calls.ts';
import { type InputSeries, inputSeries } from './input-series.ts';
import { exposedHistory } from './pushes.ts';
import { type ScrapedSeries, type ScrapeTimes, scraped, up } from './scrapes.ts';
import type { History } from './types.ts';

/** The scrape job of the gateway, and the instance under which it is scraped in simulations. */
export const gatewayTarget = { job: 'pushgateway', instance: 'pushgateway:9091' } as const;

/** Everything that Prometheus would have scraped of the gateway while a history happened, series by series. */
export async function* scrapes(
  history: History,
  times: ScrapeTimes,
  options: CallOptions = {},
): AsyncGenerator<ScrapedSeries> {
  yield up(gatewayTarget.job, gatewayTarget.instance, times);
  for await (const { lives } of exposedHistory(history, options)) yield* scraped(lives.flat(), times);
}

/** A history as `input_series` for `promtool test rules`; the history's own time must begin near 0, as promtool's does. */
export async function inputSeriesOf(history: History, times: ScrapeTimes): Promise<InputSeries[]> {
  const series: InputSeries[] = [];
  for await (const one of scrapes(history, times)) series.push(inputSeries(one));
  return series;
}
