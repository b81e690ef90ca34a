import { gatewayDown, ledgerSilent } from '../alerts/expressions/system.ts';
import {
  absent,
  ago,
  and,
  binary,
  firstOf,
  lastOverTime,
  max,
  metric,
  prometheusJob,
  setLabel,
  times,
  type Vector,
  variable,
  vector,
} from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';

/** Whether what the dashboard shows can be believed: the same facts as those of the alerts about silence. */

const environment = variable('environment');

/** Seconds for which a restart of Prometheus is worth a word. */
const restartShown = 600;

const heartbeat = 'deployment_observability:ledger_evaluated_timestamp_seconds:max';
const scraped = 'deployment_observability:gateway_scraped_timestamp_seconds:max';
const last = 'environment:last_event_timestamp_seconds:max';

type Notice = Vector<'telemetry'>;
/** Says something, and since when (Unix seconds). */
const notice = (words: string, since: Vector<never>): Notice => setLabel(since, 'telemetry', words);
const when = (time: Vector<never>, so: Vector<string>): Vector<never> => and(time, so, { on: [] });
/** The first that is so, with its time in milliseconds; 0 for never. */
const firstNotice = (...notices: [Notice, ...Notice[]]): Notice =>
  times(1000, firstOf<'telemetry'>([], ...notices));

/** When it was last so, within a day; 0 for never. */
const lastly = (series: typeof scraped | typeof heartbeat): Vector<never> =>
  firstOf([], max(lastOverTime(metric(series), '1d')), vector(0));
const restarted = max(metric('process_start_time_seconds', { job: prometheusJob }));

/** Is what is pushed collected, and are the rules evaluated? */
export const collection = ({ transport }: Pick<Pipeline, 'transport'>): Notice => {
  const rules = notice('⚠ Rules not evaluated since', when(lastly(heartbeat), ledgerSilent()));
  const gateway = notice('⚠ Pushgateway not scraped since', when(lastly(scraped), gatewayDown()));
  const troubles: [Notice, ...Notice[]] = transport === 'pushgateway' ? [gateway, rules] : [rules];
  return firstNotice(
    ...troubles,
    notice('✓ Complete, Prometheus restarted', binary(restarted, '>', ago(restartShown))),
    notice('✓ Telemetry complete, as of', max(metric(heartbeat))),
  );
};

/** When anything of the chosen environments was heard last; known for a day while no rule is evaluated. */
const lastEvent = max(lastOverTime(metric(last, { environment }), '1d'));
const lastEventOfAny = lastOverTime(metric(last), '1d');
const whenFiring = (alertname: string): Vector<never> =>
  when(lastEvent, metric('ALERTS', { alertname, alertstate: 'firing', environment }));

/** Last events of the chosen environments, and whether they are too long ago. */
export const heard = (): Notice =>
  firstNotice(
    notice('⚠ Running deployment silent since', whenFiring('DeploymentTelemetryMissing')),
    notice('⚠ Unusually long ago: last event', whenFiring('NoDeploymentForLongerThanUsual')),
    notice('Last event', lastEvent),
    notice('⚠ No deployment recorded yet', when(vector(0), absent(lastEventOfAny))),
    notice('⚠ None recorded in this environment', vector(0)),
  );
