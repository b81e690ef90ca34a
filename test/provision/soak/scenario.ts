import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Desired } from '../../../src/provision/desired.ts';
import { ownDatasource } from '../../../src/provision/grafana/datasource.ts';
import type { Flags } from '../../../src/provision/model.ts';
import type { Profile } from '../../fakes/grafana/grafana.ts';
import { type Fault, faultKinds, seeded } from '../../fakes/wire/faults.ts';
import type { FaultPlan } from '../../fakes/wire/transport.ts';
import { dashboard, desiredOf, ledgerRules } from '../fixtures/bundle.ts';
import {
  commit,
  type DeliveryName,
  grafanaToken,
  prometheusPassword,
  provision,
  type Stage,
  stage,
} from '../harness.ts';

export const older = 'badc0de000000000000000000000000000000000';

/** Defined by the earlier version only, so that `--prune` has something to delete. */
export const dropped = 'deployment-old';

/** Where a run starts from. */
export type Beginning = 'empty' | 'older version' | 'edited by hand' | 'taken by another';
/** Incident beside the faults of single requests. */
export type Incident =
  | 'none'
  | 'token expires'
  | 'server restarts'
  | 'interrupted'
  | 'two at once'
  | 'a hand edit';

/** One seeded run: everything follows from the seed. */
export interface Scenario {
  readonly seed: number;
  readonly profile: Profile;
  /** Where Grafana 12 keeps dashboards. */
  readonly storage: 'sql' | 'unified';
  /** Whether what is edited by hand is saved in the newer format, which Grafana 13 does. */
  readonly newer: boolean;
  readonly delivery: DeliveryName;
  readonly beginning: Beginning;
  readonly incident: Incident;
  /** Switches that every run of the scenario is given. */
  readonly flags: Flags;
  /** Whether Grafana has a data source at the beginning. */
  readonly hasDatasource: boolean;
  /** Probability that a request goes wrong. */
  readonly rate: number;
  /** Request at which the incident happens. */
  readonly at: number;
  readonly random: () => number;
}

const pick = <T>(random: () => number, from: readonly T[]): T =>
  from[Math.floor(random() * from.length)] as T;

export function scenario(seed: number): Scenario {
  const random = seeded(seed);
  return {
    seed,
    profile: pick(random, ['11', '12', '13'] as const),
    delivery: pick(random, ['railway', 'ruler', 'directory'] as const),
    beginning: pick(random, [
      'empty',
      'empty',
      'older version',
      'older version',
      'edited by hand',
      'taken by another',
    ] as const),
    incident: pick(random, [
      'none',
      'none',
      'token expires',
      'server restarts',
      'interrupted',
      'two at once',
      'a hand edit',
    ] as const),
    flags: {
      adopt: random() < 0.3,
      force: random() < 0.3,
      prune: random() < 0.3,
      createDatasource: random() < 0.6,
    },
    hasDatasource: random() < 0.6,
    rate: pick(random, [0, 0.02, 0.08, 0.25]),
    at: 1 + Math.floor(random() * 45),
    storage: random() < 0.5 ? 'sql' : 'unified',
    newer: random() < 0.5,
    random,
  };
}

const names = ['deployment-pipeline', 'deployment-troubleshooting', 'deployment-slo'];
/** Desired state in the end. */
export const wanted: Desired = desiredOf({ dashboards: names.map((uid) => dashboard(uid)) });
/** State that an earlier run may have applied. */
export const earlier: Desired = desiredOf({
  dashboards: [...names, dropped].map((uid) => dashboard(uid, `Old ${uid}`, 'up == 0')),
  rules: { 'ledger.yml': ledgerRules.replace('== bool 1', '== bool 2'), 'alerts.yml': 'groups: []\n' },
});

const theirRules = 'groups:\n  - name: theirs\n    rules:\n      - { record: "a:b", expr: up }\n';

