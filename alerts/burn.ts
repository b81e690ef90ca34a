import { metric, oneOf } from '../metrics/expression.ts';
import { deployment, failedStage } from '../scripts/simulator/builders.ts';
import { burnWindows, factorOf, leastBadDeployments } from '../slo/objectives/burn.ts';
import { type Alert, alert, type Family } from './alert.ts';
import { burnRate } from './expressions/budget.ts';
import { label, text, value } from './text.ts';

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
    question: 'Which ones?',
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

const errorBudgetBurnFast: Alert = alert({
  name: 'ErrorBudgetBurnFast',
  severity: 'critical',
  about: 'slo',
  expr: burnRate('page'),
  hold: 'None: both windows have to burn, and several deployments to have failed.',
  summary: text`The error budget of ${label('slo')} in ${label('environment')} burns ${value(1)} times faster than allowed`,
  description: text`One deployment after the other fails. At this rate a month's budget is gone within hours.`,
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
              "One deployment after the other fails. At this rate a month's budget is gone within hours.",
          },
        ],
      },
    ],
    silent: [
      {
        story: 'One of two deployments fails: fifty times faster than allowed, and only one event.',
        deployments: [ended('1001', 600, true), ended('1002', 900, false)],
        at: 1200,
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
    ],
    silent: [
      {
        story: 'One of the twenty-four fails.',
        deployments: leaking([22]),
        at: 24 * 1200,
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
