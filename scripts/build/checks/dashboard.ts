import type { Check } from './check.ts';

export const dashboardUid: Check = {
  id: 'dashboard-uid',
  severity: 'error',
  summary: 'A dashboard’s uid has at most 40 of the characters a-z, A-Z, 0-9, _ and -.',
  why: 'Grafana refuses anything else.',
  *run({ dashboards }) {
    for (const { dashboard, place, file } of dashboards)
      if (!/^[a-zA-Z0-9_-]{1,40}$/.test(dashboard.definition.uid))
        yield {
          summary: `Grafana does not take the uid "${dashboard.definition.uid}".`,
          place,
          file,
          fix: 'Use at most 40 letters, digits, underscores and hyphens.',
        };
  },
};

export const dashboardRefresh: Check = {
  id: 'dashboard-refresh',
  severity: 'error',
  summary: 'A dashboard refreshes every five seconds at the most.',
  why: 'Grafana refuses to save a dashboard that refreshes faster than its server allows.',
  *run({ dashboards }) {
    for (const { dashboard, place, file } of dashboards) {
      const { refresh } = dashboard.definition;
      const match = /^(\d+)(s|m|h|d)$/.exec(refresh);
      if (refresh === '' || (match && !(match[2] === 's' && Number(match[1]) < 5))) continue;
      yield {
        summary: `Grafana does not take the refresh interval "${refresh}".`,
        place,
        file,
        fix: 'Write 5s or more, or "".',
      };
    }
  },
};

/** References of the dashboard's JSON to a variable, apart from the variable's own definition. */
const uses = (json: unknown, name: string): boolean => {
  const text = JSON.stringify(json);
  return new RegExp(`\\$${name}\\b|\\$\\{${name}[}:.]`).test(text);
};

export const variableUnused: Check = {
  id: 'variable-unused',
  severity: 'error',
  summary: 'Every variable is used.',
  why: 'People turn it and wonder why nothing changes.',
  *run({ dashboards }) {
    for (const { dashboard, place, file } of dashboards)
      for (const { model } of dashboard.definition.variables) {
        const others = (dashboard.json.templating.list ?? []).filter((v) => v.name !== model.name);
        const rest = { panels: dashboard.json.panels, annotations: dashboard.json.annotations, others };
        if (uses(rest, model.name)) continue;
        yield {
          summary: `Nothing uses the variable "${model.name}".`,
          place: [...place, 'variables', model.name],
          file,
          fix: 'Use it in a query, or remove it.',
        };
      }
  },
};

export const variableUnique: Check = {
  id: 'variable-unique',
  severity: 'error',
  summary: 'Each variable of a dashboard has a name of its own, of letters, digits and underscores.',
  why: 'Grafana keeps one of them and drops the other.',
  *run({ dashboards }) {
    for (const { dashboard, place, file } of dashboards) {
      const names = dashboard.definition.variables.map((v) => v.model.name);
      for (const [index, name] of names.entries()) {
        const twice = names.indexOf(name) < index;
        if (!twice && /^\w+$/.test(name)) continue;
        yield {
          summary: twice
            ? `The variable "${name}" is declared twice.`
            : `"${name}" is no name of a variable.`,
          place: [...place, 'variables', name],
          file,
          fix: 'Give it another name.',
        };
      }
    }
  },
};
