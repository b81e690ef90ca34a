import { inProject, root } from '../lib/root.ts';
import type { Benchmark, Line } from './line.ts';
import { fastest, type Program } from './stopwatch.ts';

/** npm as it was started itself, else the one on PATH. */
const npm = (...args: string[]): Pick<Program, 'command' | 'args'> => {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js')
    ? { command: process.execPath, args: [script, ...args] }
    : { command: 'npm', args };
};

/** Nothing is written; 1 is a stale folder or a finding, and costs the same. */
const expected = [0, 1];
const build: Program = { ...npm('run', 'build', '--', '--check'), cwd: root, expected };
const types: Program = {
  command: process.execPath,
  args: [inProject('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '-p', '.'],
  cwd: root,
  expected,
};

/** The build that people wait for. */
export const buildBenchmark: Benchmark = {
  id: 'build',
  summary: 'One build of this project, npm included, beside its types alone.',
  async run({ quick, say }): Promise<Line[]> {
    say('builds');
    const [alone = 0, whole = 0] = await fastest([types, build], quick ? 5 : 10);
    return [
      {
        what: 'npm run build by tsc',
        value: whole / alone,
        unit: 'x',
        budget: { atMost: 1.3 },
        note: `${Math.round(whole)} ms by ${Math.round(alone)} ms`,
      },
    ];
  },
};
