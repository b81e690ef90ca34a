import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { snapshotIn } from '../../src/compile/snapshot.ts';
import { differences } from '../../src/diff/diff.ts';
import { rulesOnServer } from '../../src/diff/server.ts';
import { Prometheus } from '../../src/lib/prometheus.ts';
import { inProject } from '../../src/lib/root.ts';
import { startPrometheus } from '../../src/servers/start.ts';

const folder = inProject('generated', 'prometheus', 'rules');
/** The generated rules, with one edit. */
const rules = (from: string, to: string) =>
  readdirSync(folder).map((name) => ({
    name,
    text: readFileSync(join(folder, name), 'utf8').replace(from, to),
  }));
const mine = snapshotIn(inProject('generated'));

it.each(['current', '2.42'] as const)(
  'finds nothing new on a Prometheus %s that runs the generated rules',
  async (generation) => {
    const server = await startPrometheus({ generation, rules: rules('', '') });
    try {
      expect(differences(await rulesOnServer(new Prometheus(server.url), mine), mine)).toEqual([]);
    } finally {
      await server.stop();
    }
  },
);

it('says how a server differs', async () => {
  const server = await startPrometheus({ rules: rules('severity: critical', 'severity: info') });
  try {
    const [change, ...others] = differences(await rulesOnServer(new Prometheus(server.url), mine), mine);
    expect(change?.text).toBe(
      'severity `info` → `critical`: goes to `ops-channel or pager` and no longer to `log-channel`',
    );
    expect(others).toEqual([]);
  } finally {
    await server.stop();
  }
});
