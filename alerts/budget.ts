import { metric, oneOf } from '../metrics/expression.ts';
import { deployment, failedStage, rollback, stage } from '../scripts/simulator/builders.ts';
import { type Alert, alert, type Family } from './alert.ts';
import { culprits, spenders, thisSlo, whichCulprits, whichSpenders } from './culprits.ts';
import { constantly, series } from './example.ts';
import { agreementBroken, budgetExhausted, budgetHalfSpent, escalating } from './expressions/budget.ts';
import { label, text, value } from './text.ts';

const breaching = culprits('sla_breach');
const escalated = culprits('escalation');

/** Rolled back, because of health or for another reason. */
const rolledBack = (id: string, started: number, reason: 'health_check_failed' | 'error_rate') =>
  deployment({
    id,
    started,
    finished: started + 200,
    reported: 'rolled_back',
    rollbacks: [rollback(started + 100, started + 190, { reason })],
  });
const failed = (id: string, started: number) =>
  deployment({
    id,
    started,
    finished: started + 200,
    reported: 'failure',
    stages: [failedStage('api', 'build', started + 10, started + 190)],
  });
const good = (id: string, started: number) =>
  deployment({
    id,
    started,
    finished: started + 200,
    stages: [stage('api', 'build', started + 10, started + 190)],
  });

/** So much is left of this month's budget. */
const left = (share: number) => [
  series(
    'environment_slo:error_budget_left:ratio',
    { environment: 'production', slo: 'deployment-reliability' },
    constantly(share, 10),
  ),
];

const errorBudgetHalfSpent: Alert = alert({
  name: 'ErrorBudgetHalfSpent',
  severity: 'medium',
  about: 'slo',
  expr: budgetHalfSpent(),
  hold: 'None: what is spent is spent.',
  summary: text`Half of this month's error budget of ${label('environment')} is spent`,
  description: text`Left: ${value('percent')}. Spent by ${spenders.names}.`,
  deployments: spenders.links,
  silencedBy: ['ErrorBudgetExhausted'],
  runbook: {
    meaning:
      'Half of the error budget of the calendar month is spent. It ends when more deployments earn more budget, or when the next month begins.',
    impact: 'One more failure may freeze risky changes for the rest of the month.',
    diagnosis: [whichSpenders],
    mitigation: [
      'Read why those deployments failed, and mend the cause that they share.',
      'Until the end of the month, look twice at migrations and at changes that cannot be rolled back.',
    ],
  },
  examples: {
    fires: [
      {
        story:
          'One deployment of three is rolled back because of health, which costs half of the budget of one.',
        deployments: [good('1001', 600), rolledBack('1002', 900, 'health_check_failed'), good('1003', 1200)],
        at: 1500,
        notifications: [
          {
            labels: { environment: 'production', slo: 'deployment-reliability' },
            summary: "Half of this month's error budget of production is spent",
            description: 'Left: 50%. Spent by 1002 (0.5).',
            deployments: ['1002'],
          },
        ],
      },
    ],
    silent: [
      {
        story: 'One deployment is called off, which costs nothing.',
        deployments: [
          good('1001', 600),
          deployment({ id: '1002', started: 900, finished: 960, reported: 'cancelled' }),
          good('1003', 1200),
        ],
        at: 1500,
      },

      { story: '55 % are left.', series: left(0.55), at: 300 },
    ],
  },
});

const halfDay = 43_200;
const beforeNoon = halfDay - 3_600;
/** Three deployments in the hour before noon of the first of January, of which this is the second one. */
const threeWith = (second: ReturnType<typeof good>) => [
  good('1001', beforeNoon),
  second,
  good('1003', beforeNoon + 600),
];

