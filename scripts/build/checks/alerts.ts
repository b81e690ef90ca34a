import { templateProblems } from '../../../metrics/promql/template.ts';
import type { Check } from './check.ts';
import { resultLabels } from './query.ts';

const severities = ['critical', 'high', 'medium', 'info'];
const demanded = ['summary', 'description', 'runbook_url', 'dashboard_url'];
const durations = /^\d+(ms|s|m|h|d|w|y)(\d+(ms|s|m|h|d|w|y))*$/;

export const alertTemplate: Check = {
  id: 'alert-template',
  severity: 'error',
  summary: 'Annotations are templates that Prometheus can execute, of labels that the alert has.',
  why: 'A broken template makes the whole rule file be refused; a missing label shows as nothing in the page.',
  *run({ expressions }) {
    for (const expression of expressions) {
      const { usage, place, file } = expression;
      if (usage.kind !== 'rule' || usage.rule.kind !== 'alert') continue;
      const own = resultLabels(expression);
      const labels = own && new Set([...own, ...Object.keys(usage.rule.labels), 'alertname']);
      for (const [name, text] of Object.entries(usage.rule.annotations))
        for (const problem of templateProblems(text, labels))
          yield {
            id: problem.id,
            summary: problem.message,
            place: [...place, name],
            file,
            fix: problem.fix,
            source: { text, from: problem.from, to: problem.to },
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
      for (const name of demanded.filter((n) => !rule.annotations[n]))
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
      for (const [field, value] of [
        ['for', rule.for],
        ['keep_firing_for', rule.keepFiringFor],
      ] as const)
        if (value !== undefined && !durations.test(value))
          yield { summary: `${field} is "${value}".`, place, file, fix: 'Write a duration such as 2m.' };
    }
  },
};
