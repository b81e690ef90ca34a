import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { root } from '../../src/lib/root.ts';

const run = (
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['scripts/run.mjs', 'diff', ...args],
      { cwd: root, env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env } },
      (_, out, err) => resolve({ code: child.exitCode ?? 1, out, err }),
    );
  });

it.each([
  [['--base-dir', 'README.md'], 'There is no directory README.md.'],
  [['--base-dir', 'docs'], 'docs holds neither dashboards nor rules.'],
  [['--server', 'nonsense'], '--server is not a URL'],
  [['--base', 'HEAD', '--prometheus', 'ftp://x'], '--prometheus must start with http:// or https://.'],
  [['--base', 'HEAD', '--format', 'html'], '"html" is no format.'],
])('says what is wrong with %j', async (args, words) => {
  const { code, err } = await run(args);
  expect(code).toBe(1);
  expect(err).toContain(words);
  expect(err).not.toMatch(/bug|PROMETHEUS_URL|\n {4}at /);
});

it('sends credentials to no other host than their own', async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.end(JSON.stringify({ status: 'success', data: { groups: [] } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const token = { PROMETHEUS_TOKEN: 'secret' };
    await run(['--server', url], { ...token, PROMETHEUS_URL: 'https://prometheus.example' });
    await run(['--server', url], { ...token, PROMETHEUS_URL: url });
    expect(seen).toEqual([undefined, 'Bearer secret']);
  } finally {
    server.close();
  }
});
