import { applicationJob } from '../../metrics/application.ts';
import { prometheusJob } from '../../metrics/system.ts';
import { deployment } from '../../scripts/simulator/builders.ts';
import { constantly, type Examples, series, type Values } from '../example.ts';
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
      story: 'Scrapes of the gateway fail for four minutes.',
      deployments: [working],
      gatewayOutages: [{ from: 660, to: 900 }],
      at: 900,
      notifications: [notScraped({})],
    },
    {
      story: 'Nothing scrapes it.',
      gateway: false,
      at: 900,
      notifications: [notScraped({ job: 'pushgateway' })],
    },
  ],
  silent: [
    {
      story: 'Two scrapes in a row fail.',
      deployments: [working],
      gatewayOutages: [{ from: 780, to: 840 }],
      at: 900,
    },
  ],
  over: [
    {
      story: 'It can be scraped again after four minutes.',
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

const oneRefused = says(
  { deployment_id: '1001' },
  'The Pushgateway refuses what production records',
  'Deployment 1001 to production: 1 events of it were refused and not taken since.',
);

export const pushgatewayRefusing: Examples = {
  fires: [
    {
      story: 'The build of a deployment was refused five minutes ago.',
      series: refused(0),
      at: 600,
      notifications: [oneRefused],
    },
    {
      story: 'That was more than a quarter of an hour ago, and it was told of until just now.',
      series: refused(0),
      at: 300 + 1080,
      notifications: [oneRefused],
    },
  ],
  silent: [
    {
      story: 'It was refused, and taken when it was pushed again.',
      series: refused(360),
      at: 600,
    },
  ],
  over: [
    {
      story: 'It was refused twenty minutes ago.',
      series: refused(0),
      at: 300 + 900 + 300 + 60,
    },
  ],
};

const heartbeat = 'deployment_observability:ledger_evaluated_timestamp_seconds:max';

/** Evaluated until second 300, and then no more. */
const stopped = [
  series(heartbeat, {}, [
    { value: 0, times: 20, step: 15 },
    { value: 300, times: 30 },
  ]),
];

const standsStill = {
  labels: {},
  summary: 'The ledger is not evaluated',
  description: 'Prometheus writes no facts about deployments: the rules are missing, fail, or are too slow.',
};

export const ledgerNotEvaluated: Examples = {
  fires: [
    {
      story: 'The last evaluation was five minutes ago.',
      series: [
        series(heartbeat, {}, [
          { value: 0, times: 6, step: 60 },
          { value: 300, times: 5 },
        ]),
      ],
      gateway: false,
      at: 600,
      notifications: [standsStill],
    },
    {
      story: 'For two minutes it has been more than two minutes late.',
      step: 15,
      series: stopped,
      gateway: false,
      at: 555,
      notifications: [standsStill],
    },
    {
      story: 'It was evaluated once, and then its rules were not loaded any more.',
      series: [series(heartbeat, {}, constantly(0, 1))],
      gateway: false,
      at: 900,
      notifications: [standsStill],
    },
  ],
  silent: [
    {
      story: 'It is evaluated, a minute late.',
      series: [
        series(heartbeat, {}, [
          { value: 0, times: 2 },
          { value: 0, times: 9, step: 60 },
        ]),
      ],
      gateway: false,
      at: 600,
    },
    {
      story: 'It has been two minutes late for less than two minutes.',
      step: 15,
      series: stopped,
      gateway: false,
      at: 540,
    },
  ],
};

const ours = { job: 'prometheus', rule_group: '/etc/prometheus/rules/ledger.yml;deployment-ledger' } as const;

const theirs = { job: 'prometheus', rule_group: '/etc/prometheus/rules/other.yml;other' } as const;

const rising = [
  { value: 0, times: 6 },
  { value: 3, times: 6, step: 1 },
];

const failing = (evaluations: number) => ({
  labels: { rule_group: ours.rule_group },
  summary: `Rules of ${ours.rule_group} fail`,
  description: `${evaluations} evaluations failed in the last quarter of an hour.`,
});

export const ruleEvaluationFailing: Examples = {
  fires: [
    {
      story: 'The ledger fails at every evaluation since five minutes.',
      series: [series('prometheus_rule_evaluation_failures_total', ours, rising)],
      at: 600,
      notifications: [failing(7)],
    },
    {
      story: 'One evaluation fails.',
      series: [
        series('prometheus_rule_evaluation_failures_total', ours, [
          { value: 0, times: 6 },
          { value: 1, times: 6 },
        ]),
      ],
      at: 600,
      notifications: [failing(1)],
    },
  ],
  silent: [
    {
      story: 'Somebody else’s rules fail.',
      series: [
        series('prometheus_rule_evaluation_failures_total', theirs, rising),
        series('prometheus_rule_evaluation_failures_total', ours, constantly(2, 11)),
      ],
      at: 600,
    },
  ],
};

const tooSeldom = (skipped: number) => ({
  labels: { rule_group: ours.rule_group },
  summary: `Rules of ${ours.rule_group} are evaluated too seldom`,
  description: `${skipped} evaluations were skipped in the last ten minutes, because the one before still ran.`,
});

export const ruleEvaluationsMissed: Examples = {
  fires: [
    {
      story: 'For half an hour an evaluation is skipped every four minutes.',
      series: [
        series('prometheus_rule_group_iterations_missed_total', ours, [
          ...[0, 1, 2, 3, 4, 5, 6, 7].map((value) => ({ value, times: 4 })),
        ]),
      ],
      at: 1800,
      notifications: [tooSeldom(2)],
    },
    {
      story: 'For half an hour one is skipped every nine minutes.',
      series: [
        series('prometheus_rule_group_iterations_missed_total', ours, [
          ...[0, 1, 2, 3, 4].map((value) => ({ value, times: 9 })),
        ]),
      ],
      at: 2100,
      notifications: [tooSeldom(1)],
    },
  ],
  silent: [
    {
      story: 'One was skipped.',
      series: [
        series('prometheus_rule_group_iterations_missed_total', ours, [
          { value: 0, times: 14 },
          { value: 1, times: 20 },
        ]),
      ],
      at: 1740,
    },
  ],
};

/** How many Alertmanagers there are, and what could not be sent to the one that there was. */
const sending = (alertmanagers: number, errors: Values) => [
  series(
    'prometheus_notifications_alertmanagers_discovered',
    { job: 'prometheus' },
    constantly(alertmanagers, 60),
  ),
  series(
    'prometheus_notifications_errors_total',
    { job: 'prometheus', alertmanager: 'http://alertmanager:9093/api/v2/alerts' },
    errors,
  ),
];

const nobodyIsPaged = {
  labels: {},
  summary: 'Prometheus cannot hand its alerts to Alertmanager',
  description: 'Whoever should be paged is not. This alert may reach nobody but the dashboards.',
};

export const alertDeliveryFailing: Examples = {
  step: 15,
  fires: [
    {
      story: 'For six minutes nothing can be sent; it is tried once a minute.',
      series: sending(1, [
        { value: 4, times: 20 },
        ...[5, 6, 7, 8, 9, 10].map((value) => ({ value, times: 4 })),
      ]),
      at: 645,
      notifications: [nobodyIsPaged],
    },
    {
      story: 'Prometheus knows no Alertmanager.',
      series: sending(0, constantly(4, 41)),
      at: 600,
      notifications: [nobodyIsPaged],
    },
  ],
  silent: [
    {
      story: 'Alertmanager restarts: a single try fails.',
      series: sending(1, [
        { value: 4, times: 20 },
        { value: 5, times: 25 },
      ]),
      at: 660,
    },
    {
      story: 'Errors of four minutes.',
      series: sending(1, [{ value: 4, times: 20 }, ...[5, 6, 7, 8].map((value) => ({ value, times: 4 }))]),
      at: 525,
    },
  ],
};

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

export const metricsSourceDown: Examples = {
  fires: [
    {
      story: 'The application cannot be scraped for six minutes.',
      series: sources([
        { value: 1, times: 4 },
        { value: 0, times: 7 },
      ]),
      gateway: false,
      at: 600,
      notifications: [missing(applicationJob)],
    },
    {
      story: 'Nothing scrapes the application.',
      series: sources([]),
      gateway: false,
      at: 600,
      notifications: [missing(applicationJob)],
    },
    {
      story: 'Prometheus does not scrape itself.',
      series: sources(constantly(1, 11), []),
      gateway: false,
      at: 600,
      notifications: [missing(prometheusJob)],
    },
  ],
  silent: [
    {
      story: 'The application restarts, and cannot be scraped for four minutes.',
      series: sources([
        { value: 1, times: 6 },
        { value: 0, times: 5 },
      ]),
      gateway: false,
      at: 600,
    },
  ],
};
