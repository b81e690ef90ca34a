import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../lib/root.ts';
import { serveRuns } from './github.ts';
import type { Benchmark, BenchOptions, Line } from './line.ts';
import { type Program, plainEnvironment, run, runWithMemory } from './stopwatch.ts';

const days = 90;
const perDay = 20;
const runs = days * perDay;

/** The command, as a user runs it. */
const command = (url: string, folder: string, ...args: string[]): Program => ({
  command: process.execPath,
  args: [
    inProject('scripts', 'run.mjs'),
    'import',
    ...['--repo', 'bench/bench', '--since', `${days + 1}d`, '--cache', join(folder, 'runs'), ...args],
  ],
  env: { ...plainEnvironment(), GITHUB_API_URL: url, GITHUB_TOKEN: 'bench' },
});

/** The floor: as many requests, eight at a time, whose answers are only read. */
const plainReads = (url: string): Program => ({
  command: process.execPath,
  args: [
    '--input-type=module',
    '-e',
    `const ids = Array.from({ length: ${runs} }, (_, i) => i + 1);
const read = async () => {
  for (let id = ids.pop(); id; id = ids.pop())
    await (await fetch('${url}/repos/bench/bench/actions/runs/' + id + '/jobs')).json();
};
await Promise.all(Array.from({ length: 8 }, read));`,
  ],
});

async function measure({ say, quick }: BenchOptions): Promise<readonly Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-import-'));
  const github = await serveRuns(runs, days);
  const scale = `${runs} runs of ${days} days`;
  try {
    say(`Reading ${scale} …`);
    const reading = await runWithMemory(command(github.url, folder));
    const floor = await run(plainReads(github.url));
    const read: Line = {
      what: 'reading a history',
      scale,
      value: reading.ms / floor.ms,
      unit: 'x',
      // Both ask a server on this machine, so this is Octokit's patience and our reading, without the way to GitHub.
      budget: { atMost: 10 },
      note: `${(reading.ms / 1_000).toFixed(1)} s beside ${(floor.ms / 1_000).toFixed(1)} s of as many plain reads`,
    };
    if (quick) return [read];
    say('Writing its past …');
    const writing = await runWithMemory(command(github.url, folder, '--into', join(folder, 'data')));
    return [
      read,
      {
        what: 'writing its past',
        scale,
        value: writing.ms / 1_000,
        unit: 's',
        note: 'facts, trends and blocks, through a Prometheus',
      },
      {
        what: 'memory',
        scale,
        value: Math.max(reading.mb, writing.mb),
        unit: 'MB',
        budget: { atMost: 512 },
        note: 'without the Prometheus',
      },
    ];
  } finally {
    github.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A pipeline's own history, as `npm run import` reads and writes it. */
export const importBenchmark: Benchmark = {
  id: 'import',
  summary: 'Reading a history from GitHub beside as many plain requests, writing it, and memory.',
  run: measure,
};
