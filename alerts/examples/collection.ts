import {
  constantly,
  type Examples,
  type FiringExample,
  series,
  type Values,
} from '../../src/alerts/index.ts';
import { applicationJob, prometheusJob } from '../../src/metrics/index.ts';
import { deployment } from '../../src/simulator/index.ts';
import { says } from './says.ts';

const working = deployment({ id: '1001', started: 300, finished: 500 });

const notScraped = (labels: { readonly job?: string }) => ({
  labels,
  summary: 'The Pushgateway cannot be scraped',
  description: 'Deployments are not seen, and what their jobs cannot push is lost when they end.',
});

export const pushgatewayDown: Examples = {
  fires: [
    {
      title: 'Scrapes of the gateway fail for four minutes.',
      deployments: [working],
      gatewayOutages: [{ from: 660, to: 900 }],
      at: 900,
      notifications: [notScraped({})],
    },
    {
      title: 'Nothing scrapes it.',
      gateway: false,
      at: 900,
      notifications: [notScraped({ job: 'pushgateway' })],
    },
  ],
  silent: [
    {
      title: 'Two scrapes in a row fail.',
      deployments: [working],
      gatewayOutages: [{ from: 780, to: 840 }],
      at: 900,
    },
  ],
  over: [
    {
      title: 'It can be scraped again after four minutes.',
      deployments: [working],
      gatewayOutages: [{ from: 660, to: 900 }],
      at: 1020,
    },
  ],
};

const group = { job: 'deployment-pipeline', environment: 'production', deployment_id: '1001' } as const;

/** The push of a build that was refused at 300, and taken at that time. */
const refused = (taken: number) => {
  const build = { ...group, service: 'api', stage: 'build' } as const;
  return [
    series('push_failure_time_seconds', build, constantly(300, 40)),
    series('push_time_seconds', build, constantly(taken, 40)),
  ];
};

const oneRefused = (who: string) =>
  says(
    { deployment_id: '1001' },
    `${who} refuses what production records`,
    'Deployment 1001 to production: 1 events of it were refused and not taken since.',
  );

/** @param who refuses it */
export const eventsRefused = (who: string): Examples => ({
  fires: [
    {
      title: 'The build of a deployment was refused five minutes ago.',
      series: refused(0),
      at: 600,
      notifications: [oneRefused(who)],
    },
    {
      title: 'That was more than a quarter of an hour ago, and it was told of until just now.',
      series: refused(0),
      at: 300 + 1080,
      notifications: [oneRefused(who)],
    },
  ],
  silent: [
    {
      title: 'It was refused, and taken when it was pushed again.',
      series: refused(360),
      at: 600,
    },
  ],
  over: [
    {
      title: 'It was refused twenty minutes ago.',
      series: refused(0),
      at: 300 + 900 + 300 + 60,
    },
  ],
});

/** The application and Prometheus itself, scraped so often with these results. */
const sources = (application: Values, prometheus: Values = constantly(1, 11)) => [
  ...(application.length > 0 ? [series('up', { job: applicationJob }, application)] : []),
  ...(prometheus.length > 0 ? [series('up', { job: prometheusJob }, prometheus)] : []),
];

const missing = (job: string) => ({
  labels: { job },
  summary: `Metrics of ${job} are missing`,
  description: 'It cannot be scraped, or is not configured to be.',
});

/** Without an application only Prometheus itself is a source. */
export const metricsSourceDown = (application: boolean): Examples => {
  const oneSource: FiringExample = {
    title: 'Prometheus does not scrape itself.',
    series: sources(constantly(1, 11), []),
    gateway: false,
    at: 600,
    notifications: [missing(prometheusJob)],
  };
  const fires: readonly FiringExample[] = [
    {
      title: 'The application cannot be scraped for six minutes.',
      series: sources([
        { value: 1, times: 4 },
        { value: 0, times: 7 },
      ]),
      gateway: false,
      at: 600,
      notifications: [missing(applicationJob)],
    },
    {
      title: 'Nothing scrapes the application.',
      series: sources([]),
      gateway: false,
      at: 600,
      notifications: [missing(applicationJob)],
    },
  ];
  return {
    fires: [...(application ? fires : []), oneSource] as unknown as Examples['fires'],
    silent: [
      {
        title: 'The application restarts, and cannot be scraped for four minutes.',
        series: sources([
          { value: 1, times: 6 },
          { value: 0, times: 5 },
        ]),
        gateway: false,
        at: 600,
      },
    ],
  };
};
