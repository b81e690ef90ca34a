import { datasource } from '../../dashboards/index.ts';
import type { Check, LocatedDashboard } from './check.ts';
import { references } from './variable-text.ts';

const modelsOf = ({ dashboard }: LocatedDashboard) => dashboard.definition.variables.map((v) => v.model);

/** Names of variables that are used in texts, and to repeat rows and panels. */
function usedNames({ dashboard }: LocatedDashboard): Set<string> {
  const { panels, annotations, templating, links } = dashboard.json;
  const repeated = [...dashboard.definition.rows, ...dashboard.panels.map((p) => p.panel)];
  const text = JSON.stringify([panels, annotations, templating, links]);
  return new Set([...references(text).map((r) => r.name), ...repeated.flatMap((r) => r.repeat ?? [])]);
}

export const variableUnused: Check = {
  id: 'variable-unused',
  severity: 'error',
  summary: 'Every variable is used.',
  why: 'People turn it and wonder why nothing changes.',
  *run({ dashboards }) {
    for (const located of dashboards) {
      const used = usedNames(located);
      for (const { name } of modelsOf(located))
        if (!used.has(name))
          yield {
            summary: `Nothing uses the variable "${name}".`,
            place: [...located.place, 'variables', name],
            file: located.file,
            fix: 'Use it in a query, or remove it.',
          };
    }
  },
};

export const variableName: Check = {
  id: 'variable-name',
  severity: 'error',
  summary: 'A variable’s name is made of letters, digits and underscores, and is none of Grafana’s own.',
  why: 'Grafana does not fill in anything else.',
  *run({ dashboards }) {
    for (const located of dashboards)
      for (const { name } of modelsOf(located))
        if (!/^(?!__)[a-zA-Z_]\w*$/.test(name))
          yield {
            summary: `"${name}" is no name of a variable.`,
            place: [...located.place, 'variables', name],
            file: located.file,
            fix: 'Give it another name.',
          };
  },
};

export const datasourceVariable: Check = {
  id: 'datasource-variable',
  severity: 'error',
  summary: 'Every dashboard lets people choose the Prometheus that it asks.',
  why: 'Its queries ask the data source that this variable names.',
  *run({ dashboards }) {
    for (const located of dashboards) {
      const found = modelsOf(located).find((model) => `\${${model.name}}` === datasource.uid);
      if (found?.type === 'datasource') continue;
      yield {
        summary: `The dashboard has no data source variable ${datasource.uid}.`,
        place: located.place,
        file: located.file,
        fix: 'Add datasourceVariable of src/dashboards/variables.ts.',
      };
    }
  },
};

export const variableChoice: Check = {
  id: 'variable-choice',
  severity: 'error',
  summary: 'A variable with fixed choices opens on one of them.',
  why: 'Grafana opens on a value that no query has, and every panel is empty.',
  *run({ dashboards }) {
    for (const located of dashboards)
      for (const { name, type, options = [], current } of modelsOf(located)) {
        const values = options.map(({ value }) => String(value));
        const opens = String(current?.value ?? '');
        if (type === 'custom' && !values.includes(opens))
          yield {
            summary: `It opens on "${opens}", which is none of its choices.`,
            place: [...located.place, 'variables', name],
            file: located.file,
            fix: `Open on one of ${values.join(', ')}.`,
          };
      }
  },
};
