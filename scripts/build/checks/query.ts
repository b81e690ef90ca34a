import { datasource } from '../../../dashboards/lib/query.ts';
import { findMetric } from '../../../metrics/catalogue.ts';
import { parsePromql } from '../../../metrics/promql/parse.ts';
import { substitute } from '../../../metrics/promql/variables.ts';
import { labelsIn } from '../../../metrics/promql/vocabulary.ts';
import { findAll, metricOf, outputLabels } from '../../../metrics/promql/walk.ts';
import type { Check, LocatedExpression } from './check.ts';
import { vocabulary } from './vocabulary.ts';

const labelsOf = labelsIn(vocabulary);

/** The expression's tree with a sample for each variable, or undefined when it does not parse (another check says so). */
export function treeOf({ text, variables }: LocatedExpression) {
  const parsed = parsePromql(substitute(text, variables, 'sample').text);
  return parsed.ok ? parsed.ast : undefined;
}

/** Labels that the result can have; undefined when that cannot be known. */
export function resultLabels(expression: LocatedExpression): ReadonlySet<string> | undefined {
  const ast = treeOf(expression);
  return ast && outputLabels(ast, labelsOf);
}

export const queryDatasource: Check = {
  id: 'query-datasource',
  severity: 'error',
  summary: 'Every panel and query asks the data source variable.',
  why: 'A fixed data source exists in one Grafana and not in the next.',
  *run({ panels }) {
    for (const { panel, place, file } of panels) {
      if (panel.type === 'text') continue;
      const asked = [
        panel.datasource?.uid,
        ...((panel.targets ?? []) as { datasource?: { uid?: string } }[]).map((t) => t.datasource?.uid),
      ];
      const wrong = asked.find((uid) => uid !== datasource.uid);
      if (asked.every((uid) => uid === datasource.uid)) continue;
      yield {
        summary: `It asks the data source "${wrong ?? ''}".`,
        place,
        file,
        fix: `Ask ${datasource.uid}.`,
      };
    }
  },
};

export const queryReference: Check = {
  id: 'query-reference',
  severity: 'error',
  summary: 'Each query of a panel has a reference of its own.',
  why: 'Grafana sends one of them only.',
  *run({ panels }) {
    for (const { panel, place, file } of panels) {
      const references = (panel.targets ?? []).map((t) => (t as { refId?: string }).refId ?? '');
      for (const [index, reference] of references.entries())
        if (references.indexOf(reference) < index)
          yield {
            summary: `Two queries are called "${reference}".`,
            place,
            file,
            fix: 'Give one another refId.',
          };
    }
  },
};

/** Labels that a legend or an annotation's text asks for: `{{label}}`. */
const asked = (text: string): string[] => [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((m) => m[1] ?? '');

export const legendLabel: Check = {
  id: 'legend-label',
  severity: 'error',
  summary: 'Legends and annotations name only labels that the expression’s result has.',
  why: 'A label that was aggregated away is shown as nothing.',
  *run({ expressions }) {
    for (const expression of expressions) {
      const { usage, place, file } = expression;
      if (usage.kind !== 'panel' && usage.kind !== 'annotation') continue;
      const names = usage.kind === 'panel' ? asked(usage.legend) : usage.texts.flatMap(asked);
      const labels = names.length > 0 ? resultLabels(expression) : undefined;
      for (const name of new Set(names))
        if (labels && !labels.has(name))
          yield {
            summary: `"{{${name}}}" is no label of the result; it has ${[...labels].sort().join(', ') || 'none'}.`,
            place,
            file,
            fix: 'Name one of those, or keep the label in the expression.',
          };
    }
  },
};

const hour = 3_600_000;

export const panelLongWindow: Check = {
  id: 'panel-long-window',
  severity: 'error',
  summary: 'A panel asks a recorded series wherever a window is longer than an hour.',
  why: 'The dashboard refreshes every ten seconds for everybody who looks; a rule is evaluated once for all.',
  *run({ expressions }) {
    for (const expression of expressions) {
      const ast = expression.usage.kind === 'panel' ? treeOf(expression) : undefined;
      for (const matrix of ast ? findAll(ast, 'matrix') : []) {
        const name = metricOf(matrix.selector) ?? '';
        const one = matrix.selector.matchers.some(
          (m) => m.label === 'deployment_id' && (m.op === '=' || m.op === '=~'),
        );
        const recorded = findMetric(name)?.type === 'recorded' && !name.startsWith('deployment');
        if (matrix.range <= hour || recorded || one) continue;
        yield {
          summary: `It looks back ${matrix.range / hour} h over ${name}, which is not recorded for that.`,
          place: expression.place,
          file: expression.file,
          fix: 'Record it in a rule, or select one deployment_id.',
        };
      }
    }
  },
};
