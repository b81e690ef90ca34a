import type { Check, Found, Location, View } from './check.ts';

interface LinkHolder extends Location {
  readonly url: string;
  readonly uid: string;
}

interface WithUrl {
  readonly url?: string;
}

function linksOf({ panels }: View): LinkHolder[] {
  return panels.flatMap(({ panel, place, file, dashboard }) => {
    const defaults = (panel.fieldConfig?.defaults.links ?? []) as WithUrl[];
    const overrides = (panel.fieldConfig?.overrides ?? []).flatMap((o) =>
      o.properties.filter((p) => p.id === 'links').flatMap((p) => p.value as unknown as WithUrl[]),
    );
    return [...defaults, ...overrides, ...((panel.links ?? []) as WithUrl[])].map((link) => ({
      url: link.url ?? '',
      place,
      file,
      uid: dashboard.definition.uid,
    }));
  });
}

const dashboardPath = /^\/d\/(?<uid>[^/?]+)\/?[^?]*(?:\?(?<query>.*))?$/;

/** Names of variables that a link sets on the dashboard it opens. */
const setVariables = (query: string): string[] =>
  [...query.matchAll(/(?:^|&)var-(\w+)=/g)].map((m) => m[1] ?? '');

function targetProblem(view: View, url: string): string | undefined {
  const match = dashboardPath.exec(url);
  const target = view.bundle.dashboards.find((d) => d.definition.uid === match?.groups?.uid);
  if (!target)
    return `The link leads to dashboard "${match?.groups?.uid ?? url}", which this bundle does not have.`;
  const names = target.definition.variables.map((v) => v.model.name);
  const unknown = setVariables(match?.groups?.query ?? '').filter((name) => !names.includes(name));
  if (unknown.length === 0) return undefined;
  return `The link sets ${unknown.map((u) => `"${u}"`).join(', ')}, which dashboard "${target.definition.uid}" has no variable for.`;
}

export const linkTarget: Check = {
  id: 'link-target',
  severity: 'error',
  summary: 'Every link leads to something that exists and sets variables that it has.',
  why: 'A link is followed when something is on fire.',
  *run(view): Iterable<Found> {
    for (const { url, place, file } of linksOf(view)) {
      // Whole addresses, and those that come from data, are followed on the servers only.
      if (/^(https?:\/\/|\$\{)/.test(url)) continue;
      const summary = url.startsWith('/d/') ? targetProblem(view, url) : `The link "${url}" is no address.`;
      if (summary)
        yield {
          summary,
          place,
          file,
          fix: 'Use the functions of dashboards/links.ts, or write a whole https:// address.',
        };
    }
  },
};

export const linkVariable: Check = {
  id: 'link-variable',
  severity: 'error',
  summary: 'A link uses only variables that its own dashboard has.',
  why: 'Grafana leaves an unknown variable as it is, and the link opens nothing.',
  *run(view): Iterable<Found> {
    for (const { url, place, file, uid } of linksOf(view)) {
      const own = view.bundle.dashboards.find((d) => d.definition.uid === uid)?.definition.variables ?? [];
      const names = own.map((v) => v.model.name);
      for (const [, name = ''] of url.matchAll(/\$\{(\w+)(?=[}:.])/g))
        if (!name.startsWith('__') && !names.includes(name))
          yield {
            summary: `The link uses $${name}, which this dashboard does not declare.`,
            place,
            file,
            fix: 'Declare the variable or mend its name.',
          };
    }
  },
};
