import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WireRequest } from '../../src/lib/transport.ts';
import type { Dependencies, Options } from '../../src/provision/context.ts';
import type { Desired } from '../../src/provision/desired.ts';
import type { Flags } from '../../src/provision/model.ts';
import { parseRuleFile } from '../../src/provision/rule-file.ts';
import { type Result, run } from '../../src/provision/run.ts';
import { type Needs, readSettings, type Settings } from '../../src/provision/settings.ts';
import { lookupIn } from '../../src/provision/settings-source.ts';
import { FakeAlertmanager } from '../fakes/alertmanager/alertmanager.ts';
import { FakeGrafana, type FakeGrafanaOptions } from '../fakes/grafana/grafana.ts';
import { FakeRailway } from '../fakes/railway/railway.ts';
import { FakeRuler } from '../fakes/ruler/ruler.ts';
import { FakeRules } from '../fakes/ruler/rules.ts';
import { type VirtualClock, virtualClock } from '../fakes/wire/clock.ts';
import { type Exchange, type FaultPlan, fakeTransport } from '../fakes/wire/transport.ts';
import { type FakeResponse, type Handler, text } from '../fakes/wire/types.ts';

export const grafanaToken = 'glsa_0123456789abcdef0123456789abcdef_01234567';
export const prometheusPassword = 'prometheus-password-4711';
export const commit = 'c0ffee0000000000000000000000000000000001';

/** Everything that one provision speaks to, in this process and on a virtual clock. */
export interface Stage {
  readonly clock: VirtualClock;
  readonly grafana: FakeGrafana;
  readonly rules: FakeRules;
  readonly ruler: FakeRuler;
  readonly railway: FakeRailway;
  readonly alertmanager: FakeAlertmanager;
  readonly env: Record<string, string>;
  /** Where rules are delivered to as files; made for the delivery `directory` only. The stage's maker removes it. */
  readonly directory: string | undefined;
}

/** Loads what lies in a directory, as Prometheus does when it is asked to reload. */
function loadDirectory(rules: FakeRules, directory: string): FakeResponse {
  const files = readdirSync(directory).filter((name) => name.endsWith('.yml'));
  const parsed = files.map((name) => parseRuleFile(name, readFileSync(join(directory, name), 'utf8')));
  if (parsed.some(({ problems }) => problems.length > 0)) return text(500, 'failed to reload config');
  rules.load(
    parsed.flatMap(({ file }) => file.groups.map((g) => ({ ...g, file: join(directory, file.name) }))),
  );
  return text(200, '');
}

export type DeliveryName = 'railway' | 'ruler' | 'directory';

/** A stage whose servers are empty. Railway serves `images` by commit. */
export function stage(
  delivery: DeliveryName = 'railway',
  options: Partial<FakeGrafanaOptions> = {},
  images: Map<string, Desired> = new Map(),
): Stage {
  const clock = virtualClock();
  const rules = new FakeRules(clock);
  const grafana = new FakeGrafana(options);
  grafana.state.now = () => clock.now();
  grafana.token(grafanaToken, { role: 'Admin' });
  grafana.prometheus('prom', 'Prometheus', () => rules.versions());
  const railway = new FakeRailway(clock);
  railway.onServe = (hash) => {
    const files = images.get(hash)?.rules ?? [];
    rules.load(
      files.flatMap((f) => f.groups.map((g) => ({ ...g, file: `/etc/prometheus/rules/${f.name}` }))),
    );
  };
  const ruler = new FakeRuler(rules, { tenant: 'relay' });
  const directory = delivery === 'directory' ? mkdtempSync(join(tmpdir(), 'rules-')) : undefined;
  if (directory) rules.onReload = () => loadDirectory(rules, directory);
  const env = {
    GRAFANA_URL: `https://grafana.example${options.prefix ?? ''}`,
    GRAFANA_TOKEN: grafanaToken,
    PROMETHEUS_URL: delivery === 'ruler' ? 'https://mimir.example/prometheus' : 'https://prometheus.example',
    PROMETHEUS_USERNAME: 'relay',
    PROMETHEUS_PASSWORD: prometheusPassword,
    RULES_DELIVERY: delivery,
    RAILWAY_TOKEN: railway.options.token,
    RAILWAY_PROMETHEUS_SERVICE_ID: railway.options.serviceId,
    RULER_URL: 'https://mimir.example/prometheus',
    RULER_TENANT: 'relay',
    ...(directory && { RULES_DIRECTORY: directory }),
  };
  const alertmanager = new FakeAlertmanager();
  return { clock, grafana, rules, ruler, railway, alertmanager, env, directory };
}

