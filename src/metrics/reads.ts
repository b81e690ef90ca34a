import { type Pipeline, sampling } from '../pipeline/index.ts';
import { pipelineMetrics } from './pipeline.ts';
import { pushgatewayJob } from './system.ts';

/**
 * How pushed series are read. A gateway shows them to every scrape until they are removed. What is written remotely is
 * one sample: the last one is asked for, as far back as a gateway would hold a deployment.
 */

const held = `${sampling.retention / 60}m`;
/** Said once, at the start: a deployment that waits for an approval is not forgotten meanwhile. */
const atTheStart: ReadonlySet<string> = new Set([
  'deployment_triggered_timestamp_seconds',
  'deployment_started_timestamp_seconds',
  'deployment_committed_timestamp_seconds',
  'deployment_info',
  'deployment_rework_info',
]);
const heardOf = `last_over_time(push_time_seconds{deployment_id!=""}[${held}])`;
const ofADay = (selector: string): string =>
  `(last_over_time(${selector}[1d]) and on (environment, deployment_id) ${heardOf})`;

const text = '"(?:[^"\\\\]|\\\\.)*"';
const scraped = `up{job="${pushgatewayJob}"}`;

/** Rewrites the instant reads of pushed series in an expression for the transport of a pipeline. */
export function readsOf({
  transport,
  metrics,
}: Pick<Pipeline, 'transport' | 'metrics'>): (promql: string) => string {
  if (transport === 'pushgateway') return (promql) => promql;
  const names = [...Object.keys(pipelineMetrics), 'push_time_seconds', ...Object.keys(metrics)];
  const read = new RegExp(
    `${text}|(?<![\\w:$])(${names.join('|')})(?![\\w:])(?:\\{(?:${text}|[^"}])*\\})?(\\s*\\[)?`,
    'g',
  );
  return (promql) =>
    promql
      // There is no gateway that could be down.
      .replaceAll(scraped, 'vector(1)')
      .replaceAll(read, (found, name: string | undefined, range: string | undefined) => {
        if (name === undefined || range !== undefined) return found;
        return atTheStart.has(name) ? ofADay(found) : `last_over_time(${found}[${held}])`;
      });
}
