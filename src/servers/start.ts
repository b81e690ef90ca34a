import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EnvironmentFailure } from '../lib/errors.ts';
import { reason } from '../lib/transport.ts';
import { type Config, configText, prometheusConfig, type Rules, writePrometheusConfig } from './config.ts';
import { type Generation, obtainPrograms, type ProgramName } from './find.ts';
import { Server, type ServerSpec, serverFolder } from './server.ts';

export { type Config, type PrometheusConfigOptions, prometheusConfig, type Rules } from './config.ts';
export { freePort } from './port.ts';
export { stopAll } from './server.ts';

/** Options of every server. */
export interface CommonOptions {
  readonly generation?: Generation;
  /** Executable to run instead of the one that is found or fetched. */
  readonly binary?: string;
  /** Folder of the data; kept when the server stops. Default: a temporary one, removed when it stops. */
  readonly dataDir?: string;
  readonly extraArgs?: readonly string[];
  /** Default: a free one. */
  readonly port?: number;
  /** Path below which everything is served, e.g. `/prefix`. */
  readonly pathPrefix?: string;
  /** Sent with readiness checks and reloads, for a server that asks for credentials. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds until it must be ready (default 60,000). */
  readonly timeoutMs?: number;
}

export interface PrometheusOptions extends CommonOptions {
  /** Default: scrapes nothing, evaluates every second. See {@link prometheusConfig}. */
  readonly config?: Config;
  readonly rules?: readonly Rules[];
  /** How long samples are kept; default 2y, so that a history that is written afterwards stays. */
  readonly retention?: string;
  /**
   * A past is written into it (remote write); of what is not in order, the configuration says how much it takes
   * ({@link PrometheusConfigOptions.outOfOrderWindow}).
   */
  readonly acceptsBackfill?: boolean;
}

/**
 * Nothing is compacted into blocks while months are written at random and read again: it would only cost time, and
 * Prometheus 3.5 was twice seen not to answer any more meanwhile.
 */
const pastArgs = ['--web.enable-remote-write-receiver', '--storage.tsdb.min-block-duration=100d'];

export interface AlertmanagerOptions extends CommonOptions {
  /** Default: swallows every alert. */
  readonly config?: Config;
}

/** A server that runs. `restart` keeps data and port, `kill` is a crash, `stop` removes what it left behind. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number | undefined;
  readonly running: boolean;
  readonly dataDir: string;
  stop(): Promise<void>;
  kill(): Promise<void>;
  restart(): Promise<void>;
  log(): string;
}
export interface RunningPrometheus extends RunningServer {
  readonly configDir: string;
  /**
   * Makes it read its configuration again, or a new one. What is not given stays as it is on disk.
   * @throws EnvironmentFailure with the end of its log, when it refuses; it then goes on with the old one,
   * while the new one stays on disk
   */
  reload(change?: { readonly config?: Config; readonly rules?: readonly Rules[] }): Promise<void>;
}
export interface RunningAlertmanager extends RunningServer {
  readonly configDir: string;
  /** Makes it read its configuration again, or a new one. @throws EnvironmentFailure with the end of its log */
  reload(config?: Config): Promise<void>;
}

interface Place {
  readonly folder: string;
  readonly dataDir: string;
  readonly configDir: string;
}

function makePlace(title: string, options: CommonOptions): Place {
  const folder = serverFolder(title);
  const place = {
    folder,
    // Absolute, because a server may run in a folder of its own.
    dataDir: resolve(options.dataDir ?? join(folder, 'data')),
    configDir: join(folder, 'config'),
  };
  for (const path of [place.dataDir, place.configDir]) mkdirSync(path, { recursive: true });
  return place;
}

