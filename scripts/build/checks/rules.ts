import { allows, findMetric } from '../../../metrics/catalogue.ts';
import { metricOf, selectors } from '../../../metrics/promql/walk.ts';
import { recordedMetrics } from '../../../metrics/recorded.ts';
import type { Check } from './check.ts';
import { resultLabels, treeOf } from './query.ts';

const recordName = /^[a-z][a-z0-9_]*:[a-z][a-z0-9_]*:[a-z0-9_]+$/;

export const ruleName: Check = {
  id: 'rule-name',
  severity: 'error',
  summary: 'Recorded series are named level:metric:operation, alerts in CamelCase.',
  why: 'The name says by which labels it is, of what, and how it was computed.',
  *run({ rules }) {
    for (const { rule, place, file } of rules) {
      const good =
        rule.kind === 'record' ? recordName.test(rule.record) : /^[A-Z][A-Za-z0-9]*$/.test(rule.alert);
      if (good) continue;
      const form = rule.kind === 'record' ? 'level:metric:operation' : 'CamelCase';
      yield {
        summary: `"${rule.kind === 'record' ? rule.record : rule.alert}" is not ${form}.`,
        place,
        file,
        fix: 'Rename it.',
      };
    }
  },
};

export const recordDeclared: Check = {
  id: 'record-declared',
  severity: 'error',
  summary: 'Every recorded series is in the catalogue, with the labels that its rule gives it.',
  why: 'Nothing could select it, or would select it by a label that it does not have.',
  *run({ expressions }) {
    for (const expression of expressions) {
      const { usage, place, file } = expression;
      if (usage.kind !== 'rule' || usage.rule.kind !== 'record') continue;
      const declared = findMetric(usage.rule.record);
      if (!declared) {
        yield {
          summary: `The catalogue has no "${usage.rule.record}".`,
          place,
          file,
          fix: 'Declare it in metrics/recorded.ts.',
        };
        continue;
      }
      const written = new Set([...(resultLabels(expression) ?? []), ...Object.keys(usage.rule.labels)]);
      // Recording gives the result a name of its own.
      written.delete('__name__');
      const extra = [...written].filter((label) => !(label in declared.labels)).sort();
      if (extra.length > 0)
        yield {
          summary: `It writes ${extra.join(', ')}, which the catalogue does not give to ${usage.rule.record}.`,
          place,
          file,
          fix: 'Aggregate the labels away, or declare them in metrics/recorded.ts.',
        };
      for (const [label, value] of Object.entries(usage.rule.labels))
        if (declared.labels[label] && !allows(declared.labels[label], value))
          yield {
            summary: `The catalogue does not allow ${label}="${value}".`,
            place,
            file,
            fix: 'Use one of its values.',
          };
    }
  },
};

export const recordWritten: Check = {
  id: 'record-written',
  severity: 'error',
  summary: 'Every recorded series of the catalogue has a rule that writes it.',
  why: 'A panel that reads it would be empty for ever.',
  *run({ rules }) {
    const written = new Set<string>(
      rules.flatMap(({ rule }) => (rule.kind === 'record' ? [rule.record] : [])),
    );
    // The version is written by the build itself, when all the rest is known.
    written.add('deployment_observability:bundle:info');
    for (const name of Object.keys(recordedMetrics))
      if (!written.has(name))
        yield {
          summary: `No rule writes "${name}".`,
          place: ['catalogue', name],
          file: 'metrics/recorded.ts',
          fix: 'Write a rule for it, or remove it.',
        };
  },
};

export const ruleOrder: Check = {
  id: 'rule-order',
  severity: 'error',
  summary: 'A rule reads only series that rules before it in its group write.',
  why: 'It would see the value of the evaluation before, or none at the first.',
  *run({ expressions }) {
    for (const expression of expressions) {
      const { usage, place, file } = expression;
      if (usage.kind !== 'rule') continue;
      const { rules } = usage.group;
      const index = rules.indexOf(usage.rule);
      const later = new Set<string>(
        rules.slice(index).flatMap((r) => (r.kind === 'record' ? [r.record] : [])),
      );
      for (const r of rules.slice(0, index)) if (r.kind === 'record') later.delete(r.record);
      const ast = treeOf(expression);
      for (const name of new Set((ast ? selectors(ast) : []).map((s) => metricOf(s) ?? '')))
        if (later.has(name))
          yield {
            summary: `It reads ${name}, which is written after it (or by itself).`,
            place,
            file,
            fix: 'Move it behind the rule that writes it.',
          };
    }
  },
};

/** Prometheus forgets an instant value after five minutes. */
const lookback = 300;

export const groupInterval: Check = {
  id: 'group-interval',
  severity: 'error',
  summary: 'A rule group is evaluated at least every four minutes.',
  why: 'Prometheus looks back five minutes: what is written more seldom has gaps.',
  *run({ bundle }) {
    for (const [name, groups] of Object.entries(bundle.ruleFiles))
      for (const group of groups)
        if (!(group.interval > 0 && group.interval <= lookback - 60))
          yield {
            summary: `It is evaluated every ${group.interval} s.`,
            place: [`${name}.yml`, group.name],
            file: group.source.replace(/^file:\/\//, ''),
            fix: 'Choose an interval of 1 to 240 s.',
          };
  },
};
