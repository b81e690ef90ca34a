import { setMaxListeners } from 'node:events';
import { systemClock } from '../lib/clock.ts';
import { paint, say } from '../lib/terminal.ts';
import type { Loaded } from '../pipeline/index.ts';
import { type History, inWordsOf } from '../simulator/index.ts';
import type { DemoOptions } from './options.ts';
import { pastEnd, writeFacts, writeTrends } from './past.ts';
import { generatedRules, recordedBy } from './rules.ts';
import { type DemoServers, startServers } from './servers.ts';
import { addresses, welcome } from './text.ts';
import { goingOn, goOn, isBadVersionLive, newDeployments, pastDeployments } from './traffic.ts';

const seconds = (): number => systemClock.now() / 1000;

const log = (line: string): void =>
  say(`${paint(new Date().toTimeString().slice(0, 8), 'grey', process.stderr)}  ${line}`);

/** Runs a step and says what it did and how long it took. */
async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const begun = seconds();
  const result = await work();
  log(`${what} (${(seconds() - begun).toFixed(1)} s)`);
  return result;
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
    writeFacts(url, past, rules, days, generated),
  );
  await step('Wrote the trends of the last days', () => writeTrends(backfill, past, rules, days, generated));
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

/** Runs until Ctrl-C. */
export async function runDemo(options: DemoOptions, { pipeline, generated }: Loaded): Promise<number> {
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
      rules,
      pipeline,
      seed,
      isBad: () => isBadVersionLive(future, seconds()),
      onNotification: log,
    }),
  );
  try {
    // Ctrl-C does not wait for the past.
    if (days > 0) await Promise.race([begin(servers, inWords(past), options, generated), ended(signal)]);
    if (signal.aborted) return 0;
    console.log(
      options.json
        ? JSON.stringify(addresses(servers))
        : `\n${welcome(servers, options, { pipeline, generated })}`,
    );
    const traffic = { pushgatewayUrl: servers.pushgateway.url, clock: systemClock, signal, onLine: log };
    await Promise.all([goOn(inWords(goingOn(past, now)), traffic), goOn(inWords(future), traffic)]);
  } finally {
    await step('Stopped the servers and removed their data', servers.stop);
  }
  return 0;
}
