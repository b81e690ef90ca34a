import { objectives } from '../slo/index.ts';
import { type Alert, alert, type Family, label, text, value } from '../src/alerts/index.ts';
import { metric, not } from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import {
  type BurnWindow,
  blamedWindow,
  burnWindows,
  causes,
  factorOf,
  leastBadDeployments,
} from '../src/slo/index.ts';
import * as stories from './examples/burn.ts';
import { burnRate } from './expressions/budget.ts';
import { offenders, thisSlo, whichOffenders } from './offenders.ts';

/** In which window the deployments lie that an alert names, in words. */
const blamed = { page: blamedWindow('page'), ticket: blamedWindow('ticket') } as const;

const fastBurn = offenders(causes.page);

const slowBurn = offenders(causes.ticket);

const diagnosis = (severity: BurnWindow['severity']) =>
  [
    {
      question: 'How fast does it burn, in each window?',
      query: metric('environment_slo:burn_rate:ratio', { ...thisSlo, window: not('') }),
    },
    {
      question: 'How many deployments went wrong, in each window?',
      query: metric('environment_slo:bad_deployments:count', { ...thisSlo, window: not('') }),
    },
    whichOffenders(
      `Which deployments of the last ${blamedWindow(severity)} did, and when did they finish?`,
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

const errorBudgetBurnFast = (pipeline: Pipeline): Alert =>
  alert({
    name: 'ErrorBudgetBurnFast',
    severity: 'critical',
    about: 'slo',
    expr: burnRate(objectives(pipeline), 'page'),
    forReason: 'None: both windows have to burn, and several deployments to have failed.',
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
        'When the cause is fixed, deploy one small change and watch it to its end.',
      ],
    },
    examples: stories.errorBudgetBurnFast(pipeline.targets),
  });

const errorBudgetBurnSlow = (pipeline: Pipeline): Alert =>
  alert({
    name: 'ErrorBudgetBurnSlow',
    severity: 'medium',
    about: 'slo',
    expr: burnRate(objectives(pipeline), 'ticket'),
    forReason: 'None: both windows have to burn, and several deployments to have failed.',
    summary: text`The error budget of ${label('slo')} in ${label('environment')} burns ${value(1)} times faster than allowed`,
    description: text`Now and then something goes wrong, in the last ${blamed.ticket} with ${slowBurn.names}, and it adds up: the month's budget will not last.`,
    deployments: slowBurn.links,
    inhibitedBy: ['ErrorBudgetBurnFast'],
    runbook: {
      meaning: meaning('ticket'),
      impact: 'No user is hit now. Before the month ends the budget is spent, and risky changes are frozen.',
      diagnosis: diagnosis('ticket'),
      mitigation: [
        'Look for what the failures share: a flaky test, a service that starts slowly, a provider that times out.',
        'Fix that before it is needed for something urgent.',
      ],
    },
    examples: stories.errorBudgetBurnSlow(pipeline.targets),
  });

/** How fast it goes. */
export const burn = (pipeline: Pipeline): Family => ({
  name: 'burn',
  title: 'Burn rates',
  alerts: [errorBudgetBurnFast, errorBudgetBurnSlow].map((one) => one(pipeline)),
  source: import.meta.url,
});
