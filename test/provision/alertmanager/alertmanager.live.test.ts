import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { inProject } from '../../../src/lib/root.ts';
import { fetchTransport } from '../../../src/lib/transport.ts';
import type { Flags } from '../../../src/provision/model.ts';
import { type Result, run } from '../../../src/provision/run.ts';
import { startAlertmanager } from '../../../src/servers/start.ts';
import { byNight } from '../../nightly.ts';
import { desiredOf } from '../fixtures/bundle.ts';
import { settingsOf } from '../harness.ts';

const ours = readFileSync(inProject('generated/alertmanager/alertmanager.yml'), 'utf8');

it.each(byNight<'current' | '2.42'>('current', '2.42'))(
  'delivers the generated configuration to a real Alertmanager (%s)',
  async (generation) => {
    const server = await startAlertmanager({ generation });
    const file = join(server.configDir, 'alertmanager.yml');
    const env = { ALERTMANAGER_URL: server.url, ALERTMANAGER_DIRECTORY: server.configDir };
    const output: string[] = [];
    const go = async (text: string, mode: 'apply' | 'plan', flags: Partial<Flags> = {}): Promise<Result> => {
      const only = 'alertmanager';
      const write = (line: string): void => void output.push(line);
      return await run(
        desiredOf({ alertmanager: text }),
        settingsOf(env, { only }),
        {
          mode,
          only,
          format: 'table',
          yes: true,
          proofMs: 10_000,
          flags: { adopt: false, force: false, prune: false, createDatasource: false, ...flags },
        },
        {
          transport: fetchTransport,
          clock: systemClock,
          print: write,
          say: write,
          ask: undefined,
          signal: undefined,
          commit: () => '',
        },
      );
    };
    try {
      expect((await go(ours, 'apply')).code).toBe(1);
      expect(output.join('\n')).toContain('alertmanager.yml exists and was not made by us');
      expect((await go(ours, 'apply', { adopt: true })).code).toBe(0);
      expect((await go(ours, 'plan')).code).toBe(0);

      const slower = ours.replace('group_wait: 30s', 'group_wait: 40s');
      expect((await go(slower, 'plan')).plan.changes[0]?.details[0]).toContain(
        'group_wait 30s → 40s (it is heard of later)',
      );
      expect((await go(slower, 'apply')).code).toBe(0);

      output.length = 0;
      expect((await go(ours.replace('receiver: pager', 'receiver: nobody'), 'apply')).code).toBe(1);
      expect(output.join('\n')).toContain('undefined receiver "nobody" used in route');
      expect(readFileSync(file, 'utf8')).toBe(slower);
      expect((await go(slower, 'plan')).code).toBe(0);

      // Loaded from elsewhere than the file: the server says so.
      await server.reload({ route: { receiver: 'none' }, receivers: [{ name: 'none' }] });
      writeFileSync(file, slower);
      expect((await go(slower, 'plan')).plan.changes[0]).toMatchObject({ action: 'update' });
    } finally {
      await server.stop();
    }
  },
  120_000,
);
