import { parseDuration } from '../../lib/duration.ts';
import type { AlertingRule } from '../../metrics/index.ts';
import { templateProblems, templateRules } from '../../promql/index.ts';
import type { Check } from './check.ts';
import { resultLabels } from './tree.ts';

const severities = ['critical', 'high', 'medium', 'info'];
const demanded = ['summary', 'description', 'runbook_url', 'dashboard_url'];

/** Every text of an alert that Prometheus expands. */
const templatesOf = ({ labels, annotations }: AlertingRule): [name: string, text: string][] => [
  ...Object.entries(labels),
  ...Object.entries(annotations),
];

export const alertTemplate: Check = {
  id: 'alert-template',
  severity: 'error',
  summary:
    'Labels and annotations are templates that Prometheus can execute, of labels that the expression leaves.',
  why: 'A broken template makes the whole rule file be refused; a missing label shows as nothing in the page.',
  rules: templateRules,
  *run(view) {
    for (const expression of view.expressions) {
      const { usage, place, file } = expression;
      if (usage.kind !== 'rule' || usage.rule.kind !== 'alert') continue;
      const labels = resultLabels(expression, view);
      for (const [name, text] of templatesOf(usage.rule))
        for (const { id, severity = 'error', message, fix, from, to } of templateProblems(text, labels))
          yield {
            id,
            severity,
            summary: message,
            place: [...place, name],
            file,
            fix,
            source: { text, from, to },
          };
    }
  },
};

export const alertWords: Check = {
  id: 'alert-words',
  severity: 'error',
  summary: `Every alert has a severity (${severities.join(', ')}) and the annotations ${demanded.join(', ')}.`,
  why: 'Who is woken has to learn what is wrong, where to look and what to do.',
  *run({ rules }) {
    for (const { rule, place, file } of rules) {
      if (rule.kind !== 'alert') continue;
      const severity = rule.labels.severity ?? '';
      if (!severities.includes(severity))
        yield {
          summary: `Its severity is "${severity}".`,
          place,
          file,
          fix: `Use one of ${severities.join(', ')}.`,
        };
      for (const name of demanded.filter((n) => !rule.annotations[n]?.trim()))
        yield { summary: `It has no annotation ${name}.`, place, file, fix: `Add ${name}.` };
    }
  },
};

export const ruleDuration: Check = {
  id: 'rule-duration',
  severity: 'error',
  summary: 'Holds are durations such as 2m or 1h30m.',
  why: 'Prometheus refuses the whole file for one that it cannot read.',
  *run({ rules }) {
    for (const { rule, place, file } of rules) {
      if (rule.kind !== 'alert') continue;
      const holds = { for: rule.for, keep_firing_for: rule.keepFiringFor };
      for (const [field, value] of Object.entries(holds))
        if (value !== undefined && parseDuration(value) === undefined)
          yield { summary: `${field} is "${value}".`, place, file, fix: 'Write a duration such as 2m.' };
    }
  },
};
