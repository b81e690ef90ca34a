import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { EnvironmentFailure, UserError } from '../lib/errors.ts';
import { Prometheus } from '../lib/prometheus.ts';
import { projectPath } from '../lib/root.ts';
import { say } from '../lib/terminal.ts';
import type { Loaded } from '../pipeline/index.ts';
import { bundlePage } from './bundle.ts';
import { dashboardsIn, readDashboards } from './dashboards.ts';
import { ensureInstalled } from './install.ts';
import { parseMoment, prometheusAt, sourceFrom } from './options.ts';
import { parseRecordedView, record } from './record.ts';
import { type RecordedView, readRecording, recordingBeside, writeRecording } from './recording.ts';
import { startServer } from './server.ts';
import { startSimulation } from './simulation.ts';
import { liveSource, type Source } from './source.ts';
import { buildOnChange, watchFolders } from './watch.ts';

/** Options of `npm run preview`. */
export interface PreviewOptions {
  /** Dashboards and the recording are those beside its file, where no others are named. */
  readonly loaded: Loaded;
  readonly prometheus: string | undefined;
  readonly recording: string | undefined;
  readonly dashboards: string | undefined;
  readonly at: string | undefined;
  readonly port: string;
}

/** A port number. @throws UserError */
function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UserError(`--port ${text} is no port.`, 'Give a number from 0 (any free one) to 65535.');
  return port;
}

/** Folder of the dashboards. */
const dashboardsOf = ({ dashboards, loaded }: Pick<PreviewOptions, 'dashboards' | 'loaded'>): string =>
  dashboards === undefined ? dashboardsIn(loaded.generated) : resolve(dashboards);
/** A recording that is named, else the one beside the pipeline file. */
const recordingOf = (named: string | undefined, { file }: Loaded): string =>
  named === undefined ? recordingBeside(file) : resolve(named);

/** A page of dashboards that is served. */
export interface Shown {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/**
 * Serves the dashboards, after installing what that needs, and follows their definitions.
 * @throws EnvironmentFailure when the Prometheus that is named does not answer
 */
export async function openPreview(options: PreviewOptions): Promise<Shown> {
  const port = parsePort(options.port);
  const folder = dashboardsOf(options);
  let dashboards = readDashboards(folder);
  const recording = recordingOf(options.recording, options.loaded);
  const source = await sourceFrom({ ...options, recording });
  const views = options.prometheus === undefined ? (await readRecording(recording)).views : [];
  await ensureInstalled();
  const bundle = await bundlePage();
  const server = await startServer({ source, bundle, views, port, dashboards: () => dashboards });
  const reload = (): void => {
    try {
      dashboards = readDashboards(folder);
      server.reload();
    } catch (error) {
      say((error as Error).message);
    }
  };
  // Dashboards from another folder come from elsewhere: no build of ours would change them.
  const watches = [
    watchFolders([folder], reload),
    ...(options.dashboards === undefined ? [buildOnChange(options.loaded.file)] : []),
  ];
  const data = source.kind === 'live' ? `live data from ${source.label}` : `a ${source.label}`;
  say(`Showing ${dashboards.length} dashboards with ${data} at ${server.url}`);
  return {
    url: server.url,
    stop: async () => {
      for (const stop of watches) stop();
      await server.close();
    },
  };
}

/** Shows the dashboards until the process is told to stop. */
export async function showPreview(options: PreviewOptions): Promise<number> {
  const { url, stop } = await openPreview(options);
  console.log(url);
  say('Ctrl-C ends it.');
  await new Promise((finish) => {
    process.once('SIGINT', finish);
    process.once('SIGTERM', finish);
  });
  await stop();
  return 0;
}

/** Where a recording comes from. */
interface Origin {
  readonly source: Source;
  readonly views: readonly RecordedView[];
  readonly stop: () => Promise<void>;
}

/** Instead of a URL: a Prometheus of our own that holds a simulated month. */
export const simulation = 'simulation';

async function originOf(url: string, at: string | undefined, loaded: Loaded): Promise<Origin> {
  if (url === simulation) {
    if (at !== undefined)
      throw new UserError('--at goes with a real Prometheus: the simulation has its own time.');
    say('Starting a Prometheus and writing a simulated month into it …');
    const { url: own, time, views, stop } = await startSimulation(loaded);
    return { source: liveSource(new Prometheus(own), simulation, time * 1_000), views, stop };
  }
  const { prometheus, label } = prometheusAt(url, '--record');
  if (!(await prometheus.ready()))
    throw new EnvironmentFailure(`Prometheus at ${label} is not ready.`, 'Nothing was recorded.');
  const moment = at === undefined ? Date.now() : parseMoment(at);
  return { source: liveSource(prometheus, label, moment), views: [], stop: async () => undefined };
}

/** Records every query of the dashboards from a Prometheus, for previews and pictures without one. */
export async function recordPreview(options: {
  /** Subject of a simulation. */
  readonly loaded: Loaded;
  readonly url: string;
  readonly at: string | undefined;
  readonly out: string | undefined;
  readonly dashboards: string | undefined;
  readonly views: readonly string[];
}): Promise<number> {
  const dashboards = readDashboards(dashboardsOf(options));
  const asked = options.views.map((text) => parseRecordedView(text, dashboards));
  const { source, views, stop } = await originOf(options.url, options.at, options.loaded);
  const known = views.filter((view) => dashboards.some((d) => d.uid === view.dashboard));
  const { recording, failures } = await record(source, dashboards, [...asked, ...known]).finally(stop);
  const file = recordingOf(options.out, options.loaded);
  const text = writeRecording(recording);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  const size = Math.ceil(Buffer.byteLength(text) / 1_024);
  say(`Recorded ${recording.responses.length} responses of ${dashboards.length} dashboards (${size} KiB).`);
  for (const failure of failures) say(`Not recorded: ${failure}`);
  console.log(projectPath(file));
  return failures.length > 0 ? 1 : 0;
}
