import { type Pipeline, sampling } from '../pipeline/index.ts';
import { pipelineMetrics } from './pipeline.ts';
import { pushgatewayJob } from './system.ts';

/**
 * How pushed series are read. A gateway shows them to every scrape until they are removed. What is written remotely is
 * one sample: the last one is asked for, as far back as a gateway would hold a deployment.
 */

const held = `${sampling.retention / 60}m`;
/** Words about what has happened, which the ledger does not remember while a deployment runs on for hours. */
const words = /_error_info$|_stage_info$/;
const text = '"(?:[^"\\\\]|\\\\.)*"';
const ofGateway = (name: string): string => `${name}{job="${pushgatewayJob}"}`;

/** Rewrites the instant reads of pushed series in an expression for the transport of a pipeline. */
export function readsOf({
  transport,
  metrics,
}: Pick<Pipeline, 'transport' | 'metrics'>): (promql: string) => string {
  if (transport === 'pushgateway') return (promql) => promql;
  const names = [
    ...Object.keys(pipelineMetrics),
    'push_time_seconds',
    'push_failure_time_seconds',
    ...Object.keys(metrics),
  ];
  const read = new RegExp(
    `${text}|(?<![\\w:$])(${names.join('|')})(?![\\w:])(?:\\{(?:${text}|[^"}])*\\})?(\\s*\\[)?`,
    'g',
  );
  return (promql) =>
    promql
      // There is no gateway that could be down. As one that starts anew at every moment it has forgotten each push that
      // is not read any more, and the ledger remembers what still runs.
      .replaceAll(ofGateway('up'), 'vector(1)')
      .replaceAll(ofGateway('process_start_time_seconds'), 'vector(time())')
      .replaceAll(read, (found, name: string | undefined, range: string | undefined) =>
        name === undefined || range !== undefined
          ? found
          : `last_over_time(${found}[${words.test(name) ? '1d' : held}])`,
      );
}
