import type { DashboardLink } from '@grafana/grafana-foundation-sdk/dashboard';
import type { BuiltDashboard } from '../../dashboards/index.ts';
import type { Check, Found, LocatedPanel, Location, View } from './check.ts';
import { unknownVariables, variableNames } from './variable-text.ts';

/** A link and where it stands. */
interface LocatedLink extends Location {
  readonly url: string;
  readonly dashboard: BuiltDashboard;
}

interface WithUrl {
  readonly url?: string;
}

function panelUrls({ panel }: LocatedPanel): WithUrl[] {
  const defaults = (panel.fieldConfig?.defaults.links ?? []) as WithUrl[];
  const overrides = (panel.fieldConfig?.overrides ?? []).flatMap((o) =>
    o.properties.filter((p) => p.id === 'links').flatMap((p) => p.value as unknown as WithUrl[]),
  );
  return [...defaults, ...overrides, ...((panel.links ?? []) as WithUrl[])];
}

const isAddress = (link: DashboardLink): boolean => link.type === 'link';

/** Every link of panels, columns and dashboards; links by tag find their targets by themselves. */
const linksOf = ({ panels, dashboards }: View): LocatedLink[] => [
  ...panels.flatMap((located) => panelUrls(located).map((link) => ({ ...located, url: link.url ?? '' }))),
  ...dashboards.flatMap((located) =>
    (located.dashboard.json.links ?? [])
      .filter(isAddress)
      .map((link) => ({ ...located, url: link.url ?? '' })),
  ),
];

const dashboardPath = /^\/d\/(?<uid>[^/?]+)\/?[^?]*(?:\?(?<query>.*))?$/;
/** Whole addresses, and those that come from data, are followed on the servers only. */
const leadsAway = /^(https?:\/\/|\$\{)/;

/** Names of variables that a link sets on the dashboard it opens. */
const setVariables = (query: string): string[] =>
  [...query.matchAll(/(?:^|&)var-(\w+)=/g)].map((m) => m[1] ?? '');

function targetProblem(url: string, dashboards: ReadonlyMap<string, BuiltDashboard>): string | undefined {
  if (leadsAway.test(url)) return undefined;
  if (!url.startsWith('/d/')) return `The link "${url}" is no address.`;
  const { uid, query } = dashboardPath.exec(url)?.groups ?? {};
  const target = dashboards.get(uid ?? '');
  if (!target) return `The link leads to dashboard "${uid ?? url}", which this bundle does not have.`;
  const names = variableNames(target);
  const unknown = setVariables(query ?? '').filter((name) => !names.has(name));
  if (unknown.length === 0) return undefined;
  const set = unknown.map((u) => `"${u}"`).join(', ');
  return `The link sets ${set}, which dashboard "${uid}" has no variable for.`;
}

export const linkTarget: Check = {
  id: 'link-target',
  severity: 'error',
  summary: 'Every link leads to something that exists and sets variables that it has.',
  why: 'A link is followed when something is on fire.',
  *run(view): Iterable<Found> {
    const byUid = new Map(view.dashboards.map(({ dashboard }) => [dashboard.definition.uid, dashboard]));
    for (const { url, place, file } of linksOf(view)) {
      const summary = targetProblem(url, byUid);
      const fix = 'Use the functions of src/dashboards/links.ts, or write a whole https:// address.';
      if (summary) yield { summary, place, file, fix, source: { text: url, from: 0, to: url.length } };
    }
  },
};

export const linkVariable: Check = {
  id: 'link-variable',
  severity: 'error',
  summary: 'A link uses only variables that its own dashboard has.',
  why: 'Grafana leaves an unknown variable as it is, and the link opens nothing.',
  *run(view): Iterable<Found> {
    for (const { url, place, file, dashboard } of linksOf(view))
      for (const { name, from, to } of unknownVariables(url, variableNames(dashboard)))
        yield {
          summary: `The link uses $${name}, which this dashboard does not declare.`,
          place,
          file,
          fix: 'Declare the variable or fix its name.',
          source: { text: url, from, to },
        };
  },
};