/** Finds the program, starts it, and waits until it is ready. */
async function launch(
  name: ProgramName,
  title: string,
  place: Place,
  options: CommonOptions,
  args: readonly string[],
): Promise<Server> {
  const binary = options.binary ?? (await obtainPrograms([name], options.generation))[name];
  const { port, pathPrefix, headers, timeoutMs } = options;
  const spec: ServerSpec = {
    title,
    binary,
    folder: place.folder,
    args: (listenPort) => [
      `--web.listen-address=127.0.0.1:${listenPort}`,
      ...(pathPrefix ? [`--web.external-url=http://127.0.0.1:${listenPort}${pathPrefix}`] : []),
      ...args,
      ...(options.extraArgs ?? []),
    ],
    ...(port !== undefined && { port }),
    ...(pathPrefix !== undefined && { pathPrefix }),
    ...(headers !== undefined && { headers }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
  const server = new Server(spec);
  try {
    await server.start();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

const handleOf = (server: Server, place: Place): RunningServer => ({
  url: server.url,
  port: server.port,
  get pid() {
    return server.pid;
  },
  get running() {
    return server.running;
  },
  dataDir: place.dataDir,
  stop: () => server.stop(),
  kill: () => server.kill(),
  restart: () => server.restart(),
  log: () => server.log(),
});

/** Asks a server to read its configuration again. */
async function reload(title: string, server: Server, headers: CommonOptions['headers']): Promise<void> {
  const before = server.log().length;
  let response: Response;
  try {
    response = await fetch(`${server.url}/-/reload`, { method: 'POST', headers: { ...headers } });
  } catch (error) {
    throw new EnvironmentFailure(`${title} at ${server.url} cannot be reached: ${reason(error)}.`);
  }
  const text = (await response.text()).trim();
  if (!response.ok)
    throw new EnvironmentFailure(
      `${title} refused the new configuration: ${text}\n${server.log().slice(before).trim()}`,
    );
}

/**
 * Starts a Prometheus of its own data. Its first scrape comes 5 to 6 s after its start, with any interval:
 * that is how often Prometheus looks whether its targets have changed.
 * @throws EnvironmentFailure with the end of its log
 */
export async function startPrometheus(options: PrometheusOptions = {}): Promise<RunningPrometheus> {
  const title = 'Prometheus';
  const place = makePlace(title, options);
  let config = options.config ?? prometheusConfig();
  let rules = options.rules ?? [];
  const file = writePrometheusConfig(place.configDir, config, rules);
  const server = await launch('prometheus', title, place, options, [
    `--config.file=${file}`,
    `--storage.tsdb.path=${place.dataDir}`,
    `--storage.tsdb.retention.time=${options.retention ?? '2y'}`,
    '--web.enable-lifecycle',
    ...(options.acceptsBackfill ? pastArgs : []),
  ]);
  return Object.assign(handleOf(server, place), {
    configDir: place.configDir,
    reload: async (change: { config?: Config; rules?: readonly Rules[] } = {}) => {
      if (change.config !== undefined || change.rules !== undefined) {
        config = change.config ?? config;
        rules = change.rules ?? rules;
        writePrometheusConfig(place.configDir, config, rules);
      }
      await reload(title, server, options.headers);
    },
  });
}

/** Starts a Pushgateway that persists to a file of its own; the one that packages set is shared by the whole machine. */
export async function startPushgateway(
  options: CommonOptions & { readonly checked?: boolean } = {},
): Promise<RunningServer> {
  const place = makePlace('Pushgateway', options);
  const server = await launch('pushgateway', 'Pushgateway', place, options, [
    `--persistence.file=${join(place.dataDir, 'metrics')}`,
    ...(options.checked === false ? ['--push.disable-consistency-check'] : []),
  ]);
  return handleOf(server, place);
}

const silent = { route: { receiver: 'none' }, receivers: [{ name: 'none' }] };

/** Starts an Alertmanager on its own, outside of any cluster. @throws EnvironmentFailure with the end of its log */
export async function startAlertmanager(options: AlertmanagerOptions = {}): Promise<RunningAlertmanager> {
  const title = 'Alertmanager';
  const place = makePlace(title, options);
  const file = join(place.configDir, 'alertmanager.yml');
  writeFileSync(file, configText(options.config ?? silent));
  const server = await launch('alertmanager', title, place, options, [
    `--config.file=${file}`,
    `--storage.path=${place.dataDir}`,
    '--cluster.listen-address=',
  ]);
  return Object.assign(handleOf(server, place), {
    configDir: place.configDir,
    reload: async (config?: Config) => {
      if (config !== undefined) writeFileSync(file, configText(config));
      await reload(title, server, options.headers);
    },
  });
}
