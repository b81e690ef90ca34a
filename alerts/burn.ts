import { outcomes } from '../metrics/codes.ts';
import { and, binary, metric, oneOf } from '../metrics/expression.ts';
import type { SloWindow } from '../metrics/recorded-slo.ts';
import { deployment, failedStage } from '../scripts/simulator/builders.ts';
import { burnWindows, factorOf, leastBadDeployments } from '../slo/objectives/burn.ts';
import { type Alert, alert, type Family } from './alert.ts';
import { constantly, series } from './example.ts';
import { burnRate } from './expressions/budget.ts';
import { each, label, text, value } from './text.ts';

const thisSlo = { environment: oneOf('environment'), slo: oneOf('slo') } as const;
const diagnosis = [
  {
    question: 'How fast does it burn, in each window?',
    query: metric('environment_slo:burn_rate:ratio', thisSlo),
  },
  {
    question: 'How many deployments went wrong, in each window?',
    query: metric('environment_slo:bad_deployments:count', thisSlo),
  },
  {
    question:
      'Which of the last ten deployments did not succeed? (A window may reach into the month before.)',
    query: binary(
      metric('recent_deployment:outcome:code', { environment: oneOf('environment') }),
      '!=',
      outcomes.success,
    ),
  },
  {
    question: 'Which deployments of this month spent it?',
    query: metric('spending_deployment_slo:error_budget_spent:sum', thisSlo),
  },
] as const;
/** "1001, 1002": the last deployments that did not succeed, whatever the month. */
const latelyFailed = each(
  {
    query: and(
      metric('recent_deployment:finished_timestamp_seconds:max', { environment: oneOf('environment') }),
      binary(
        metric('recent_deployment:outcome:code', { environment: oneOf('environment') }),
        '>',
        outcomes.success,
      ),
      { on: ['environment', 'deployment_id'] },
    ),
    by: 'deployment_id',
    separator: ', ',
    otherwise: 'none',
  },
  (row) => text`${row.label('deployment_id')}`,
);

/** "14.4 times (1h and 15m) or 6 times (6h and 30m)". */
const rates = (severity: 'page' | 'ticket'): string =>
  burnWindows
    .filter((w) => w.severity === severity)
    .map((w) => `${factorOf(w)} times (over ${w.long} and ${w.short})`)
    .join(' or ');
const meaning = (severity: 'page' | 'ticket'): string =>
  `The budget of the SLO is spent faster than allowed: ${rates(severity)}, and at least ${leastBadDeployments[severity]} deployments of the longer window went wrong.`;

const ended = (id: string, started: number, ok: boolean) =>
  deployment({
    id,
    started,
    finished: started + 180,
    reported: ok ? 'success' : 'failure',
    stages: ok ? [] : [failedStage('api', 'build', started + 10, started + 170)],
  });

/** Burn rates by window, and how many deployments went wrong in each long window. */
const rates4 = (rates: Partial<Record<SloWindow, number>>, bad: number) => {
  const slo = { environment: 'production', slo: 'deployment-reliability' } as const;
  return Object.entries(rates).flatMap(([window, rate]) => [
    series('environment_slo:burn_rate:ratio', { ...slo, window: window as SloWindow }, constantly(rate, 10)),
    series(
      'environment_slo:bad_deployments:count',
      { ...slo, window: window as SloWindow },
      constantly(bad, 10),
    ),
  ]);
};
const burns = (rate: string, description: string) => ({
  labels: { environment: 'production', slo: 'deployment-reliability' },
  summary: `The error budget of deployment-reliability in production burns ${rate} times faster than allowed`,
  description,
});
const fast =
  "One deployment after the other fails; of the last ten: none. At this rate a month's budget is gone within hours.";
const slow = "Now and then something goes wrong, and it adds up: the month's budget will not last.";

