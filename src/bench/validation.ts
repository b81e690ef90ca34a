import { type Bundle, findingsOf } from '../compile/index.ts';
import { inProject } from '../lib/root.ts';
import type { Benchmark, Line } from './line.ts';
import { manyDashboards } from './many.ts';
import { run } from './stopwatch.ts';

/** Measurements of one process. */
export interface Validated {
  readonly expressions: number;
  /** Defining, validating and rendering all of it, milliseconds. */
  readonly ms: number;
  readonly peakMegabytes: number;
}

/** Defines, validates and renders so many dashboards in this process. */
export function validateMany(base: Bundle, dashboards: number): Validated {
  const started = performance.now();
  const bundle = manyDashboards(base, dashboards);
  const errors = findingsOf(bundle).filter((finding) => finding.severity === 'error');
  if (errors.some((finding) => finding.place[0]?.startsWith('many-')))
    throw new Error(`The dashboards of this benchmark are broken: ${JSON.stringify(errors[0])}`);
  const rendered = bundle.dashboards.reduce((sum, d) => sum + JSON.stringify(d.json, null, 2).length, 0);
  if (rendered === 0) throw new Error('Nothing was rendered.');
  return {
    expressions: bundle.dashboards.reduce((sum, d) => sum + d.panels.length, 0),
    ms: performance.now() - started,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
}

/** The same in a process of its own, so that neither memory nor compiled code is shared between sizes. */
async function inOwnProcess(dashboards: number): Promise<Validated> {
  const { stdout } = await run({
    command: process.execPath,
    args: [inProject('scripts', 'run.mjs'), 'bench', '--validate-only', String(dashboards)],
  });
  return JSON.parse(stdout) as Validated;
}

const sizes = [10, 100, 1_000] as const;
const scale = (dashboards: number): string => `${dashboards} dashboards`;

/** How fast definitions are validated, and how that grows. */
export const validationBenchmark: Benchmark = {
  id: 'validation',
  summary: 'Dashboards of ten expressions each, defined, validated and rendered in one process.',
  async run({ say }): Promise<Line[]> {
    const measured: Validated[] = [];
    for (const size of sizes) {
      say(`validation of ${scale(size)}`);
      measured.push(await inOwnProcess(size));
    }
    const [, middle, most] = measured;
    const speeds = measured.map(({ expressions, ms }, i): Line => {
      const largest = i === sizes.length - 1;
      const value = expressions / (ms / 1000);
      return {
        what: 'expressions',
        scale: scale(sizes[i] ?? 0),
        value,
        unit: '/s',
        ...(largest && { budget: { atLeast: 2_000 } }),
        note: `${expressions} in ${Math.round(ms)} ms`,
      };
    });
    return [
      ...speeds,
      {
        what: 'time for ten times as many',
        scale: `${sizes[1]} to ${sizes[2]}`,
        value: (most?.ms ?? 0) / (middle?.ms ?? 1),
        unit: 'x',
        budget: { atMost: 12 },
      },
      {
        what: 'peak memory',
        scale: scale(sizes[2]),
        value: most?.peakMegabytes ?? Number.NaN,
        unit: 'MB',
        budget: { atMost: 512 },
      },
    ];
  },
};
