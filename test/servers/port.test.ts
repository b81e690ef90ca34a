import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort, isFree, listensOn } from '../../src/servers/port.ts';

async function listener(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

describe('freePort', () => {
  test('gives a port on which one can listen, below those that kernels give to clients', async () => {
    const port = await freePort();
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThan(32_768);
    await listener(port);
    expect(await isFree(port)).toBe(false);
  });

  test('never gives the same port twice', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, freePort));
    expect(new Set(ports).size).toBe(50);
  });
});

describe.runIf(process.platform === 'linux')('listensOn', () => {
  test('tells the process that listens from one that does not', async () => {
    const port = await freePort();
    expect(listensOn(process.pid, port)).toBe(false);
    await listener(port);
    expect(listensOn(process.pid, port)).toBe(true);
    const other = spawn('sleep', ['30']);
    onTestFinished(() => void other.kill());
    expect(listensOn(other.pid!, port)).toBe(false);
  });

  test('does not know about a process that is gone', () => {
    expect(listensOn(999_999_999, 80)).toBeUndefined();
  });
});
