import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { EnvironmentFailure, UserError } from '../lib/errors.ts';
import { projectPath } from '../lib/root.ts';
import { say } from '../lib/terminal.ts';
import { bundlePage } from './bundle.ts';
import { dashboardsFolder, readDashboards } from './dashboards.ts';
import { ensureInstalled } from './install.ts';
import { parseMoment, prometheusAt, sourceFrom } from './options.ts';
import { parseRecordedView, record } from './record.ts';
import { defaultRecording, type RecordedView, readRecording, writeRecording } from './recording.ts';
import { startServer } from './server.ts';
import { liveSource } from './source.ts';
import { watchDashboards } from './watch.ts';

/** What `npm run preview` was asked for. */
export interface PreviewOptions {
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

async function recordedViews(options: PreviewOptions): Promise<readonly RecordedView[]> {
  if (options.prometheus !== undefined) return [];
  const file = options.recording === undefined ? defaultRecording : resolve(options.recording);
  return (await readRecording(file)).views;
}

/** Shows the dashboards until the process is told to stop. */
export async function showPreview(options: PreviewOptions): Promise<number> {
  const port = parsePort(options.port);
  const folder = options.dashboards === undefined ? dashboardsFolder : resolve(options.dashboards);
  let dashboards = readDashboards(folder);
  const source = await sourceFrom(options);
  const views = await recordedViews(options);
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
  const stop = watchDashboards(folder, reload, options.dashboards === undefined);
  console.log(server.url);
  say(
    `Showing ${dashboards.length} dashboards with ${source.kind === 'live' ? `live data from ${source.label}` : `a ${source.label}`}. Ctrl-C ends it.`,
  );
  await new Promise((finish) => {
    process.once('SIGINT', finish);
    process.once('SIGTERM', finish);
  });
  stop();
  await server.close();
  return 0;
}

/** Records every query of the dashboards from a Prometheus, for previews and pictures without one. */
export async function recordPreview(options: {
  readonly url: string;
  readonly at: string | undefined;
  readonly out: string | undefined;
  readonly dashboards: string | undefined;
  readonly views: readonly string[];
}): Promise<number> {
  const dashboards = readDashboards(
    options.dashboards === undefined ? dashboardsFolder : resolve(options.dashboards),
  );
  const views = options.views.map((text) => parseRecordedView(text, dashboards));
  const { prometheus, label } = prometheusAt(options.url, '--record');
  if (!(await prometheus.ready()))
    throw new EnvironmentFailure(`Prometheus at ${label} is not ready.`, 'Nothing was recorded.');
  const at = options.at === undefined ? Date.now() : parseMoment(options.at);
  const { recording, failures } = await record(liveSource(prometheus, label, at), dashboards, views);
  const file = options.out === undefined ? defaultRecording : resolve(options.out);
  const text = writeRecording(recording);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  say(
    `Recorded ${recording.responses.length} responses of ${dashboards.length} dashboards (${Math.ceil(text.length / 1_024)} KiB).`,
  );
  for (const failure of failures) say(`Not recorded: ${failure}`);
  console.log(projectPath(file));
  return failures.length > 0 ? 1 : 0;
}
