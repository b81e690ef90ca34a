import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Line } from '../../../src/bench/line.ts';
import { inProject } from '../../../src/lib/root.ts';
import type { Desired } from '../../../src/provision/desired.ts';
import { readDesired } from '../../../src/provision/index.ts';
import { parseRuleFile } from '../../../src/provision/rules/parse.ts';
import { prometheusConfig, startPrometheus } from '../../../src/servers/index.ts';
import { deliver, rulesDirectory } from './real.ts';

/** The bundle with another text in one annotation of one alert. */
function changed(desired: Desired): Desired {
  const rules = desired.rules.map((file) =>
    file.name === 'alerts.yml'
      ? parseRuleFile(file.name, file.text.replace(/summary: (['"]?)/, 'summary: $1Now ')).file
      : file,
  );
  return { ...desired, rules };
}

/** Seconds that this project's own rules take to be delivered into a real Prometheus and proven. */
export async function benchProof(): Promise<Line[]> {
  const directory = rulesDirectory();
  const server = await startPrometheus({
    config: prometheusConfig({ ruleFiles: [join(directory, '*.yml')] }),
  });
  try {
    const desired = readDesired(inProject('generated'));
    const rules = desired.rules.flatMap((f) => f.groups).reduce((sum, g) => sum + g.rules.length, 0);
    const timed = async (what: string, wanted: Desired, atMost: number): Promise<Line> => {
      const start = performance.now();
      const ran = await deliver(server.url, directory, wanted, { options: { proofMs: undefined } });
      if (ran.result?.code !== 0)
        throw new Error(`A run that is measured failed:\n${ran.output.slice(-1000)}`);
      const value = (performance.now() - start) / 1000;
      return { what, scale: `${rules} rules, a real Prometheus`, value, unit: 's', budget: { atMost } };
    };
    return [
      await timed('first apply, proven', desired, 60),
      await timed('a changed annotation, proven', changed(desired), 35),
      await timed('nothing to do', changed(desired), 5),
    ];
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
