import { type BuiltDashboard, datasource } from '../../dashboards/index.ts';
import type { Check } from './check.ts';
import { targetsOf } from './targets.ts';

export const panelQuery: Check = {
  id: 'panel-query',
  severity: 'error',
  summary: 'Every panel asks something, except texts.',
  why: 'It would always stay empty.',
  *run({ panels }) {
    for (const { panel, place, file } of panels)
      if (panel.type !== 'text' && targetsOf(panel).length === 0)
        yield { summary: 'The panel has no query.', place, file, fix: 'Give it one, or remove the panel.' };
  },
};

/** Context of a dashboard's queries; that it has the variable of all dashboards is a check of its own. */
const datasourcesOf = (dashboard: BuiltDashboard): string[] => [
  datasource.uid,
  ...dashboard.definition.variables.filter((v) => v.kind === 'datasource').map((v) => `\${${v.model.name}}`),
];

export const queryDatasource: Check = {
  id: 'query-datasource',
  severity: 'error',
  summary: 'Every panel and query asks a data source variable.',
  why: 'A fixed data source exists in one Grafana and not in the next.',
  *run({ panels }) {
    for (const { panel, place, file, dashboard } of panels) {
      if (panel.type === 'text') continue;
      const declared = datasourcesOf(dashboard);
      const asked = [panel.datasource?.uid, ...targetsOf(panel).map((t) => t.datasource?.uid)];
      const wrong = asked.filter((uid) => uid === undefined || !declared.includes(uid));
      if (wrong.length === 0) continue;
      yield {
        summary: `It asks the data source "${wrong[0] ?? ''}".`,
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
      const references = targetsOf(panel).map((t) => t.refId ?? '');
      for (const reference of repeated(references))
        yield {
          summary: `Two queries are called "${reference}".`,
          place,
          file,
          fix: 'Give one another refId.',
        };
    }
  },
};

export const legendUnique: Check = {
  id: 'legend-unique',
  severity: 'error',
  summary: 'Each query of a panel has a legend of its own.',
  why: 'The lines cannot be told apart.',
  *run({ panels }) {
    for (const { panel, place, file } of panels) {
      const legends = targetsOf(panel).map((t) => t.legendFormat ?? '__auto');
      for (const legend of repeated(legends.filter((l) => l !== '__auto')))
        yield {
          summary: `Two queries have the legend "${legend}".`,
          place,
          file,
          fix: 'Add a word that tells them apart.',
        };
    }
  },
};

/** Values that are there more than once; each said once. */
const repeated = (values: readonly string[]): Set<string> =>
  new Set(values.filter((value, index) => values.indexOf(value) < index));
