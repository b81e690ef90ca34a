import { canonicalJson } from '../../lib/canonical.ts';
import type { Check, Found, Location, View } from './check.ts';

/** Something with a name. */
interface Named extends Location {
  readonly key: string;
  /** The part that must be unique. */
  readonly shown: string;
  /** Where the name has to be unique; everywhere, without it. */
  readonly within?: object;
}

/** A check that no two things have the same name. */
const unique = (
  id: string,
  summary: string,
  why: string,
  things: (view: View) => Iterable<Named>,
  fix: string,
): Check => ({
  id,
  severity: 'error',
  summary,
  why,
  *run(view): Iterable<Found> {
    const scopes = new Map<object | undefined, Map<string, Location>>();
    for (const { within, key, shown, place, file } of things(view)) {
      const first = scopes.get(within) ?? new Map<string, Location>();
      scopes.set(within, first);
      const other = first.get(key);
      if (other)
        yield {
          summary: `${shown} is also that of ${other.place.join(' › ')} (${other.file}).`,
          place,
          file,
          fix,
        };
      else first.set(key, { place, file });
    }
  },
});

export const dashboardUidUnique: Check = unique(
  'dashboard-uid-unique',
  'Each dashboard has a uid of its own.',
  'The second one would replace the first one in Grafana.',
  ({ dashboards }) =>
    dashboards.map((d) => ({
      ...d,
      key: d.dashboard.definition.uid,
      shown: `Its uid "${d.dashboard.definition.uid}"`,
    })),
  'Give one of them another uid.',
);

export const dashboardTitleUnique: Check = unique(
  'dashboard-title-unique',
  'Each dashboard has a title of its own.',
  'Two dashboards of one title cannot be told apart in a list.',
  ({ dashboards }) =>
    dashboards.map((d) => ({
      ...d,
      key: d.dashboard.definition.title,
      shown: `Its title "${d.dashboard.definition.title}"`,
    })),
  'Give one of them another title.',
);

export const panelIdUnique: Check = unique(
  'panel-id-unique',
  'Each panel of a dashboard has an id of its own.',
  'Links to a panel and annotations on it would hit the wrong one.',
  ({ panels }) =>
    panels.map((p) => ({
      ...p,
      within: p.dashboard,
      key: String(p.panel.id),
      shown: `Its id ${p.panel.id}`,
    })),
  'Ids come from row and title: change one title.',
);

export const panelTitleUnique: Check = unique(
  'panel-title-unique',
  'Each panel of a dashboard has a title of its own.',
  'Two panels of one name are taken for each other.',
  ({ panels }) =>
    panels.map((p) => ({
      ...p,
      within: p.dashboard,
      key: p.panel.title || `${p.panel.id}`,
      shown: `Its title "${p.panel.title}"`,
    })),
  'Give one of them another title.',
);

export const rowTitleUnique: Check = unique(
  'row-title-unique',
  'Each row of a dashboard has a title of its own.',
  'The ids of its panels come from it, and two rows of one name cannot be told apart.',
  ({ rows }) =>
    rows.map((r) => ({
      ...r,
      within: r.dashboard,
      key: r.row.title,
      shown: `Its title "${r.row.title}"`,
    })),
  'Give one of them another title.',
);

export const variableUnique: Check = unique(
  'variable-unique',
  'Each variable of a dashboard has a name of its own.',
  'Grafana keeps one of them and drops the other.',
  ({ dashboards }) =>
    dashboards.flatMap(({ dashboard, place, file }) =>
      dashboard.definition.variables.map(({ model: { name } }) => ({
        place: [...place, 'variables', name],
        file,
        within: dashboard,
        key: name,
        shown: `Its name "${name}"`,
      })),
    ),
  'Give one of them another name.',
);

export const annotationUnique: Check = unique(
  'annotation-unique',
  'Each annotation of a dashboard has a name of its own.',
  'Its switch at the top of the dashboard could be that of the other.',
  ({ dashboards }) =>
    dashboards.flatMap(({ dashboard, place, file }) =>
      dashboard.definition.annotations.map(({ name }) => ({
        place: [...place, 'annotations', name],
        file,
        within: dashboard,
        key: name,
        shown: `Its name "${name}"`,
      })),
    ),
  'Give one of them another name.',
);

export const groupNameUnique: Check = unique(
  'group-name-unique',
  'Each rule group has a name of its own.',
  'Prometheus keeps the state of alerts by it, and refuses two of one name in a file.',
  ({ groups }) => groups.map((g) => ({ ...g, key: g.group.name, shown: `The name "${g.group.name}"` })),
  'Give one of them another name.',
);

export const ruleUnique: Check = unique(
  'rule-unique',
  'No two rules write the same series or raise the same alert.',
  'Their samples collide, or one event makes two notifications.',
  ({ rules }) =>
    rules.map((r) => ({
      ...r,
      key: r.rule.kind === 'record' ? `${r.rule.record}${canonicalJson(r.rule.labels)}` : r.rule.alert,
      shown: r.rule.kind === 'record' ? `What it records, with the same labels,` : `The alert's name`,
    })),
  'Remove one, or tell them apart by a label (an alert: by its name).',
);