const errorBudgetBurnFast: Alert = alert({
  name: 'ErrorBudgetBurnFast',
  severity: 'critical',
  about: 'slo',
  expr: burnRate('page'),
  hold: 'None: both windows have to burn, and several deployments to have failed.',
  summary: text`The error budget of ${label('slo')} in ${label('environment')} burns ${value(1)} times faster than allowed`,
  description: text`One deployment after the other fails; of the last ten: ${latelyFailed}. At this rate a month's budget is gone within hours.`,
  runbook: {
    meaning: meaning('page'),
    impact: 'Nothing can be shipped, also no fix. Users may be hit, depending on what is live.',
    diagnosis,
    mitigation: [
      'Stop merging and deploying: each further try spends budget and may make it worse.',
      'Look at the last failures in the overview: the same stage in all of them means that the pipeline or a provider is broken, not the changes.',
      'When the cause is mended, deploy one small change and watch it to its end.',
    ],
  },
  examples: {
    fires: [
      {
        story: 'A burst: five deployments in a row fail within twenty minutes.',
        deployments: [1, 2, 3, 4, 5].map((n) => ended(`100${n}`, 300 + n * 240, false)),
        at: 1740,
        notifications: [
          {
            labels: { environment: 'production', slo: 'deployment-reliability' },
            summary:
              'The error budget of deployment-reliability in production burns 100.0 times faster than allowed',
            description:
              "One deployment after the other fails; of the last ten: 1001, 1002, 1003, 1004, 1005. At this rate a month's budget is gone within hours.",
          },
        ],
      },

      {
        story: 'Over one hour a little faster than 14.4 times.',
        series: rates4({ '1h': 15, '15m': 15, '6h': 5.5, '30m': 5.5 }, 3),
        at: 300,
        notifications: [burns('15.0', fast)],
      },
      {
        story: 'Over six hours a little faster than six times.',
        series: rates4({ '1h': 7, '15m': 7, '6h': 7, '30m': 7 }, 3),
        at: 300,
        notifications: [burns('7.0', fast)],
      },
    ],
    silent: [
      {
        story: 'One of two deployments fails: fifty times faster than allowed, and only one event.',
        deployments: [ended('1001', 600, true), ended('1002', 900, false)],
        at: 1200,
      },

      {
        story: 'Both long windows burn a little too slowly.',
        series: rates4({ '1h': 13, '15m': 20, '6h': 5.5, '30m': 20 }, 3),
        at: 300,
      },
      {
        story: 'Both short windows burn a little too slowly: it is over.',
        series: rates4({ '1h': 20, '15m': 13, '6h': 20, '30m': 5.5 }, 3),
        at: 300,
      },
      {
        story: 'Everything burns, and only two deployments went wrong.',
        series: rates4({ '1h': 20, '15m': 20, '6h': 20, '30m': 20 }, 2),
        at: 300,
      },
    ],
  },
});

/** A deployment every twenty minutes, of which these fail. */
const leaking = (failing: readonly number[]) =>
  Array.from({ length: 24 }, (_, i) => ended(`10${i}`, 1200 * i + 600, !failing.includes(i)));

const errorBudgetBurnSlow: Alert = alert({
  name: 'ErrorBudgetBurnSlow',
  severity: 'medium',
  about: 'slo',
  expr: burnRate('ticket'),
  hold: 'None: both windows have to burn, and several deployments to have failed.',
  summary: text`The error budget of ${label('slo')} in ${label('environment')} burns ${value(1)} times faster than allowed`,
  description: text`Now and then something goes wrong, and it adds up: the month's budget will not last.`,
  silencedBy: ['ErrorBudgetBurnFast'],
  runbook: {
    meaning: meaning('ticket'),
    impact: 'Nobody is hit now. Before the month ends the budget is spent, and risky changes are frozen.',
    diagnosis,
    mitigation: [
      'Look for what the failures share: a flaky test, a service that starts slowly, a provider that times out.',
      'Mend that before it is needed for something urgent.',
    ],
  },
  examples: {
    step: 1200,
    fires: [
      {
        story:
          'A slow leak: two of the twenty-four deployments of a working day fail, the second one lately.',
        deployments: leaking([3, 22]),
        at: 24 * 1200,
        notifications: [
          {
            labels: { environment: 'production', slo: 'deployment-reliability' },
            summary:
              'The error budget of deployment-reliability in production burns 8.3 times faster than allowed',
            description:
              "Now and then something goes wrong, and it adds up: the month's budget will not last.",
          },
        ],
      },

      {
        story: 'Over a day a little faster than three times.',
        step: 60,
        series: rates4({ '1d': 3.5, '2h': 3.5, '3d': 0.5, '6h': 0.5 }, 2),
        at: 300,
        notifications: [burns('3.5', slow)],
      },
      {
        story: 'Over three days a little faster than allowed.',
        step: 60,
        series: rates4({ '1d': 1.5, '2h': 1.5, '3d': 1.5, '6h': 1.5 }, 2),
        at: 300,
        notifications: [burns('1.5', slow)],
      },
    ],
    silent: [
      {
        story: 'One of the twenty-four fails.',
        deployments: leaking([22]),
        at: 24 * 1200,
      },

      {
        story: 'Both long windows burn a little too slowly.',
        step: 60,
        series: rates4({ '1d': 2.5, '2h': 20, '3d': 0.5, '6h': 20 }, 2),
        at: 300,
      },
      {
        story: 'Both short windows burn a little too slowly: it is over.',
        step: 60,
        series: rates4({ '1d': 20, '2h': 2.5, '3d': 20, '6h': 0.5 }, 2),
        at: 300,
      },
      {
        story: 'Everything burns, and only one deployment went wrong.',
        step: 60,
        series: rates4({ '1d': 20, '2h': 20, '3d': 20, '6h': 20 }, 1),
        at: 300,
      },
    ],
  },
});

/** How fast it goes. */
export const burn: Family = {
  name: 'burn',
  title: 'Burn rates',
  alerts: [errorBudgetBurnFast, errorBudgetBurnSlow],
  source: import.meta.url,
};
