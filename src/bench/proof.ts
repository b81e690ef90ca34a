import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../lib/clock.ts';
import { inProject } from '../lib/root.ts';
import { fetchTransport } from '../lib/transport.ts';
import { type Desired, lookupIn, parseRuleFile, readDesired, readSettings, run } from '../provision/index.ts';
import { prometheusConfig, startPrometheus } from '../servers/index.ts';
import type { Benchmark, Line } from './line.ts';

const flags = { adopt: false, force: false, prune: false, createDatasource: false };

/** The bundle with other texts in the annotations of its alerts, and therefore of another version. */
function edited(desired: Desired): Desired {
  const version = [...desired.version].reverse().join('');
  const rules = desired.rules.map(({ name, text }) => {
    const changed = text.replace(/summary: (['"]?)/, 'summary: $1Now ').replace(desired.version, version);
    return parseRuleFile(name, changed).file;
  });
  return { ...desired, version, rules };
}

/** Delivers into a directory, as the command does. @returns seconds */
async function seconds(desired: Desired, url: string, directory: string): Promise<number> {
  const env = { PROMETHEUS_URL: url, RULES_DELIVERY: 'directory', RULES_DIRECTORY: directory };
  const settings = readSettings(lookupIn(env, {}, undefined), { only: 'prometheus' });
  const output: string[] = [];
  const options = {
    mode: 'apply',
    format: 'table',
    only: 'prometheus',
    yes: true,
    proofMs: undefined,
    flags,
  } as const;
  const start = performance.now();
  const { code } = await run(desired, settings, options, {
    transport: fetchTransport,
    clock: systemClock,
    print: (text) => void output.push(text),
    say: (text) => void output.push(text),
    ask: undefined,
    signal: undefined,
    commit: () => '',
  });
  if (code !== 0) throw new Error(`A delivery that is measured failed:\n${output.join('\n').slice(-1000)}`);
  return (performance.now() - start) / 1000;
}

/** How long it takes until this project's rules are proven to run in a real Prometheus. */
export const proofBenchmark: Benchmark = {
  id: 'proof',
  summary: 'Rules delivered to a real Prometheus, until they are proven to run.',
  run: async () => {
    const directory = mkdtempSync(join(tmpdir(), 'rules-'));
    const server = await startPrometheus({
      config: prometheusConfig({ ruleFiles: [join(directory, '*.yml')] }),
    });
    try {
      const desired = readDesired(inProject('generated'));
      const rules = desired.rules.flatMap((f) => f.groups).reduce((sum, g) => sum + g.rules.length, 0);
      const line = async (what: string, wanted: Desired, atMost: number): Promise<Line> => ({
        what,
        scale: `${rules} rules`,
        value: await seconds(wanted, server.url, directory),
        unit: 's',
        budget: { atMost },
      });
      return [
        await line('first apply, until proven', desired, 60),
        await line('a changed annotation, until proven', edited(desired), 35),
        await line('nothing to do', edited(desired), 5),
      ];
    } finally {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