/** Things of other people, which must be the same bytes afterwards. */
function furnish(on: Stage, withCopy: boolean): void {
  on.grafana.state.store('folders', 'team', {
    spec: { title: 'Team' },
    folder: '',
    labels: {},
    annotations: {},
    by: 'user:joe',
  });
  for (const uid of ['team-latency', 'team-errors']) {
    const spec = { title: uid, tags: ['team'], panels: [], schemaVersion: 42 };
    on.grafana.edit(uid, () => spec, 'team', 'user:joe');
  }
  // A copy of ours, tags included: it is theirs, because the mark does not fit its uid.
  const ours = on.grafana.state.get('dashboards', 'deployment-slo');
  if (withCopy && ours)
    on.grafana.edit('my-own-slo', () => ({ ...ours.spec, title: 'My SLO' }), 'team', 'user:joe');
  on.grafana.state.annotations.push({
    id: on.grafana.state.nextId(),
    time: on.clock.now(),
    timeEnd: on.clock.now(),
    text: 'theirs',
    tags: ['release'],
  });
  if (on.directory) writeFileSync(join(on.directory, 'theirs.yml'), theirRules);
  on.ruler.put('their-rules', [{ name: 'theirs', rules: [{ record: 'a:b', expr: 'up' }] }]);
}

/** Time goes by, and with it the search index catches up. */
export function pass(on: Stage, ms: number): void {
  on.clock.pass(ms);
  for (const object of on.grafana.state.objects.values()) object.indexLag = 0;
}

/** A person edits our dashboard in the browser. */
function editByHand({ profile, newer }: Scenario, on: Stage): void {
  const change = (spec: Record<string, unknown>) => ({ ...spec, description: 'by hand' });
  if (profile === '13' && newer) on.grafana.editNewer('deployment-slo', change);
  else on.grafana.edit('deployment-slo', change);
}

/** A stage as the scenario finds it. */
export async function begin(s: Scenario): Promise<Stage> {
  const images = new Map([
    [commit, wanted],
    [older, earlier],
  ]);
  const on = stage(
    s.delivery,
    {
      profile: s.profile,
      storage: s.storage,
      searchLag: s.random() < 0.3 ? 3 : 0,
      futureDefaults: s.random() < 0.3,
      hideVersion: s.random() < 0.3,
      startingFor: s.random() < 0.3 ? 2 : 0,
    },
    images,
  );
  // Behind a data source that is made is Prometheus, with its password.
  on.grafana.state.behindNew = ({ url, user, secure }) =>
    on.env.PROMETHEUS_URL === url && user === 'relay' && secure.basicAuthPassword === prometheusPassword
      ? () => on.rules.versions()
      : undefined;
  if (s.beginning === 'older version' || s.beginning === 'edited by hand') {
    const first = await provision(on, earlier, { world: { commit: () => older } });
    if (first.result?.code !== 0) throw new Error(`The earlier run failed: ${first.output}`);
    pass(on, 3_600_000);
  }
  if (!s.hasDatasource) on.grafana.state.datasources.splice(0);
  furnish(on, s.beginning === 'older version');
  if (s.beginning === 'edited by hand') editByHand(s, on);
  if (s.beginning === 'taken by another')
    on.grafana.edit(
      'deployment-slo',
      () => ({ title: 'By hand', description: 'by hand', panels: [], schemaVersion: 42 }),
      '',
      'user:joe',
    );
  return on;
}

/** Faults of one run: of requests by chance, and the incident at its request. */
export function faultsOf(s: Scenario, on: Stage, interrupt: AbortController): FaultPlan {
  let down = 0;
  return (n) => {
    if (n === s.at) {
      if (s.incident === 'token expires') on.grafana.token(grafanaToken, { role: 'Admin', state: 'expired' });
      if (s.incident === 'server restarts') down = 1 + Math.floor(s.random() * 12);
      if (s.incident === 'interrupted') interrupt.abort();
      if (s.incident === 'a hand edit' && on.grafana.state.get('dashboards', 'deployment-slo'))
        editByHand(s, on);
    }
    if (down-- > 0) return 'refused';
    return s.random() < s.rate ? (pick(s.random, faultKinds) as Fault) : 'none';
  };
}

/** Everything that is not ours, as text. */
export const othersOf = (on: Stage): string =>
  JSON.stringify([
    ...['team-latency', 'team-errors', 'my-own-slo']
      .map((uid) => on.grafana.state.get('dashboards', uid) ?? null)
      .map((o) => o && { ...o, indexLag: 0 }),
    on.grafana.state.get('folders', 'team') && 'team',
    on.grafana.state.annotations.filter((a) => a.text === 'theirs'),
    on.grafana.state.datasources.filter((d) => d.uid !== ownDatasource.uid).map((d) => [d.uid, d.url]),
    [...(on.ruler.namespaces.get('their-rules') ?? [])],
    on.directory && readFileSync(join(on.directory, 'theirs.yml'), 'utf8'),
  ]);
