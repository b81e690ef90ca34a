import { applicationJob, wordsOf } from '../metrics/index.ts';
import type { Pipeline } from '../pipeline/index.ts';
import {
  freePort,
  prometheusConfig,
  type RunningPrometheus,
  type RunningServer,
  startAlertmanager,
  startPrometheus,
  startPushgateway,
  stopAll,
} from '../servers/index.ts';
import { startApplication } from './application.ts';
import { alertmanagerConfig, receiveNotifications } from './notifications.ts';

/** Everything that runs. */
export interface DemoServers {
  readonly prometheus: RunningPrometheus;
  readonly pushgateway: RunningServer;
  readonly alertmanager: RunningServer;
  /** Scrape jobs besides the gateway. */
  readonly jobs: readonly string[];
  /** Ends all of it and removes its data. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Says under which job and names the application is measured, if at all. */
  readonly pipeline: Pipeline;
  readonly seed: number;
  /** Whether a broken version is live. */
  readonly isBad: () => boolean;
  readonly onNotification: (line: string) => void;
}

const scrape = (job_name: string, url: string) => ({
  job_name,
  static_configs: [{ targets: [new URL(url).host] }],
});

/** Starts the servers, without rules, an application to observe and a receiver of alerts, all on free ports of this machine only. */
export async function startServers(options: ServerOptions): Promise<DemoServers> {
  const receiver = await receiveNotifications(options.onNotification);
  const inWords = wordsOf(options.pipeline);
  const application = await startApplication(options.seed, options.isBad, inWords);
  const stop = async (): Promise<void> => {
    await stopAll();
    await Promise.all([receiver.close(), application.close()]);
  };
  try {
    const [pushgateway, alertmanager, port] = await Promise.all([
      startPushgateway(),
      startAlertmanager({ config: alertmanagerConfig(receiver.url) }),
      freePort(),
    ]);
    const extraScrapes = [
      ...(options.pipeline.application ? [scrape(inWords(applicationJob), application.url)] : []),
      scrape('prometheus', `http://127.0.0.1:${port}`),
      scrape('alertmanager', alertmanager.url),
    ];
    const config = prometheusConfig({
      pushgatewayUrl: pushgateway.url,
      alertmanagerUrl: alertmanager.url,
      scrapeInterval: '5s',
      evaluationInterval: '15s',
      // The past is written while the present is scraped.
      outOfOrderWindow: '40d',
      extraScrapes,
    });
    const prometheus = await startPrometheus({
      config,
      port,
      acceptsBackfill: true,
    });
    const jobs = extraScrapes.map(({ job_name }) => job_name);
    return { prometheus, pushgateway, alertmanager, jobs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
