import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startPushgateway } from '../../src/servers/start.ts';
import { jobEnv, record, runRecorder, seriesOf, temporaryFolder } from './helpers.ts';

/** bcrypt of "geheim". */
const hash = '$2b$04$uZt6U66biCPgZdn3KCy3vuI.XxGOGvmIyhBbUJqRv2aDxbpWRwtWC';
const cost = ['cost', '--resource', 'vercel_build', '--usd', '1'];
const basic = { PUSHGATEWAY_USERNAME: 'ci', PUSHGATEWAY_PASSWORD: 'geheim' };

describe.each(['current', '2.42'] as const)(
  'a Pushgateway of generation %s with a password and a path prefix',
  (generation) => {
    let gateway: RunningServer;
    beforeAll(async () => {
      const config = join(temporaryFolder(), 'web.yml');
      writeFileSync(config, `basic_auth_users:\n  ci: ${hash}\n`);
      gateway = await startPushgateway({
        generation,
        pathPrefix: '/push/gateway',
        extraArgs: [`--web.config.file=${config}`],
        headers: { authorization: `Basic ${Buffer.from('ci:geheim').toString('base64')}` },
      });
    });
    afterAll(() => gateway.stop());
    const env = (extra: Record<string, string>): NodeJS.ProcessEnv =>
      jobEnv({ PUSHGATEWAY_URL: gateway.url, ...extra });

    test('takes events and sweeps with the right password, with and without a slash at the end', async () => {
      expect(gateway.url).toContain('/push/gateway');
      for (const url of [gateway.url, `${gateway.url}/`]) {
        const job = env({ ...basic, PUSHGATEWAY_URL: url });
        expect((await record(cost, job)).warnings).toEqual([]);
        expect(await record(['sweep', '--at', '4000000000'], job)).toMatchObject({
          warnings: [],
          stderr: 'Removed 1 group.\n',
        });
      }
    });
    test('and says what is wrong without it, or without the prefix', async () => {
      expect((await record(cost, env({}))).warnings).toEqual([
        expect.stringMatching(/refused the credentials \(401\)/),
      ]);
      const wrong = await record(cost, env({ ...basic, PUSHGATEWAY_PASSWORD: 'falsch-falsch' }));
      expect(wrong.warnings).toEqual([expect.stringMatching(/refused the credentials \(401\)/)]);
      expect(wrong.stderr).not.toContain('falsch-falsch');
      const bare = new URL(gateway.url).origin;
      expect((await record(cost, env({ ...basic, PUSHGATEWAY_URL: bare }))).warnings).toEqual([
        expect.stringMatching(/404.*path prefix/),
      ]);
      expect((await record(['sweep'], env({}))).warnings).toEqual([
        expect.stringMatching(/refused the credentials/),
      ]);
    });
  },
);

/** A certificate for localhost that is not signed; undefined where there is no openssl. */
function certificate(): { key: Buffer; cert: Buffer; file: string } | undefined {
  const folder = temporaryFolder();
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  try {
    const args = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '1',
    ];
    execFileSync('openssl', [...args, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return { key: readFileSync(key), cert: readFileSync(cert), file: cert };
}

const tls = certificate();
if (!tls) console.warn('There is no openssl here, so that recording over TLS is not tested.');

describe.skipIf(!tls)('a gateway behind TLS', () => {
  let gateway: RunningServer;
  let front: Server;
  let url: string;
  beforeAll(async () => {
    gateway = await startPushgateway();
    front = createServer({ key: tls!.key, cert: tls!.cert }, (incoming, answer) => {
      const { method, headers } = incoming;
      const passed = request(`${gateway.url}${incoming.url}`, { method: method!, headers }, (response) => {
        answer.writeHead(response.statusCode!);
        response.pipe(answer);
      });
      incoming.pipe(passed);
    });
    await new Promise<void>((resolve) => void front.listen(0, '127.0.0.1', resolve));
    url = `https://localhost:${(front.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    front.closeAllConnections();
    front.close();
    await gateway.stop();
  });

  test('takes events when its certificate is trusted', async () => {
    const done = await runRecorder(cost, jobEnv({ PUSHGATEWAY_URL: url, NODE_EXTRA_CA_CERTS: tls!.file }));
    expect(done.warnings).toEqual([]);
    expect((await seriesOf(gateway.url)).map((s) => s.value)).toEqual([1]);
  });
  test('is not trusted otherwise, and asked only once', async () => {
    const done = await runRecorder(cost, jobEnv({ PUSHGATEWAY_URL: url }));
    expect(done).toMatchObject({
      code: 0,
      warnings: [expect.stringMatching(/certificate that is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/)],
    });
  });
  test('plain HTTP to a TLS port is one warning', async () => {
    const done = await runRecorder(cost, jobEnv({ PUSHGATEWAY_URL: url.replace('https', 'http') }));
    expect(done.code).toBe(0);
    expect(done.warnings).toHaveLength(1);
  });
});