/** Inputs of one run beside its stage. */
export interface RunParts {
  readonly flags?: Partial<Flags>;
  readonly options?: Partial<Omit<Options, 'flags'>>;
  readonly faults?: FaultPlan;
  readonly world?: Partial<Dependencies>;
  readonly env?: Record<string, string>;
  /** Answer in a server's place; undefined lets the server answer. */
  readonly answers?: (request: WireRequest) => FakeResponse | undefined;
  /** As `--environment` names it. Variables keep their names. */
  readonly environment?: string;
}

export interface Ran {
  readonly result: Result | undefined;
  readonly error: unknown;
  /** Everything that was printed and said. */
  readonly output: string;
  readonly exchanges: readonly Exchange[];
}

const noFlags: Flags = { adopt: false, force: false, prune: false, createDatasource: false };

/** Settings as the command reads them from variables. */
export const settingsOf = (env: Record<string, string>, needs: Needs = {}): Settings =>
  readSettings(lookupIn(env, {}, undefined), needs);

/** Provisions. Errors are caught, because many tests are about them. */
export async function provision(on: Stage, desired: Desired, parts: RunParts = {}): Promise<Ran> {
  // Railway's deployments go on meanwhile, whichever server is asked.
  const live =
    (handler: Handler): Handler =>
    (request) => {
      on.railway.tick();
      return handler(request);
    };
  const hosts = {
    'grafana.example': live(on.grafana.handler),
    'prometheus.example': live(on.rules.handler),
    'mimir.example': on.ruler.handler,
    'alertmanager.example': live(on.alertmanager.handler),
    'backboard.railway.com': on.railway.handler,
  };
  const { transport, exchanges } = fakeTransport(hosts, parts.faults, on.clock, parts.answers);
  const output: string[] = [];
  const options: Options = {
    mode: 'apply',
    format: 'table',
    only: undefined,
    yes: true,
    proofMs: undefined,
    ...parts.options,
    flags: { ...noFlags, ...parts.flags },
  };
  const world: Dependencies = {
    transport,
    clock: on.clock,
    print: (line) => void output.push(line),
    say: (line) => void output.push(line),
    ask: undefined,
    signal: undefined,
    commit: () => commit,
    ...parts.world,
  };
  try {
    const settings = settingsOf(
      { ...on.env, ...parts.env },
      {
        only: options.only,
        createDatasource: options.flags.createDatasource,
        looking: options.mode !== 'apply',
      },
    );
    const result = await run(desired, { ...settings, environment: parts.environment }, options, world);
    return { result, error: undefined, output: output.join('\n'), exchanges };
  } catch (error) {
    return {
      result: undefined,
      error,
      output: [...output, String((error as Error).message)].join('\n'),
      exchanges,
    };
  }
}

/** The same run, only looking. */
export const plan = (on: Stage, desired: Desired, parts: RunParts = {}): Promise<Ran> =>
  provision(on, desired, { ...parts, options: { ...parts.options, mode: 'plan' } });

/** Lines such as `create dashboard deployment-slo`, without what is unchanged. */
export const changesOf = (ran: Ran): string[] =>
  (ran.result?.plan.changes ?? [])
    .filter((c) => c.action !== 'unchanged')
    .map((c) => `${c.action} ${c.kind} ${c.id}`);
