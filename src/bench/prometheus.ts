import { ledgerLines } from './ledger.ts';
import { type Benchmark, type BenchOptions, cells, type Line } from './line.ts';
import { overviewLines, rawLines } from './refresh.ts';
import { ruleLines } from './rules.ts';
import { type Load, type LoadedSystem, startLoadedSystem } from './system.ts';
import { troubleshootingLines } from './troubleshooting.ts';

type Measurement = (system: LoadedSystem) => Promise<Line[]>;

/** Measurements on a Prometheus with a month of history; one more is one line. */
const measurements: readonly Measurement[] = [overviewLines, troubleshootingLines];

/** Histories, by how much happened. */
export const scales = [
  { perDay: 10, slowest: 20, raw: true },
  { perDay: 100, slowest: 60, raw: false },
  { perDay: 1_000, slowest: 120, raw: false },
] as const;
type Scale = Omit<Load, 'say' | 'bundle'>;

async function measureAt(
  scale: Scale,
  { say, bundle }: BenchOptions,
  list: readonly Measurement[],
): Promise<Line[]> {
  const system = await startLoadedSystem({ ...scale, say, bundle });
  try {
    const lines: Line[] = [];
    for (const measure of list) {
      const measured = await measure(system);
      // Said at once: what takes long may be ended before the table is printed.
      for (const line of measured.filter(({ detail }) => !detail))
        say(cells('', line).filter(Boolean).join('  '));
      lines.push(...measured);
    }
    return lines;
  } finally {
    await system.stop();
  }
}

/** Those that were asked for. */
const chosen = ({ quick, perDay }: BenchOptions): Scale[] =>
  scales.filter((scale) => (perDay === undefined ? !quick || scale.perDay < 1_000 : scale.perDay === perDay));

/** Cost of a month of history to a real Prometheus. */
export const prometheusBenchmark: Benchmark = {
  id: 'prometheus',
  summary: 'Thirty days of deployments in a real Prometheus: opening the dashboards, the rules, the ledger.',
  async run(options): Promise<Line[]> {
    const lines: Line[] = ledgerLines(Math.floor(Date.now() / 1000));
    for (const scale of chosen(options)) {
      // The rules come last: measuring them ends their evaluation.
      const list = [...measurements, ...(scale.raw ? [rawLines] : []), ruleLines];
      lines.push(...(await measureAt(scale, options, list)));
    }
    return lines;
  },
};

/** The troubleshooting dashboard alone, at the scale that it has a budget for or the one that is asked for. */
export const troubleshootingBenchmark: Benchmark = {
  id: 'troubleshooting',
  summary: 'Thirty days of deployments in a real Prometheus: opening the troubleshooting dashboard.',
  partOf: 'prometheus',
  async run({ perDay = 100, ...options }): Promise<Line[]> {
    const lines: Line[] = [];
    for (const scale of chosen({ ...options, perDay }))
      lines.push(...(await measureAt({ ...scale, raw: false }, options, [troubleshootingLines])));
    return lines;
  },
};
