import { ledgerLines } from './ledger.ts';
import type { Benchmark, BenchOptions, Line } from './line.ts';
import { overviewLines, rawLines } from './refresh.ts';
import { ruleLines } from './rules.ts';
import { type LoadedSystem, startLoadedSystem } from './system.ts';
import { troubleshootingLines } from './troubleshooting.ts';

/** What is measured on a Prometheus with a month of history; one more is one line. */
const measurements: readonly ((system: LoadedSystem) => Promise<Line[]>)[] = [
  overviewLines,
  troubleshootingLines,
];

const scales = [
  { perDay: 10, slowest: 20, raw: true },
  { perDay: 100, slowest: 60, raw: false },
  { perDay: 1_000, slowest: 120, raw: false },
] as const;

async function measureAt(scale: (typeof scales)[number], { say }: BenchOptions): Promise<Line[]> {
  const system = await startLoadedSystem({ ...scale, say });
  try {
    const lines: Line[] = [];
    for (const measure of measurements) lines.push(...(await measure(system)));
    if (scale.raw) lines.push(...(await rawLines(system)));
    // The last: it ends their evaluation.
    return [...lines, ...(await ruleLines(system))];
  } finally {
    await system.stop();
  }
}

/** What a month of history costs a real Prometheus. */
export const prometheusBenchmark: Benchmark = {
  id: 'prometheus',
  summary:
    'Thirty days of deployments in a real Prometheus: a refresh of the overview, the rules, the ledger.',
  async run(options): Promise<Line[]> {
    const lines: Line[] = ledgerLines(Math.floor(Date.now() / 1000));
    for (const scale of scales)
      if (!options.quick || scale.perDay < 1_000) lines.push(...(await measureAt(scale, options)));
    return lines;
  },
};
