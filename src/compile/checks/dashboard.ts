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

export const dashboardWords: Check = {
  id: 'dashboard-words',
  severity: 'error',
  summary: 'Every dashboard has a title and a description.',
  why: 'It is found by them.',
  *run({ dashboards }) {
    for (const { dashboard, place, file } of dashboards) {
      const { title, description } = dashboard.definition;
      for (const [what, text] of Object.entries({ title, description }))
        if (text.trim() === '')
          yield { summary: `The dashboard has no ${what}.`, place, file, fix: `Give it a ${what}.` };
    }
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

export const dashboardSpan: Check = {
  id: 'dashboard-span',
  severity: 'error',
  summary: 'A dashboard opens on a time span that Grafana can read.',
  why: 'With any other it opens on none, and no panel has a number.',
  *run({ dashboards }) {
    for (const { dashboard, place, file } of dashboards)
      if (!/^now(-\d+[smhdwMy])?(\/[smhdwMy])?$/.test(dashboard.definition.from))
        yield {
          summary: `It opens from "${dashboard.definition.from}" on.`,
          place,
          file,
          fix: 'Write a time such as now-7d or now/M.',
        };
  },
};

export const rowEmpty: Check = {
  id: 'row-empty',
  severity: 'error',
  summary: 'Every row has a panel.',
  why: 'A heading with nothing below it looks like something that did not load.',
  *run({ rows }) {
    for (const { row, place, file } of rows)
      if (row.panels.length === 0)
        yield { summary: 'The row has no panel.', place, file, fix: 'Put one into it, or remove the row.' };
  },
};
