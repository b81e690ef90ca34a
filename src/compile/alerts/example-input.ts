import type { Example, ExampleSeries, Family } from '../../alerts/index.ts';
import { projectPath } from '../../lib/root.ts';
import {
  type InputSeries,
  inputSeries,
  type Outage,
  type ScrapeTimes,
  scrapes,
  seriesText,
} from '../../simulator/index.ts';

/** The file of a family's examples: the one of its own name in `examples/`. */
export const examplesFile = ({ source }: Pick<Family, 'source'>): string =>
  projectPath(source).replace(/[^/]+$/, 'examples/$&');

const values = ({ values: runs }: ExampleSeries): string =>
  runs
    .map(({ value, times, step = 0 }) =>
      times === 1 ? String(value) : `${value}${step < 0 ? step : `+${step}`}x${times - 1}`,
    )
    .join(' ');

/** Everything that Prometheus scrapes during a story, as promtool's input. @param step seconds between two scrapes */
export async function inputOf(example: Example, step: number): Promise<InputSeries[]> {
  const outages: Outage[] = (example.gatewayOutages ?? []).map((o) => ({ ...o, of: 'target' }));
  const times: ScrapeTimes = { from: 0, to: example.at, interval: step, outages };
  const deployments = [...(example.deployments ?? [])].sort((a, b) => a.started - b.started);
  const input: InputSeries[] = [];
  if (example.gateway !== false)
    for await (const one of scrapes({ seed: 0, end: example.at, deployments }, times, { health: 'each' }))
      input.push(inputSeries(one));
  for (const one of example.series ?? [])
    input.push({ series: seriesText({ __name__: one.metric, ...one.labels }), values: values(one) });
  return input;
}
