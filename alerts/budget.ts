import { objectives } from '../slo/index.ts';
import { type Alert, alert, type Family, label, text, value } from '../src/alerts/index.ts';
import { percentText, sentence, spoken, spokenCount } from '../src/lib/spoken.ts';
import { metric, oneOf } from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import * as stories from './examples/budget.ts';
import { agreementBroken, budgetExhausted, budgetHalfSpent, escalating } from './expressions/budget.ts';
import { offenders, spenders, thisSlo, whichOffenders, whichSpenders } from './offenders.ts';

/** The share of the budget at which the alert is sent, in words. */
const half = ({ targets }: Pipeline): string =>
  targets.budget.half === 0.5 ? 'half' : percentText(1 - targets.budget.half);

const breaching = offenders('sla_breach');

const escalated = offenders('escalation');

const errorBudgetHalfSpent = (pipeline: Pipeline): Alert =>
  alert({
    name: 'ErrorBudgetHalfSpent',
    severity: 'medium',
    about: 'slo',
    expr: budgetHalfSpent(objectives(pipeline), pipeline.targets.budget.half),
    forReason: 'None: what is spent is spent.',
    summary: text`${sentence(half(pipeline))} of this month's error budget of ${label('environment')} is spent`,
    description: text`Left: ${value('percent')}. Spent by ${spenders.names}.`,
    deployments: spenders.links,
    inhibitedBy: ['ErrorBudgetExhausted'],
    runbook: {
      meaning: `${sentence(half(pipeline))} of the error budget of the calendar month is spent. It ends when more deployments earn more budget, or when the next month begins.`,
      impact: 'One more failure may freeze risky changes for the rest of the month.',
      diagnosis: [whichSpenders],
      mitigation: [
        'Read why those deployments failed, and fix the cause that they share.',
        'Until the end of the month, look twice at migrations and at changes that cannot be rolled back.',
      ],
    },
    examples: stories.errorBudgetHalfSpent,
  });

const errorBudgetExhausted = (pipeline: Pipeline): Alert =>
  alert({
    name: 'ErrorBudgetExhausted',
    severity: 'high',
    about: 'slo',
    expr: budgetExhausted(objectives(pipeline)),
    forReason: 'None: what is spent is spent.',
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
    examples: stories.errorBudgetExhausted,
  });

const timeToDeployEscalation = (pipeline: Pipeline): Alert => {
  const limits = pipeline.targets.timeToDeploy;
  return alert({
    name: 'TimeToDeployEscalation',
    severity: 'high',
    about: 'slo',
    expr: escalating(objectives(pipeline)),
    forReason: `None: ${spokenCount(limits.escalationDeployments)} in a week is the hold (design document, SLO 2).`,
    summary: text`${value(0)} deployments to ${label('environment')} took more than ${spoken(limits.escalationSeconds)} in the last seven days`,
    description: text`They are ${escalated.names}; the error budget of time to deploy allows ${spokenCount(limits.escalationDeployments - 1)}. The owner of the pipeline decides what has to give.`,
    deployments: escalated.links,
    runbook: {
      meaning: `${sentence(spokenCount(limits.escalationDeployments))} or more successful deployments of the last seven days took more than ${spoken(limits.escalationSeconds)}.`,
      impact: 'A fix that is urgent takes far longer than promised.',
      diagnosis: [
        whichOffenders(
          `Which deployments of the last seven days took more than ${spoken(limits.escalationSeconds)}, and when did they finish?`,
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
        'Bring these deployments to the next planning, with the stage that took the time.',
        'Until then, deploy urgent changes by themselves and not in a batch.',
      ],
    },
    examples: stories.timeToDeployEscalation(pipeline.targets),
  });
};

const slaBreached = ({ targets }: Pipeline): Alert =>
  alert({
    name: 'SlaBreached',
    severity: 'high',
    about: 'slo',
    expr: agreementBroken(),
    forReason: 'None: what has happened this month has happened.',
    summary: text`The SLA of ${label('slo')} is breached in ${label('environment')} this month so far`,
    description: text`More than it allows went wrong: ${breaching.names}. Good deployments in the rest of the month may still make up for it.`,
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
        whichOffenders('Which deployments of this month broke it, and when did they finish?', 'sla_breach'),
      ],
      mitigation: [
        'Tell the owner of the contract, now and not at the end of the month.',
        'Treat it as an exhausted error budget: only hotfixes.',
      ],
    },
    examples: stories.slaBreached(targets),
  });

/** Alerts about the error budget. */
export const budget = (pipeline: Pipeline): Family => ({
  name: 'budget',
  title: 'Error budgets and promises',
  alerts: [errorBudgetHalfSpent, errorBudgetExhausted, timeToDeployEscalation, slaBreached].map((one) =>
    one(pipeline),
  ),
  source: import.meta.url,
});