const errorBudgetExhausted: Alert = alert({
  name: 'ErrorBudgetExhausted',
  severity: 'high',
  about: 'slo',
  expr: budgetExhausted(),
  hold: 'None: what is spent is spent.',
  summary: text`The error budget of ${label('environment')} for this month is spent: freeze risky changes`,
  description: text`Left: ${value('percent')}. Spent by ${spenders.names}. Only hotfixes until the next month begins, or until enough good deployments have earned new budget.`,
  deployments: spenders.links,
  runbook: {
    meaning:
      'Nothing is left of the error budget of the calendar month (UTC). It ends when more deployments earn more budget, or when the next month begins.',
    impact: 'Risky changes are frozen: the gate refuses all deployments but hotfixes.',
    diagnosis: [
      whichSpenders,
      {
        question: 'How much is allowed so far?',
        query: metric('environment_slo:error_budget_allowed:count', thisSlo),
      },
    ],
    mitigation: [
      'Tell the team: only hotfixes (`npm run gate -- --hotfix`), no migrations, no changes that cannot be rolled back.',
      'Increase test coverage and review where the failures came from (design document, "Error Budget Tracking").',
      'The budget is new on the first of the month, 00:00 UTC.',
    ],
  },
  examples: {
    step: halfDay,
    fires: [
      {
        story: 'One deployment of three fails.',
        deployments: threeWith(failed('1002', beforeNoon + 300)),
        at: halfDay,
        notifications: [
          {
            labels: { environment: 'production', slo: 'deployment-reliability' },
            summary: 'The error budget of production for this month is spent: freeze risky changes',
            description:
              'Left: 0%. Spent by 1002 (1.0). Only hotfixes until the next month begins, or until enough good deployments have earned new budget.',
            deployments: ['1002'],
          },
        ],
      },
    ],
    silent: [
      {
        story: 'One deployment of three is rolled back because of health: half is left.',
        deployments: threeWith(rolledBack('1002', beforeNoon + 300, 'health_check_failed')),
        at: halfDay,
      },

      { story: 'A tenth is left.', series: left(0.1), step: 60, at: 300 },
    ],
    over: [
      {
        story: 'The next month begins.',
        deployments: [
          ...threeWith(failed('1002', beforeNoon + 300)),
          good('1004', 20 * 2 * halfDay + beforeNoon),
        ],
        at: 31 * 2 * halfDay + halfDay,
      },
    ],
  },
});

/** A success that takes so many seconds. */
const taking = (id: string, seconds: number) =>
  deployment({ id, started: 600, triggered: 600, finished: 600 + seconds });

const timeToDeployEscalation: Alert = alert({
  name: 'TimeToDeployEscalation',
  severity: 'high',
  about: 'slo',
  expr: escalating(),
  hold: 'None: two in a week is the hold (design document, SLO 2).',
  summary: text`${value(0)} deployments to ${label('environment')} took more than twenty minutes in the last seven days`,
  description: text`They are ${escalated.names}; the error budget of time to deploy allows one. Whoever owns the pipeline decides what has to give.`,
  deployments: escalated.links,
  runbook: {
    meaning: 'Two or more successful deployments of the last seven days took more than twenty minutes.',
    impact: 'A fix that is urgent takes twice as long as promised.',
    diagnosis: [
      whichCulprits(
        'Which deployments of the last seven days took more than twenty minutes, and when were they pushed?',
        'escalation',
      ),
      {
        question: 'Which stage takes the time?',
        query: metric('environment_stage:duration_seconds:avg', {
          environment: oneOf('environment'),
          window: '7d',
        }),
      },
    ],
    mitigation: [
      'Bring both deployments to the next planning, with the stage that took the time.',
      'Until then, deploy urgent changes by themselves and not in a batch.',
    ],
  },
  examples: {
    fires: [
      {
        story: 'Two deployments take 21 and 25 minutes.',
        deployments: [taking('1001', 1_260), taking('1002', 1_500)],
        at: 2400,
        notifications: [
          {
            labels: { environment: 'production', slo: 'time-to-deploy' },
            summary: '2 deployments to production took more than twenty minutes in the last seven days',
            description:
              'They are 1001, 1002; the error budget of time to deploy allows one. Whoever owns the pipeline decides what has to give.',
            deployments: ['1001', '1002'],
          },
        ],
      },
    ],
    silent: [
      {
        story: 'One takes 25 minutes, another exactly twenty.',
        deployments: [taking('1001', 1_200), taking('1002', 1_500)],
        at: 2400,
      },
    ],
  },
});

