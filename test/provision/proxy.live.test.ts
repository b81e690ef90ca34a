import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inProject } from '../../src/lib/root.ts';
import { FakeAlertmanager } from '../fakes/alertmanager/alertmanager.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';

const run = promisify(execFile);
/** No name server knows it, so only the proxy can have led there. */
const host = 'alertmanager.invalid';

const folder = mkdtempSync(join(tmpdir(), 'proxy-'));
const file = (name: string): string => join(folder, name);
const alertmanager = new FakeAlertmanager();
const asked: string[] = [];
let behind: Listening;
let stop: () => void;
let port = 0;

beforeAll(async () => {
  const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
  const kind = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  await run('openssl', [...kind, ...subject, '-keyout', file('key.pem'), '-out', file('ca.pem')]);
  behind = await listen(alertmanager.handler);
  // TLS ends here, and plain HTTP goes on to the fake.
  const secure = createTlsServer(
    { key: readFileSync(file('key.pem')), cert: readFileSync(file('ca.pem')) },
    async (request, response) => {
      const answer = await fetch(`${behind.url}${request.url}`);
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(await answer.text());
    },
  );
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  const proxy = createServer((_, response) => response.writeHead(400).end());
  proxy.on('connect', (request, socket) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`);
    const tunnel = connect((secure.address() as AddressInfo).port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      tunnel.pipe(socket).pipe(tunnel);
    });
    for (const end of [tunnel, socket]) end.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  port = (proxy.address() as AddressInfo).port;
  stop = () => {
    for (const server of [proxy, secure]) {
      server.closeAllConnections();
      server.close();
    }
  };
});
afterAll(async () => {
  stop?.();
  await behind?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** One request in a process of its own, because Node reads its certificates at its start. */
const ask = async (env: Record<string, string>): Promise<string> => {
  const script = `require(${JSON.stringify(file('proxy.cjs'))}).environmentTransport()({
    method: 'GET', url: new URL('https://${host}/metrics'), headers: {}, timeoutMs: 10000,
  }).then((answer) => console.log(answer.status, answer.body), (error) => console.log(error.code))`;
  const { stdout } = await run(process.execPath, ['-e', script], {
    env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: file('ca.pem'), ...env },
  });
  return stdout;
};

it('goes through the proxy of the environment, which must not see what is asked', async () => {
  await build({
    entryPoints: [inProject('src/lib/proxy.ts')],
    outfile: file('proxy.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
  });
  const HTTPS_PROXY = `http://relay:hunter22@127.0.0.1:${port}`;
  expect(await ask({ HTTPS_PROXY })).toContain('200 # TYPE alertmanager_config_hash gauge');
  const basic = `Basic ${Buffer.from('relay:hunter22').toString('base64')}`;
  expect(asked).toEqual([`${host}:443 ${basic}`]);

  expect(await ask({ HTTPS_PROXY, NODE_EXTRA_CA_CERTS: '' })).toBe('DEPTH_ZERO_SELF_SIGNED_CERT\n');
  asked.length = 0;
  expect(await ask({ HTTPS_PROXY, NO_PROXY: host })).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/m);
  expect(asked).toEqual([]);
}, 60_000);
