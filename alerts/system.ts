import { type Alert, alert, type Family, label, text, value } from '../src/alerts/index.ts';
import { metric } from '../src/metrics/index.ts';
import { askDoctor } from './diagnosis.ts';
import * as stories from './examples/system.ts';
import { evaluationsFailed, evaluationsMissed, ledgerSilent, undelivered } from './expressions/system.ts';

const heartbeat = 'deployment_observability:ledger_evaluated_timestamp_seconds:max';

const ledgerNotEvaluated = (): Alert =>
  alert({
    name: 'LedgerNotEvaluated',
    severity: 'high',
    about: 'system',
    expr: ledgerSilent(),
    for: '2m',
    forReason:
      'Facts of a deployment are written at every evaluation for two minutes: a shorter pause loses none.',
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
        askDoctor,
      ],
    },
    examples: stories.ledgerNotEvaluated,
  });

const evaluationRunbook = {
  impact: 'What the group records stands still: numbers on dashboards, budgets, or alerts.',
  diagnosis: [
    {
      question: 'When was each group evaluated last?',
      query: metric('prometheus_rule_group_last_evaluation_timestamp_seconds'),
    },
  ],
} as const;

const ruleEvaluationFailing = (): Alert =>
  alert({
    name: 'RuleEvaluationFailing',
    severity: 'high',
    about: 'system',
    expr: evaluationsFailed(),
    forReason: 'None: a rule that fails once fails again as soon as the same data comes.',
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
    examples: stories.ruleEvaluationFailing,
  });

const ruleEvaluationsMissed = (): Alert =>
  alert({
    name: 'RuleEvaluationsMissed',
    severity: 'medium',
    about: 'system',
    expr: evaluationsMissed(),
    for: '15m',
    forReason: 'Right after a start Prometheus may skip one; a quarter of an hour of it is overload.',
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
    examples: stories.ruleEvaluationsMissed,
  });

const alertDeliveryFailing = (): Alert =>
  alert({
    name: 'AlertDeliveryFailing',
    severity: 'high',
    about: 'system',
    expr: undelivered(),
    for: '5m',
    forReason:
      'Alertmanager restarts within a minute or two, and Prometheus sends again what it could not send.',
    summary: text`Prometheus cannot hand its alerts to Alertmanager`,
    description: text`The person on call is not paged. This alert may show on the dashboards only.`,
    runbook: {
      meaning: 'Prometheus could not send alerts for five minutes, or knows no Alertmanager at all.',
      impact: 'The person on call is not paged. The dashboards still show which alerts fire.',
      diagnosis: [
        {
          question: 'How many Alertmanagers does it know?',
          query: metric('prometheus_notifications_alertmanagers_discovered'),
        },
        { question: 'Which alerts fire now?', query: metric('ALERTS', { alertstate: 'firing' }) },
      ],
      mitigation: [
        'Look at the Alertmanager: is it running, was its configuration refused?',
        'Does Prometheus have its address? See `alerting` on its page "Configuration".',
        'Until it is fixed, watch the overview dashboard.',
      ],
    },
    examples: stories.alertDeliveryFailing,
  });

/** Whether what watches is itself alive. */
export const system = (): Family => ({
  name: 'system',
  title: 'Who watches',
  alerts: [ledgerNotEvaluated, ruleEvaluationFailing, ruleEvaluationsMissed, alertDeliveryFailing].map(
    (one) => one(),
  ),
  source: import.meta.url,
});
