import { createSocket, type Socket } from 'node:dgram';
import type { LookupAddress } from 'node:dns';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { carefulLookup } from '../../src/record/lookup.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

type Reply = { readonly address?: string; readonly family?: 4 | 6; readonly code?: number } | undefined;
/** A name server on this machine; says for each question (its type: 1 is A, 28 is AAAA) what to answer, or nothing. */
async function nameServer(answer: (type: number) => Reply): Promise<string> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.on('message', (query, from) => {
    const end = query.indexOf(0, 12) + 5;
    const question = query.subarray(12, end);
    const type = question.readUInt16BE(question.length - 4);
    const reply = answer(type);
    if (!reply) return;
    const head = Buffer.from(query.subarray(0, 12));
    head.writeUInt16BE(0x8180 | (reply.code ?? 0), 2);
    head.writeUInt16BE(reply.address ? 1 : 0, 6);
    head.writeUInt32BE(0, 8);
    const data = reply.address ? Buffer.from(reply.address.split('.').map(Number)) : Buffer.alloc(0);
    const record = reply.address
      ? Buffer.concat([Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length]), data])
      : Buffer.alloc(0);
    socket.send(Buffer.concat([head, question, record]), from.port, from.address);
  });
  await new Promise<void>((resolve) => void socket.bind(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(socket.address() as AddressInfo).port}`;
}

const look = (hostname: string, server: string): Promise<LookupAddress[]> =>
  new Promise((resolve, reject) => {
    carefulLookup([server])(hostname, { all: true }, (error, found) =>
      error ? reject(error) : resolve(found as LookupAddress[]),
    );
  });

test('asks the name server', async () => {
  const server = await nameServer((type) => (type === 1 ? { address: '192.0.2.7' } : {}));
  expect(await look('gateway.example', server)).toEqual([{ address: '192.0.2.7', family: 4 }]);
});

test('does not wait for a family of addresses that is never answered', async () => {
  const server = await nameServer((type) => (type === 1 ? { address: '192.0.2.7' } : undefined));
  expect(await look('gateway.example', server)).toEqual([{ address: '192.0.2.7', family: 4 }]);
});

test('a name server that is dead is given up, without a thread that waits for it', {
  timeout: 20_000,
}, async () => {
  const server = await nameServer(() => undefined);
  await expect(look('gateway.example', server)).rejects.toMatchObject({ code: 'EAI_AGAIN' });
});

test('what the name server does not know, the system is asked for', async () => {
  const server = await nameServer(() => ({ code: 3 }));
  await expect(look('gateway.invalid', server)).rejects.toMatchObject({ syscall: 'getaddrinfo' });
});

test('what this machine knows by itself needs no name server', async () => {
  const server = await nameServer(() => undefined);
  const found = await look('localhost', server);
  expect(found.map(({ address }) => address)).toContain('127.0.0.1');
});

test('gives one address where one is asked for', async () => {
  const server = await nameServer((type) => (type === 1 ? { address: '192.0.2.7' } : {}));
  const one = await new Promise((resolve, reject) => {
    carefulLookup([server])('gateway.example', {}, (error, address, family) =>
      error ? reject(error) : resolve([address, family]),
    );
  });
  expect(one).toEqual(['192.0.2.7', 4]);
});
