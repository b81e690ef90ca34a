import { metric } from '../metrics/expression.ts';
import type { SloWindow } from '../metrics/recorded-slo.ts';
import { deployment, failedStage } from '../scripts/simulator/builders.ts';
import { type BurnWindow, burnWindows, factorOf, leastBadDeployments } from '../slo/objectives/burn.ts';
import { blamedWindow, causes } from '../slo/objectives/culprits.ts';
import { type Alert, alert, type Family } from './alert.ts';
import { culprits, thisSlo, whichCulprits } from './culprits.ts';
import { constantly, series } from './example.ts';
import { burnRate } from './expressions/budget.ts';
import { label, Text, text, value } from './text.ts';

/** In which window the deployments lie that an alert names, in words. */
const blamed = { page: new Text(blamedWindow('page')), ticket: new Text(blamedWindow('ticket')) } as const;
const fastBurn = culprits(causes.page);
const slowBurn = culprits(causes.ticket);

const diagnosis = (severity: BurnWindow['severity']) =>
  [
    {
      question: 'How fast does it burn, in each window?',
      query: metric('environment_slo:burn_rate:ratio', thisSlo),
    },
    {
      question: 'How many deployments went wrong, in each window?',
      query: metric('environment_slo:bad_deployments:count', thisSlo),
    },
    whichCulprits(
      `Which deployments of the last ${blamedWindow(severity)} did, and when were they pushed?`,
      causes[severity],
    ),
    {
      question: 'Which deployments of this month spent it?',
      query: metric('spending_deployment_slo:error_budget_spent:sum', thisSlo),
    },
  ] as const;

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

const named = (bad: number): string[] => Array.from({ length: bad }, (_, i) => `100${i + 1}`);
/** What the ledger says of so many bad deployments. */
const blaming = (bad: number) =>
  named(bad).flatMap((deployment_id, i) =>
    Object.values(causes).map((cause) =>
      series(
        'culprit_deployment_slo:triggered_timestamp_seconds:min',
        { environment: 'production', deployment_id, slo: 'deployment-reliability', cause },
        constantly(60 * i, 10),
      ),
    ),
  );

/** Burn rates by window, and how many deployments went wrong in each long window. */
const rates4 = (rates: Partial<Record<SloWindow, number>>, bad: number) => {
  const slo = { environment: 'production', slo: 'deployment-reliability' } as const;
  return Object.entries(rates)
    .flatMap(([window, rate]) => [
      series(
        'environment_slo:burn_rate:ratio',
        { ...slo, window: window as SloWindow },
        constantly(rate, 10),
      ),
      series(
        'environment_slo:bad_deployments:count',
        { ...slo, window: window as SloWindow },
        constantly(bad, 10),
      ),
    ])
    .concat(blaming(bad));
};
const burns = (rate: string, description: string, bad: number) => ({
  labels: { environment: 'production', slo: 'deployment-reliability' },
  summary: `The error budget of deployment-reliability in production burns ${rate} times faster than allowed`,
  description,
  deployments: named(bad),
});
const fast =
  "One deployment after the other fails; in the last 6h: 1001, 1002, 1003. At this rate a month's budget is gone within hours.";
const slow =
  "Now and then something goes wrong, in the last 3d with 1001, 1002, and it adds up: the month's budget will not last.";

const errorBudgetBurnFast: Alert = alert({
  name: 'ErrorBudgetBurnFast',
  severity: 'critical',
  about: 'slo',
  expr: burnRate('page'),
  hold: 'None: both windows have to burn, and several deployments to have failed.',
  summary: text`The error budget of ${label('slo')} in ${label('environment')} burns ${value(1)} times faster than allowed`,
  description: text`One deployment after the other fails; in the last ${blamed.page}: ${fastBurn.names}. At this rate a month's budget is gone within hours.`,
  deployments: fastBurn.links,
  runbook: {
    meaning: meaning('page'),
    impact: 'Nothing can be shipped, also no fix. Users may be hit, depending on what is live.',
    diagnosis: diagnosis('page'),
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
              "One deployment after the other fails; in the last 6h: 1001, 1002, 1003, 1004, 1005. At this rate a month's budget is gone within hours.",
            deployments: ['1001', '1002', '1003', '1004', '1005'],
          },
        ],
      },

      {
        story: 'Over one hour a little faster than 14.4 times.',
        series: rates4({ '1h': 15, '15m': 15, '6h': 5.5, '30m': 5.5 }, 3),
        at: 300,
        notifications: [burns('15.0', fast, 3)],
      },
      {
        story: 'Over six hours a little faster than six times.',
        series: rates4({ '1h': 7, '15m': 7, '6h': 7, '30m': 7 }, 3),
        at: 300,
        notifications: [burns('7.0', fast, 3)],
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
  Array.from({ length: 24 }, (_, i) => ended(String(100 + i), 1200 * i + 600, !failing.includes(i)));

const errorBudgetBurnSlow: Alert = alert({
  name: 'ErrorBudgetBurnSlow',
  severity: 'medium',
  about: 'slo',
  expr: burnRate('ticket'),
  hold: 'None: both windows have to burn, and several deployments to have failed.',
  summary: text`The error budget of ${label('slo')} in ${label('environment')} burns ${value(1)} times faster than allowed`,
  description: text`Now and then something goes wrong, in the last ${blamed.ticket} with ${slowBurn.names}, and it adds up: the month's budget will not last.`,
  deployments: slowBurn.links,
  silencedBy: ['ErrorBudgetBurnFast'],
  runbook: {
    meaning: meaning('ticket'),
    impact: 'Nobody is hit now. Before the month ends the budget is spent, and risky changes are frozen.',
    diagnosis: diagnosis('ticket'),
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
              "Now and then something goes wrong, in the last 3d with 103, 122, and it adds up: the month's budget will not last.",
            deployments: ['103', '122'],
          },
        ],
      },

      {
        story: 'Over a day a little faster than three times.',
        step: 60,
        series: rates4({ '1d': 3.5, '2h': 3.5, '3d': 0.5, '6h': 0.5 }, 2),
        at: 300,
        notifications: [burns('3.5', slow, 2)],
      },
      {
        story: 'Over three days a little faster than allowed.',
        step: 60,
        series: rates4({ '1d': 1.5, '2h': 1.5, '3d': 1.5, '6h': 1.5 }, 2),
        at: 300,
        notifications: [burns('1.5', slow, 2)],
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
