import {
  type Alert,
  alert,
  type Family,
  label,
  subject,
  text,
  thisDeployment,
  value,
} from '../src/alerts/index.ts';
import { metric } from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import { askDoctor } from './diagnosis.ts';
import * as stories from './examples/collection.ts';
import { gatewayDown, pushesRefused, sourceDown } from './expressions/system.ts';

const pushgatewayDown = (): Alert =>
  alert({
    name: 'PushgatewayDown',
    severity: 'high',
    about: 'system',
    expr: gatewayDown(),
    for: '2m',
    forReason:
      'What a job cannot push it keeps only until the job ends, and the shortest jobs take a few minutes: two minutes are eight scrapes, and still lose nothing.',
    summary: text`The Pushgateway cannot be scraped`,
    description: text`Deployments are not seen, and what their jobs cannot push is lost when they end.`,
    runbook: {
      meaning: 'Prometheus could not scrape the Pushgateway for two minutes, or is not configured to.',
      impact:
        'Deployments run unobserved: their failures raise no alert and spend no budget. Numbers on dashboards stand still.',
      diagnosis: [{ question: 'Since when is it down?', query: metric('up', { job: 'pushgateway' }) }],
      mitigation: [
        'Look at the service where it is hosted: is it running, did it restart, is its volume full?',
        'If it runs: does Prometheus use the right address and credentials? Its page "Targets" shows the error.',
        askDoctor,
      ],
    },
    examples: stories.pushgatewayDown,
  });

/** Who refuses an event, and under which name that is told. */
const refusers = {
  pushgateway: { name: 'PushgatewayRefusingPushes', who: 'The Pushgateway' },
  'remote-write': { name: 'RemoteWritesRefused', who: 'The receiver of remote writes' },
} as const;

const eventsRefused = ({ transport }: Pipeline): Alert => {
  const { name, who } = refusers[transport];
  return alert({
    name,
    severity: 'high',
    about: 'deployment',
    expr: pushesRefused(),
    forReason: 'None: the server has answered, and its answer will not change.',
    summary: text`${who} refuses what ${label('environment')} records`,
    description: text`${subject}: ${value(0)} events of it were refused and not taken since.`,
    runbook: {
      meaning: `${who} answered an event with 400 within the last quarter of an hour, and has taken none of the same kind since.`,
      impact: 'That event is missing from every dashboard, indicator and budget.',
      diagnosis: [
        {
          question: 'Which events were refused?',
          query: metric('push_failure_time_seconds', thisDeployment),
        },
      ],
      mitigation:
        transport === 'pushgateway'
          ? [
              'The log of the job has the reason in the gateway’s own words: often a metric that another producer pushes with another type.',
              'Find who pushes it, and rename theirs. Delete the broken group in the web page of the gateway.',
              askDoctor,
            ]
          : [
              'The log of the job has the reason in the server’s own words: often a clock that is wrong, or a limit of its tenant.',
              'Synchronise the clocks of the runners (NTP), and let the server take samples out of order (`out_of_order_time_window: 30m`).',
              'Record what is missing again, with its own time: `node generated/record.mjs finish … --finished-at <time>`.',
            ],
    },
    examples: stories.eventsRefused(who),
  });
};

const metricsSourceDown = ({ application }: Pipeline): Alert =>
  alert({
    name: 'MetricsSourceDown',
    severity: 'high',
    about: 'system',
    expr: sourceDown(application !== undefined),
    for: '5m',
    forReason: application
      ? 'The application restarts with each deployment, within a minute or two.'
      : 'A restart takes a minute or two.',
    summary: text`Metrics of ${label('job')} are missing`,
    description: text`It cannot be scraped, or is not configured to be.`,
    runbook: {
      meaning: `Prometheus could not scrape ${application ? `the application (${application.job}) or ` : ''}itself (prometheus) for five minutes, or has no such job.`,
      impact: `${application ? 'Without the application it cannot be seen that live requests fail after a deployment; without' : 'Without'} Prometheus’ own metrics it cannot be seen that rules fail or that alerts are not delivered.`,
      diagnosis: [{ question: 'Which targets are scraped?', query: metric('up') }],
      mitigation: [
        'The page "Targets" of Prometheus shows the error: an address that changed, a certificate, credentials.',
        ...(application ? ['Is the application itself down? Then that is the incident.'] : []),
        `Is the job missing? Compare the scrape configuration with the one that comes with this bundle${application ? '; `APPLICATION_TARGET` says where the application is' : ''}.`,
      ],
    },
    examples: stories.metricsSourceDown(application !== undefined),
  });

/** Nothing is scraped of what is written remotely: that nothing arrives is told by the alerts about silence. */
const arrival = ({ transport }: Pipeline) =>
  transport === 'pushgateway' ? [pushgatewayDown, eventsRefused] : [eventsRefused];

/** Whether what is pushed and exported is collected. */
export const collection = (pipeline: Pipeline): Family => ({
  name: 'collection',
  title: 'Who collects',
  alerts: [...arrival(pipeline), metricsSourceDown].map((one) => one(pipeline)),
  source: import.meta.url,
});
