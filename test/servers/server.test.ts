import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { EnvironmentFailure } from '../../src/lib/errors.ts';
import { freePort } from '../../src/servers/port.ts';
import { Server, serverFolder, stopAll } from '../../src/servers/server.ts';
import { isAlive, script, temporaryFolder } from './machine.ts';

vi.mock('../../src/servers/port.ts', async (original) => {
  const real = await original<typeof import('../../src/servers/port.ts')>();
  return { ...real, freePort: vi.fn(real.freePort) };
});

// A server small enough to misbehave in any way; it is ready at /-/ready like the real ones.
const node = (body: string): string => `exec '${process.execPath}' -e '${body}' "$@"`;
const listening = node(`
  const server = require("http").createServer((q, r) => r.end(q.url === "/-/ready" ? "ok" : String(process.pid)));
  server.on("error", (error) => { console.error("listen: address already in use", error.code); process.exit(1); });
  server.listen(Number(process.argv[1]), "127.0.0.1", () => console.log("started"));
`);

function server(body: string, options: { port?: number; timeoutMs?: number; graceMs?: number } = {}): Server {
  const binary = script(join(temporaryFolder(), 'program'), body);
  return new Server({
    title: 'Thing',
    binary,
    folder: serverFolder('Thing'),
    args: (port) => [String(port)],
    ...options,
  });
}

/** Another listener that answers everything with 200. */
async function impostor(): Promise<number> {
  const port = await freePort();
  const other = createServer((_, response) => response.end('me'));
  await new Promise<void>((done) => other.listen(port, '127.0.0.1', done));
  onTestFinished(() => void other.close());
  return port;
}

afterEach(() => vi.mocked(freePort).mockClear());
afterAll(stopAll);

describe('a server', () => {
  test('is ready when started, gone when stopped, and stopping twice is fine', async () => {
    const thing = server(listening);
    expect(thing.running).toBe(false);
    await thing.start();
    const pid = thing.pid!;
    expect(await (await fetch(thing.url)).text()).toBe(String(pid));
    await Promise.all([thing.stop(), thing.stop()]);
    await thing.stop();
    expect(isAlive(pid)).toBe(false);
    expect(thing.pid).toBeUndefined();
    expect(thing.log()).toBe('started\n');
    await expect(thing.restart()).rejects.toThrow('was stopped');
  });

  test('keeps its port and its log over a restart, and over a crash', async () => {
    const thing = server(listening);
    await thing.start();
    const { port, pid } = thing;
    await thing.restart();
    expect(thing.port).toBe(port);
    expect(thing.pid).not.toBe(pid);
    await thing.kill();
    expect(thing.running).toBe(false);
    await thing.restart();
    expect((await fetch(thing.url)).ok).toBe(true);
    expect(thing.log()).toBe('started\nstarted\nstarted\n');
    await thing.stop();
  });

  test('that does not end when asked is killed, with everything that it started', async () => {
    const stubborn = listening.replace('server.listen', 'process.on("SIGTERM", () => {}); server.listen');
    const thing = server(`sleep 300 & echo $!; ${stubborn}`, { graceMs: 100 });
    await thing.start();
    const pid = thing.pid!;
    await thing.stop();
    expect(isAlive(pid)).toBe(false);
    await expect.poll(() => isAlive(Number.parseInt(thing.log(), 10))).toBe(false);
  });

  test('is stopped with all others', async () => {
    const things = [server(listening), server(listening)];
    await Promise.all(things.map((thing) => thing.start()));
    await stopAll();
    expect(things.map((thing) => thing.running)).toEqual([false, false]);
  });
});

describe('a start', () => {
  test('takes another port when another server was faster, which then does not pass for the server', async () => {
    const taken = await impostor();
    vi.mocked(freePort).mockResolvedValueOnce(taken);
    const thing = server(listening);
    await thing.start();
    expect(thing.port).not.toBe(taken);
    expect(await (await fetch(thing.url)).text()).toBe(String(thing.pid));
  });

  test('on a given port that is taken fails, and says why', async () => {
    const port = await impostor();
    await expect(server(listening, { port }).start()).rejects.toThrow(
      `Thing cannot listen on 127.0.0.1:${port}: another program does.`,
    );
    expect(freePort).toHaveBeenCalledTimes(1);
  });

  test.runIf(process.platform === 'linux')('waits for its own server, not for any that answers', async () => {
    const thing = server(node('setTimeout(() => {}, 60_000)'), { port: await impostor(), timeoutMs: 300 });
    await expect(thing.start()).rejects.toThrow('Thing was not ready after 0.3 s.');
    expect(thing.running).toBe(false);
  });

  test('that fails tells the exit code and the end of the log', async () => {
    const thing = server('for i in $(seq 40); do echo "line $i"; done; exit 3');
    const error = await thing.start().catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(EnvironmentFailure);
    expect((error as Error).message).toMatch(/^Thing ended at once with exit code 3\.\n {4}line 26\n/);
    expect((error as Error).message).toMatch(/line 40$/);
  });

  test('of something that cannot be executed tells so', async () => {
    const folder = serverFolder('Thing');
    const thing = new Server({ title: 'Thing', binary: '/no/such/program', folder, args: () => [] });
    await expect(thing.start()).rejects.toThrow(/^Thing cannot be started: .*ENOENT/);
  });
});

test('the folder of a server is its own and goes when it is stopped', async () => {
  const folder = serverFolder('Thing');
  expect(serverFolder('Thing')).not.toBe(folder);
  const binary = script(join(temporaryFolder(), 'program'), listening);
  const thing = new Server({ title: 'Thing', binary, folder, args: (port) => [String(port)] });
  await thing.start();
  expect(existsSync(folder)).toBe(true);
  await thing.stop();
  expect(existsSync(folder)).toBe(false);
});
