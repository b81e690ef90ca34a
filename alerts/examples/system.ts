import { constantly, type Examples, series, type Values } from '../../src/alerts/index.ts';

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
      title: 'The last evaluation was five minutes ago.',
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
      title: 'For two minutes it has been more than two minutes late.',
      step: 15,
      series: stopped,
      gateway: false,
      at: 555,
      notifications: [standsStill],
    },
    {
      title: 'It was evaluated once, and then its rules were not loaded any more.',
      series: [series(heartbeat, {}, constantly(0, 1))],
      gateway: false,
      at: 900,
      notifications: [standsStill],
    },
  ],
  silent: [
    {
      title: 'It is evaluated, a minute late.',
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
      title: 'It has been two minutes late for less than two minutes.',
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
      title: 'The ledger fails at every evaluation since five minutes.',
      series: [series('prometheus_rule_evaluation_failures_total', ours, rising)],
      at: 600,
      notifications: [failing(7)],
    },
    {
      title: 'One evaluation fails.',
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
      title: 'Rules of another bundle fail.',
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
      title: 'For half an hour an evaluation is skipped every four minutes.',
      series: [
        series('prometheus_rule_group_iterations_missed_total', ours, [
          ...[0, 1, 2, 3, 4, 5, 6, 7].map((value) => ({ value, times: 4 })),
        ]),
      ],
      at: 1800,
      notifications: [tooSeldom(2)],
    },
    {
      title: 'For half an hour one is skipped every nine minutes.',
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
      title: 'One was skipped.',
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

const notPaged = {
  labels: {},
  summary: 'Prometheus cannot hand its alerts to Alertmanager',
  description: 'The person on call is not paged. This alert may show on the dashboards only.',
};

export const alertDeliveryFailing: Examples = {
  step: 15,
  fires: [
    {
      title: 'For six minutes nothing can be sent; it is tried once a minute.',
      series: sending(1, [
        { value: 4, times: 20 },
        ...[5, 6, 7, 8, 9, 10].map((value) => ({ value, times: 4 })),
      ]),
      at: 645,
      notifications: [notPaged],
    },
    {
      title: 'Prometheus knows no Alertmanager.',
      series: sending(0, constantly(4, 41)),
      at: 600,
      notifications: [notPaged],
    },
  ],
  silent: [
    {
      title: 'Alertmanager restarts: a single try fails.',
      series: sending(1, [
        { value: 4, times: 20 },
        { value: 5, times: 25 },
      ]),
      at: 660,
    },
    {
      title: 'Errors of four minutes.',
      series: sending(1, [{ value: 4, times: 20 }, ...[5, 6, 7, 8].map((value) => ({ value, times: 4 }))]),
      at: 525,
    },
  ],
};
