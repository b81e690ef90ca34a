import { applicationJob } from '../metrics/application.ts';
import { metric } from '../metrics/expression.ts';
import { prometheusJob } from '../metrics/system.ts';
import { deployment } from '../scripts/simulator/builders.ts';
import { type Alert, alert, type Family } from './alert.ts';
import { constantly, series, type Values } from './example.ts';
import {
  evaluationsFailed,
  evaluationsMissed,
  gatewayDown,
  ledgerSilent,
  pushesRefused,
  sourceDown,
  undelivered,
} from './expressions/system.ts';
import { subject, thisDeployment } from './parts.ts';
import { label, text, value } from './text.ts';

const doctor = '`npm run doctor` walks the way of the data and says where it ends.';
const working = deployment({ id: '1001', started: 300, finished: 500 });

const pushgatewayDown: Alert = alert({
  name: 'PushgatewayDown',
  severity: 'high',
  about: 'system',
  expr: gatewayDown(),
  for: '2m',
  hold: 'What a job cannot push it keeps only until the job ends, and the shortest jobs take a few minutes: two minutes are eight scrapes, and still lose nothing.',
  summary: text`The Pushgateway cannot be scraped`,
  description: text`Deployments are not seen, and what their jobs cannot push is lost when they end.`,
  runbook: {
    meaning: 'Prometheus could not scrape the Pushgateway for two minutes, or is not configured to.',
    impact:
      'Deployments run unobserved: their failures raise no alert and spend no budget. Numbers on dashboards stand still.',
    diagnosis: [{ question: 'Since when is it down?', query: metric('up', { job: 'pushgateway' }) }],
    mitigation: [
      'Look at the service on Railway: is it running, did it restart, is its volume full?',
      'If it runs: does Prometheus use the right address and credentials? Its page "Targets" shows the error.',
      doctor,
    ],
  },
  examples: {
    fires: [
      {
        story: 'Scrapes of the gateway fail for four minutes.',
        deployments: [working],
        gatewayOutages: [{ from: 660, to: 900 }],
        at: 900,
        notifications: [
          {
            labels: {},
            summary: 'The Pushgateway cannot be scraped',
            description: 'Deployments are not seen, and what their jobs cannot push is lost when they end.',
          },
        ],
      },

      {
        story: 'Nothing scrapes it.',
        gateway: false,
        at: 900,
        notifications: [
          {
            labels: { job: 'pushgateway' },
            summary: 'The Pushgateway cannot be scraped',
            description: 'Deployments are not seen, and what their jobs cannot push is lost when they end.',
          },
        ],
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
  },
});

const group = { job: 'deployment-pipeline', environment: 'production', deployment_id: '1001' } as const;

/** The push of a build that was refused at 300, and taken at that time. */
const refused = (taken: number) => {
  const build = { ...group, service: 'api', stage: 'build' } as const;
  return [
    series('push_failure_time_seconds', build, constantly(300, 40)),
    series('push_time_seconds', build, constantly(taken, 40)),
  ];
};
const oneRefused = {
  labels: { environment: 'production', deployment_id: '1001' },
  summary: 'The Pushgateway refuses what production records',
  description: 'Deployment 1001 to production: 1 events of it were refused and not taken since.',
};

const pushgatewayRefusing: Alert = alert({
  name: 'PushgatewayRefusingPushes',
  severity: 'high',
  about: 'deployment',
  expr: pushesRefused(),
  hold: 'None: the gateway has answered, and its answer will not change.',
  summary: text`The Pushgateway refuses what ${label('environment')} records`,
  description: text`${subject}: ${value(0)} events of it were refused and not taken since.`,
  runbook: {
    meaning:
      'The Pushgateway answered a push with 400 within the last quarter of an hour, and has taken none of the same event since.',
    impact: 'That event is missing from every dashboard, indicator and budget.',
    diagnosis: [
      {
        question: 'Which events were refused?',
        query: metric('push_failure_time_seconds', thisDeployment),
      },
    ],
    mitigation: [
      'The log of the job has the reason in the gateway’s own words: often a metric that somebody else pushes with another type.',
      'Find who pushes it, and rename theirs. Delete the broken group in the web page of the gateway.',
      doctor,
    ],
  },
  examples: {
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
  },
});

const heartbeat = 'deployment_observability:ledger_evaluated_timestamp_seconds:max';

/** Evaluated until second 300, and then no more. */
const stopped = [
  series(heartbeat, {}, [
    { value: 0, times: 20, step: 15 },
    { value: 300, times: 30 },
  ]),
];

const ledgerNotEvaluated: Alert = alert({
  name: 'LedgerNotEvaluated',
  severity: 'high',
  about: 'system',
  expr: ledgerSilent(),
  for: '2m',
  hold: 'Facts of a deployment are written at every evaluation for two minutes: a shorter pause loses none.',
  summary: text`The ledger is not evaluated`,
  description: text`Prometheus writes no facts about deployments: the rules are missing, fail, or are too slow.`,
  runbook: {
    meaning:
      'The rule group deployment-ledger was not evaluated to its end for more than two minutes, or is not loaded.',
    impact:
      'Nothing that deployments do is counted: success rate, budgets and nearly all alerts stand still and look healthy.',
    diagnosis: [
      { question: 'When was it evaluated last?', query: metric(heartbeat) },
      {
        question: 'Which version of the rules is loaded?',
        query: metric('deployment_observability:bundle:info'),
      },
    ],
    mitigation: [
      'Look at the page "Rules" of Prometheus: the group deployment-ledger is missing, red, or late.',
      'Missing: deliver the rules again, `npm run provision`. Red: the page shows the error. Late: the server is overloaded.',
      doctor,
    ],
  },
  examples: {
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
        notifications: [
          {
            labels: {},
            summary: 'The ledger is not evaluated',
            description:
              'Prometheus writes no facts about deployments: the rules are missing, fail, or are too slow.',
          },
        ],
      },

      {
        story: 'For two minutes it has been more than two minutes late.',
        step: 15,
        series: stopped,
        gateway: false,
        at: 555,
        notifications: [
          {
            labels: {},
            summary: 'The ledger is not evaluated',
            description:
              'Prometheus writes no facts about deployments: the rules are missing, fail, or are too slow.',
          },
        ],
      },
      {
        story: 'It was evaluated once, and then its rules were not loaded any more.',
        series: [series(heartbeat, {}, constantly(0, 1))],
        gateway: false,
        at: 900,
        notifications: [
          {
            labels: {},
            summary: 'The ledger is not evaluated',
            description:
              'Prometheus writes no facts about deployments: the rules are missing, fail, or are too slow.',
          },
        ],
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
  },
});

const ours = { job: 'prometheus', rule_group: '/etc/prometheus/rules/ledger.yml;deployment-ledger' } as const;
const theirs = { job: 'prometheus', rule_group: '/etc/prometheus/rules/other.yml;other' } as const;
const rising = [
  { value: 0, times: 6 },
  { value: 3, times: 6, step: 1 },
];
const evaluationRunbook = {
  impact: 'What the group records stands still: numbers on dashboards, budgets, or alerts.',
  diagnosis: [
    {
      question: 'When was each group evaluated last?',
      query: metric('prometheus_rule_group_last_evaluation_timestamp_seconds'),
    },
  ],
} as const;

const ruleEvaluationFailing: Alert = alert({
  name: 'RuleEvaluationFailing',
  severity: 'high',
  about: 'system',
  expr: evaluationsFailed(),
  hold: 'None: a rule that fails once fails again as soon as the same data comes.',
  summary: text`Rules of ${label('rule_group')} fail`,
  description: text`${value(0)} evaluations failed in the last quarter of an hour.`,
  runbook: {
    meaning: 'Evaluations of one of our rule groups failed in the last quarter of an hour.',
    ...evaluationRunbook,
    mitigation: [
      'The page "Rules" of Prometheus shows the rule and its error. "many-to-many matching" is data that the rule did not expect: please report it with the series that it names.',
      'If it appeared with a new version of the rules, deliver the version before: `npm run provision` from that commit.',
    ],
  },
  examples: {
    fires: [
      {
        story: 'The ledger fails at every evaluation since five minutes.',
        series: [series('prometheus_rule_evaluation_failures_total', ours, rising)],
        at: 600,
        notifications: [
          {
            labels: { rule_group: ours.rule_group },
            summary: 'Rules of /etc/prometheus/rules/ledger.yml;deployment-ledger fail',
            description: '7 evaluations failed in the last quarter of an hour.',
          },
        ],
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
        notifications: [
          {
            labels: { rule_group: ours.rule_group },
            summary: 'Rules of /etc/prometheus/rules/ledger.yml;deployment-ledger fail',
            description: '1 evaluations failed in the last quarter of an hour.',
          },
        ],
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
  },
});

const tooSeldom = (skipped: number) => ({
  labels: { rule_group: ours.rule_group },
  summary: 'Rules of /etc/prometheus/rules/ledger.yml;deployment-ledger are evaluated too seldom',
  description: `${skipped} evaluations were skipped in the last ten minutes, because the one before still ran.`,
});

const ruleEvaluationsMissed: Alert = alert({
  name: 'RuleEvaluationsMissed',
  severity: 'medium',
  about: 'system',
  expr: evaluationsMissed(),
  for: '15m',
  hold: 'Right after a start Prometheus may skip one; a quarter of an hour of it is overload.',
  summary: text`Rules of ${label('rule_group')} are evaluated too seldom`,
  description: text`${value(0)} evaluations were skipped in the last ten minutes, because the one before still ran.`,
  runbook: {
    meaning:
      'Evaluations of one of our rule groups were skipped for a quarter of an hour, because one takes longer than the interval.',
    ...evaluationRunbook,
    mitigation: [
      'How long does the group take? The page "Rules" of Prometheus says. A server with more CPU is the quick way.',
      'Is there something in the gateway that grows? `npm run doctor` counts groups and series.',
    ],
  },
  examples: {
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
  },
});

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

const alertDeliveryFailing: Alert = alert({
  name: 'AlertDeliveryFailing',
  severity: 'high',
  about: 'system',
  expr: undelivered(),
  for: '5m',
  hold: 'Alertmanager restarts within a minute or two, and Prometheus sends again what it could not send.',
  summary: text`Prometheus cannot hand its alerts to Alertmanager`,
  description: text`Whoever should be paged is not. This alert may reach nobody but the dashboards.`,
  runbook: {
    meaning: 'Prometheus could not send alerts for five minutes, or knows no Alertmanager at all.',
    impact: 'Nobody is paged. The dashboards still show which alerts fire.',
    diagnosis: [
      {
        question: 'How many Alertmanagers does it know?',
        query: metric('prometheus_notifications_alertmanagers_discovered'),
      },
      { question: 'Which alerts fire now?', query: metric('ALERTS', { alertstate: 'firing' }) },
    ],
    mitigation: [
      'Look at the Alertmanager on Railway: is it running, was its configuration refused?',
      'Does Prometheus have its address? See `alerting` on its page "Configuration".',
      'Until it is mended, watch the overview dashboard.',
    ],
  },
  examples: {
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
  },
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

const metricsSourceDown: Alert = alert({
  name: 'MetricsSourceDown',
  severity: 'high',
  about: 'system',
  expr: sourceDown(),
  for: '5m',
  hold: 'The application restarts with each deployment, within a minute or two.',
  summary: text`Metrics of ${label('job')} are missing`,
  description: text`It cannot be scraped, or is not configured to be.`,
  runbook: {
    meaning:
      'Prometheus could not scrape the application (relay-production) or itself (prometheus) for five minutes, or has no such job.',
    impact:
      'Without the application nobody sees that live requests fail after a deployment; without Prometheus’ own metrics nobody sees that rules fail or that alerts reach nobody.',
    diagnosis: [{ question: 'Which targets are scraped?', query: metric('up') }],
    mitigation: [
      'The page "Targets" of Prometheus shows the error: an address that changed, a certificate, credentials.',
      'Is the application itself down? Then that is the incident.',
      'Is the job missing? Compare the configuration with `railway/prometheus/prometheus.yml`; `APPLICATION_TARGET` says where the application is.',
    ],
  },
  examples: {
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
  },
});

/** Whether what watches is itself alive. */
export const system: Family = {
  name: 'system',
  title: 'Who watches',
  alerts: [
    pushgatewayDown,
    pushgatewayRefusing,
    ledgerNotEvaluated,
    ruleEvaluationFailing,
    ruleEvaluationsMissed,
    alertDeliveryFailing,
    metricsSourceDown,
  ],
  source: import.meta.url,
};
