import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderArtefacts } from '../../src/compile/artefacts.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { fetchTransport } from '../../src/lib/transport.ts';
import { type Desired, readDesired } from '../../src/provision/desired.ts';
import { run } from '../../src/provision/run.ts';
import { readSettings } from '../../src/provision/settings.ts';
import { lookupIn } from '../../src/provision/settings-source.ts';
import type { Rules } from '../../src/servers/start.ts';
import { record, temporaryFolder } from '../record/helpers.ts';
import { bundle as relayBundle } from '../relay.ts';

/** Parts of a healthy system, built from the definitions as they are now. */

/** A folder like generated/, of its own. */
export async function buildBundle(): Promise<string> {
  const folder = temporaryFolder();
  for (const [path, text] of await renderArtefacts(relayBundle)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

/** The rules of a bundle with a clock of two seconds, for a short test. */
export const fastRules = (rules: readonly { name: string; text: string }[]): Rules[] =>
  rules.map(({ name, text }) => ({ name, text: text.replaceAll(/^( +interval: ).*$/gm, '$12s') }));

/** Provisions the dashboards of a bundle. @param earlier what the bundle was before */
export async function provisionGrafana(
  folder: string,
  env: Record<string, string>,
  earlier: (desired: Desired) => Desired = (desired) => desired,
): Promise<number> {
  const settings = readSettings(lookupIn(env, {}, undefined), { only: 'grafana', plainHttp: true });
  const { code } = await run(
    earlier(readDesired(folder)),
    settings,
    {
      mode: 'apply',
      format: 'table',
      only: 'grafana',
      yes: true,
      proofMs: undefined,
      flags: { adopt: false, force: false, prune: false, createDatasource: false },
    },
    {
      transport: fetchTransport,
      clock: systemClock,
      print: () => {},
      say: () => {},
      ask: undefined,
      signal: undefined,
      commit: () => '',
    },
  );
  return code;
}

/** A deployment that records everything that is required. */
export async function completeDeployment(env: NodeJS.ProcessEnv): Promise<void> {
  const now = Date.now() / 1000;
  const calls: readonly (readonly string[])[] = [
    ['start', '--no-sweep'],
    ['stage', '--service', 'api', '--stage', 'deploy', '--', 'true'],
    ['migration', '--migration-name', 'alembic', '--', 'true'],
    ['health', '--service', 'api', '--check', `${now},healthy,0.1`],
    ['smoke-test', '--test-name', 'web', '--', 'true'],
    ['finish', '--outcome', 'success'],
  ];
  for (const argv of calls) {
    const { code, stderr } = await record([...argv, '--strict'], env);
    if (code !== 0) throw new Error(stderr);
  }
}
