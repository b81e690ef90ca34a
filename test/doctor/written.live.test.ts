import { afterAll, beforeAll, expect, it } from 'vitest';
import { examine } from '../../src/doctor/run.ts';
import { inProject } from '../../src/lib/root.ts';
import { carry } from '../../src/record/pipeline.ts';
import { type RunningPrometheus, startPrometheus } from '../../src/servers/start.ts';
import { recordQuietly } from '../live/record.ts';
import { pipeline } from '../relay.ts';
import { named } from './servers.ts';

let server: RunningPrometheus;
const written = { ...pipeline, transport: 'remote-write' } as const;
const found = async (variables: Record<string, string>): Promise<string[]> => {
  const env = { PROMETHEUS_URL: server.url, ...variables };
  const { steps } = await examine(env, inProject('generated'), written);
  return named(
    steps.filter(({ title }) => /^(Receiver|Events|Scrape)/.test(title)).flatMap(({ findings }) => findings),
  );
};

beforeAll(async () => {
  server = await startPrometheus({ extraArgs: ['--web.enable-remote-write-receiver'] });
  carry(written);
});
afterAll(async () => {
  carry(pipeline);
  await server?.stop();
});

it('finds where events end that are written remotely', async () => {
  const REMOTE_WRITE_URL = `${server.url}/api/v1/write`;
  expect(await found({})).toEqual(['error receiver-unset', 'warning nothing-written']);
  expect(await found({ REMOTE_WRITE_URL: `${server.url}/api/v1/push` })).toContain('error receiver-refuses');
  expect(await found({ REMOTE_WRITE_URL: 'http://127.0.0.1:1/api/v1/write' })).toContain(
    'error receiver-unreachable',
  );
  expect(await found({ REMOTE_WRITE_URL })).toEqual(['warning nothing-written']);
  expect(await recordQuietly(['start', '--deployment-id', '1', '--strict'], { REMOTE_WRITE_URL })).toBe(0);
  expect(await found({ REMOTE_WRITE_URL })).toEqual([]);
});
