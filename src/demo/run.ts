import { setMaxListeners } from 'node:events';
import { systemClock } from '../lib/clock.ts';
import { paint, say } from '../lib/terminal.ts';
import type { Loaded } from '../pipeline/index.ts';
import { type History, inWordsOf } from '../simulator/index.ts';
import type { DemoOptions } from './options.ts';
import { pastEnd, writeCollection, writeFacts, writeTrends } from './past.ts';
import { generatedRules, recordedBy } from './rules.ts';
import { type DemoServers, startServers } from './servers.ts';
import { addresses, welcome } from './text.ts';
import { goingOn, goOn, isBadVersionLive, newDeployments, pastDeployments } from './traffic.ts';

const seconds = (): number => systemClock.now() / 1000;

const log = (line: string): void =>
  say(`${paint(new Date().toTimeString().slice(0, 8), 'grey', process.stderr)}  ${line}`);

/** Runs a step and says what it did and how long it took; every five seconds that it goes on. */
async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const begun = seconds();
  const took = (): string => `${(seconds() - begun).toFixed(1)} s`;
  const progress = setInterval(() => log(`  … ${what}: ${took()} so far`), 5_000);
  try {
    return await work().then((result) => {
      log(`${what} (${took()})`);
      return result;
    });
  } finally {
    clearInterval(progress);
  }
}

/** A past of deployments, written into the servers. */
async function begin(
  servers: DemoServers,
  past: History,
  { days }: DemoOptions,
  generated: string,
): Promise<void> {
  const rules = recordedBy(generatedRules(generated));
  const { url } = servers.prometheus;
  const count = past.deployments.length;
  const backfill = await step(`Wrote ${days} days with ${count} deployments`, () =>
    writeFacts(url, past, rules, days),
  );
  await step('Wrote the trends of the last days', () => writeTrends(backfill, past, rules, days, generated));
  // Until now: writing took a while.
  await writeCollection(url, { from: past.end - days * 86_400, end: Math.floor(seconds()) }, servers.jobs);
}

/** A signal that is given by Ctrl-C or the end of the terminal. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  // Each deployment that waits for its time listens.
  setMaxListeners(0, controller.signal);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    signal.addEventListener('abort', () => done(), { once: true });
  });

/** Dashboards that are shown. */
export interface ShownDashboards {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/**
 * Runs until Ctrl-C.
 * @param show opens the dashboards on a Prometheus; not done for programs, which ask for JSON
 */
export async function runDemo(
  options: DemoOptions,
  { pipeline, generated }: Loaded,
  show: (prometheusUrl: string) => Promise<ShownDashboards>,
): Promise<number> {
  const signal = interruption();
  const now = seconds();
  const end = pastEnd(now);
  const { seed, days } = options;
  const past = pastDeployments(options, end);
  const future = newDeployments(options, now);
  const inWords = inWordsOf(pipeline);
  const rules = generatedRules(generated);
  const servers = await step('Started the servers', () =>
    startServers({
      pipeline,
      seed,
      isBad: () => isBadVersionLive(future, seconds()),
      onNotification: log,
    }),
  );
  let dashboards: ShownDashboards | undefined;
  try {
    const prepare = async (): Promise<void> => {
      const shown = options.json ? undefined : show(servers.prometheus.url);
      // Whichever fails first is told; the other is not left unheard.
      const written = days > 0 ? begin(servers, inWords(past), options, generated) : undefined;
      [dashboards] = await Promise.all([shown, written]);
      // Not before: some rules remember, and alerts would fire of half a past.
      await servers.prometheus.reload({ rules });
    };
    // Ctrl-C does not wait for the past.
    await Promise.race([prepare(), ended(signal)]);
    if (signal.aborted) return 0;
    console.log(
      dashboards === undefined
        ? JSON.stringify(addresses(servers))
        : `\n${welcome(servers, options, { pipeline, generated, dashboards: dashboards.url, past: inWords(past) })}`,
    );
    const traffic = { pushgatewayUrl: servers.pushgateway.url, clock: systemClock, signal, onLine: log };
    await Promise.all([goOn(inWords(goingOn(past, now)), traffic), goOn(inWords(future), traffic)]);
  } finally {
    await dashboards?.stop();
    await step('Stopped the servers and removed their data', servers.stop);
  }
  return 0;
}
