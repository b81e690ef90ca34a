import type { Dashboard, DashboardLink } from '@grafana/grafana-foundation-sdk/dashboard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleTag } from '../../src/dashboards/dashboard.ts';
import { uids } from '../../src/dashboards/links.ts';
import type { Prometheus } from '../../src/lib/prometheus.ts';
import { choicesOf } from '../../src/panels/dashboard-queries.ts';
import { deployment, history as historyOf } from '../../src/simulator/builders.ts';
import { dashboards, ruleFiles } from '../relay.ts';
import { type PastSystem, startPast } from './past.ts';

/** Choices on a dashboard: one value or several of each variable. */
type Chosen = Readonly<Record<string, string | readonly string[]>>;

const bundle = dashboards().map(({ json }) => json);
const dashboardOf = (uid: string): Dashboard => bundle.find((d) => d.uid === uid)!;
const variablesOf = (dashboard: Dashboard) => dashboard.templating!.list!;

/** "All" stands in an address as this. */
const all = '$__all';
const several = (value: string | readonly string[]): string[] => [value].flat();

/** The parameters that Grafana gives all variables: one for each value; what is never in an address is left out. */
const parametersOf = (dashboard: Dashboard, chosen: Chosen): [string, string][] =>
  variablesOf(dashboard)
    .filter((v) => !v.skipUrlSync)
    .flatMap(({ name }) =>
      several(chosen[name] ?? []).map((value): [string, string] => [`var-${name}`, value]),
    );

/** The address that one of a dashboard's links opens, as Grafana writes it. */
function addressOf(from: Dashboard, link: DashboardLink, target: string, chosen: Chosen): URL {
  const filled = (link.url || `/d/${target}`).replaceAll(
    /\$\{(\w+)(?::(queryparam))?\}/g,
    (_, name: string, format?: string) => {
      const values = several(chosen[name] ?? '');
      if (format === 'queryparam')
        return values.map((value) => `var-${name}=${encodeURIComponent(value)}`).join('&');
      return values.length === 1 ? values[0]! : `{${values.join(',')}}`;
    },
  );
  const url = new URL(filled, 'https://grafana.example');
  if (link.keepTime)
    for (const [key, value] of [
      ['from', 'now-3d'],
      ['to', 'now-1d'],
    ] as const)
      url.searchParams.set(key, value);
  if (link.includeVars)
    for (const [key, value] of parametersOf(from, chosen)) url.searchParams.append(key, value);
  return url;
}

/** Every link of a dashboard to another one of the bundle, and where it leads. */
const opened = (from: Dashboard, chosen: Chosen): Map<string, URL> =>
  new Map(
    (from.links ?? []).flatMap((link) => {
      const targets =
        link.type === 'dashboards'
          ? bundle
              .filter((d) => d !== from && link.tags!.every((tag) => d.tags!.includes(tag)))
              .map((d) => d.uid!)
          : [/^\/d\/([^?/]+)/.exec(link.url!)![1]!];
      return targets.map((target): [string, URL] => [target, addressOf(from, link, target, chosen)]);
    }),
  );

/** Parts of an address that a dashboard cannot take. */
const refused = (target: Dashboard, { searchParams }: URL): string[] =>
  variablesOf(target).flatMap((v) => {
    const values = searchParams.getAll(`var-${v.name}`);
    const tooMany =
      values.length > 1 && !v.multi ? [`${v.name} takes one value, and not ${values.join(' and ')}`] : [];
    const notAll = values.includes(all) && !v.includeAll ? [`${v.name} has no "All"`] : [];
    const empty =
      searchParams.has(`var-${v.name}`) && values.every((value) => value === '')
        ? [`${v.name} is empty`]
        : [];
    return [...tooMany, ...notAll, ...empty];
  });

const choices: Readonly<Record<string, string | readonly string[]>> = {
  one: 'staging',
  several: ['production', 'staging'],
  all,
};

describe.each(bundle.map((d) => [d.uid!, d] as const))('the links of %s', (_, from) => {
  const alone = variablesOf(from).find(({ name }) => name === 'environment')!.multi !== true;
  const selections = Object.entries(choices).filter(([name]) => name === 'one' || !alone);

  it.each(selections)('open the others on what they can show, with %s', (_, environment) => {
    const chosen = {
      datasource: 'prom',
      environment,
      newest_environment: 'staging',
      service: alone ? 'api' : all,
      window: '7d',
      slo: all,
      stage: ['build', 'deploy'],
    };
    const found = opened(from, chosen);
    expect([...found.keys()].sort()).toEqual(
      Object.values(uids)
        .filter((uid) => uid !== from.uid)
        .sort(),
    );
    for (const [uid, url] of found) {
      expect(refused(dashboardOf(uid), url), uid).toEqual([]);
      expect(Object.fromEntries(url.searchParams), uid).toMatchObject({
        from: 'now-3d',
        to: 'now-1d',
        'var-datasource': 'prom',
      });
      const environments = url.searchParams.getAll('var-environment');
      expect(environments, uid).toEqual(uid === uids.troubleshooting ? ['staging'] : several(environment));
    }
  });
});

it('carries the services from the history of stages to the troubleshooting dashboard', () => {
  const chosen = {
    datasource: 'prom',
    environment: all,
    newest_environment: 'production',
    service: ['api', 'web'],
  };
  const url = opened(dashboardOf(uids.dora), chosen).get(uids.troubleshooting)!;
  expect(url.searchParams.getAll('var-service')).toEqual(['api', 'web']);
});

it('has the tag by which dashboards of the bundle are found', () => {
  for (const { tags } of bundle) expect(tags).toContain(bundleTag);
});

describe('the environment that a link opens', () => {
  const end = Date.UTC(2025, 9, 16, 12, 0, 0) / 1000;
  const history = historyOf(end, [
    deployment({ id: '1', environment: 'staging', started: end - 1_200, finished: end - 1_000 }),
    deployment({ id: '2', started: end - 2_400, finished: end - 2_100 }),
  ]);
  let past: PastSystem;
  beforeAll(async () => {
    past = await startPast(history, { from: end - 3_600, to: end, step: 15 });
    await past.evaluate([...ruleFiles.ledger!, ...ruleFiles.recent!]);
  });
  afterAll(() => past?.stop());

  const newest = async (prometheus: Prometheus, environment: string, to: number) => {
    const overview = dashboardOf(uids.overview);
    const found = await choicesOf(prometheus, overview, 'newest_environment', {
      variables: { environment },
      from: to - 3_600,
      to,
    });
    return found.map(({ value }) => value);
  };

  it.each([
    ['All', '.*', 'staging'],
    ['several', '(production|staging)', 'staging'],
    ['one', 'production', 'production'],
  ])('is, of %s, the one that was deployed to last', async (_, environment, expected) => {
    expect(await newest(past.prometheus, environment, end)).toEqual([expected]);
    expect(await newest(past.prometheus, environment, end + 900)).toEqual([expected]);
  });

  it('is the one that was so at the end of the time span', async () => {
    expect(await newest(past.prometheus, '.*', end - 1_500)).toEqual(['production']);
  });
});
