import { inProject, root } from '../lib/root.ts';
import type { Benchmark, Line } from './line.ts';
import { bareNode, fastest, type Program } from './stopwatch.ts';

/** npm as it was started itself, else the one on PATH. */
const npm = (...args: string[]): Pick<Program, 'command' | 'args'> => {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js')
    ? { command: process.execPath, args: [script, ...args] }
    : { command: 'npm', args };
};

/** Nothing is written; 1 is a stale folder or a finding, and costs the same. */
const expected = [0, 1];
const check = ['--', '--check'];
const unchanged: Program = { ...npm('run', 'build', ...check), cwd: root, expected };
const everything: Program = { ...npm('run', 'build', ...check, '--force'), cwd: root, expected };
const byItself: Program = {
  command: process.execPath,
  args: [inProject('scripts', 'run.mjs'), 'build', '--check', '--force'],
  cwd: root,
  expected,
};

/** The build that people wait for. */
export const buildBenchmark: Benchmark = {
  id: 'build',
  summary: 'One build of this project, npm included, beside a bare "node -e 0".',
  async run({ quick, say }): Promise<Line[]> {
    say('builds');
    const programs = [bareNode, unchanged, everything, byItself];
    const [bare = 0, idle = 0, whole = 0, own = 0] = await fastest(programs, quick ? 5 : 10);
    const npmTakes = `${Math.round(whole - own)} ms npm; node -e 0 takes ${Math.round(bare)} ms`;
    return [
      {
        what: 'npm run build, nothing changed since the last one',
        value: idle / bare,
        unit: 'x',
        budget: { atMost: 20 },
        note: `${Math.round(idle)} ms, of which ${npmTakes}`,
      },
      {
        what: 'npm run build, everything made and checked again',
        value: whole / bare,
        unit: 'x',
        budget: { atMost: 20 },
        note: `${Math.round(whole)} ms, of which ${npmTakes}`,
      },
    ];
  },
};