const slaBreached: Alert = alert({
  name: 'SlaBreached',
  severity: 'high',
  about: 'slo',
  expr: agreementBroken(),
  hold: 'None: what has happened this month has happened.',
  summary: text`The SLA of ${label('slo')} is breached in ${label('environment')} this month so far`,
  description: text`More than it allows went wrong: ${breaching.names}. Good deployments in the rest of the month may still mend it.`,
  deployments: breaching.links,
  runbook: {
    meaning:
      'More events of the calendar month were bad than the SLA allows of all events so far (one is always allowed).',
    impact:
      'If the month ends like this, what was promised is broken: for reliability, the customer gets a credit.',
    diagnosis: [
      {
        question: 'What share was good enough?',
        query: metric('environment_slo:sla_good:ratio', thisSlo),
      },
      whichCulprits('Which deployments of this month broke it, and when were they pushed?', 'sla_breach'),
    ],
    mitigation: [
      'Tell whoever owns the contract, now and not at the end of the month.',
      'Treat it as an exhausted error budget: only hotfixes.',
    ],
  },
  examples: {
    fires: [
      {
        story: 'Two of four deployments fail.',
        deployments: [good('1001', 600), failed('1002', 900), failed('1003', 1200), good('1004', 1500)],
        at: 1800,
        notifications: [
          {
            labels: { environment: 'production', slo: 'deployment-reliability' },
            summary: 'The SLA of deployment-reliability is breached in production this month so far',
            description:
              'More than it allows went wrong: 1002, 1003. Good deployments in the rest of the month may still mend it.',
            deployments: ['1002', '1003'],
          },
        ],
      },
      {
        story:
          'Of three deployments two take 730 seconds and more, and are named. One of 650 broke the objective but not the SLA.',
        deployments: [taking('1001', 730), taking('1002', 650), taking('1003', 900)],
        at: 1800,
        notifications: [
          {
            labels: { environment: 'production', slo: 'time-to-deploy' },
            summary: 'The SLA of time-to-deploy is breached in production this month so far',
            description:
              'More than it allows went wrong: 1001, 1003. Good deployments in the rest of the month may still mend it.',
            deployments: ['1001', '1003'],
          },
        ],
      },

      {
        story: 'A tenth more than it allows went wrong.',
        series: [
          series(
            'environment_slo:sla_left:ratio',
            { environment: 'production', slo: 'deployment-reliability' },
            constantly(-0.1, 10),
          ),
        ],
        at: 300,
        notifications: [
          {
            labels: { environment: 'production', slo: 'deployment-reliability' },
            summary: 'The SLA of deployment-reliability is breached in production this month so far',
            description:
              'More than it allows went wrong: not known yet. Good deployments in the rest of the month may still mend it.',
          },
        ],
      },
    ],
    silent: [
      {
        story: 'One of four fails, which the SLA allows.',
        deployments: [good('1001', 600), good('1002', 900), failed('1003', 1200), good('1004', 1500)],
        at: 1800,
      },
      {
        story: 'Three deployments break the objective of time to deploy, and only one of them the SLA.',
        deployments: [taking('1001', 730), taking('1002', 650), taking('1003', 719)],
        at: 1800,
      },
    ],
  },
});

/** What is left of what may go wrong. */
export const budget: Family = {
  name: 'budget',
  title: 'Error budgets and promises',
  alerts: [errorBudgetHalfSpent, errorBudgetExhausted, timeToDeployEscalation, slaBreached],
  source: import.meta.url,
};
