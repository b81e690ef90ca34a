import { existsSync } from 'node:fs';
import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  generatedRules,
  pastEnd,
  recordedBy,
  writeCollection,
  writeFacts,
  writeTrends,
} from '../demo/index.ts';
import { EnvironmentFailure, UserError } from '../lib/errors.ts';
import { prometheusConfig, type RunningServer, startPrometheus } from '../servers/index.ts';
import type { History } from '../simulator/index.ts';

const day = 86_400;

/** Days that a history is long, from its first deployment on; at least one. */
export const daysOf = ({ deployments, end }: History): number =>
  Math.max(1, Math.ceil((end - Math.min(end, ...deployments.map(({ started }) => started))) / day));

/**
 * Starts a Prometheus that holds a history as its own rules would have recorded it, and goes on evaluating them.
 * Its caller stops it, which removes its data.
 * @param live whether its rules are evaluated from now on
 * @param generated the folder of what was built
 * @param recordedSince when another server began to record trends itself, Unix seconds: none are written from then on
 */
export async function startWithPast(
  history: History,
  live: boolean,
  say: (text: string) => void,
  generated: string,
  recordedSince = history.end,
): Promise<RunningServer> {
  const days = daysOf(history);
  const files = generatedRules(generated);
  const server = await startPrometheus({
    config: prometheusConfig({ evaluationInterval: '15s', outOfOrderWindow: `${days + 10}d` }),
    acceptsBackfill: true,
    extraArgs: ['--web.enable-admin-api'],
  });
  try {
    const rules = recordedBy(files);
    say(`Writing the facts of ${history.deployments.length} deployments.`);
    const backfill = await writeFacts(server.url, history, rules, days);
    const until = { ...history, end: pastEnd(Math.min(recordedSince, history.end)) };
    if (until.end > history.end - days * day) {
      const before = Math.ceil((until.end - (history.end - days * day)) / day);
      say(`Writing the trends of ${before} days.`);
      await writeTrends(backfill, until, rules, before, generated);
    }
    // Not before: some rules remember, and would remember half a past.
    if (live) {
      await writeCollection(server.url, {
        from: history.end - days * day,
        end: Math.floor(Date.now() / 1_000),
      });
      await server.reload({ rules: files });
    }
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/**
 * Whether blocks can be put into a folder: the data folder of a Prometheus, an earlier import's, or an empty one.
 * @throws UserError when it holds other things
 */
export async function checkDataFolder(folder: string): Promise<void> {
  const entries = existsSync(folder) ? await readdir(folder) : [];
  const isData = (name: string): boolean => name === 'wal' || existsSync(join(folder, name, 'meta.json'));
  if (entries.length > 0 && !entries.some(isData))
    throw new UserError(
      `${folder} is not the data folder of a Prometheus.`,
      'Name its --storage.tsdb.path, or an empty folder.',
    );
}

/**
 * Copies what a Prometheus holds as blocks into the data folder of another one, which takes them within a minute.
 * @returns how many blocks
 * @throws EnvironmentFailure when no snapshot could be taken
 */
export async function copyBlocks(server: RunningServer, into: string): Promise<number> {
  const answer = await fetch(`${server.url}/api/v1/admin/tsdb/snapshot`, { method: 'POST' });
  const { data } = (await answer.json()) as { data?: { name?: string } };
  if (data?.name === undefined)
    throw new EnvironmentFailure('Prometheus made no snapshot.', 'No block was copied.');
  const from = join(server.dataDir, 'snapshots', data.name);
  const blocks = await readdir(from);
  await mkdir(into, { recursive: true });
  for (const block of blocks) await cp(join(from, block), join(into, block), { recursive: true });
  return blocks.length;
}
