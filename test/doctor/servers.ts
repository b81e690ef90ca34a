import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Finding } from '../../src/doctor/model.ts';

/** Findings as tests name them: `error gateway-unset`. */
export const named = (findings: readonly Finding[]): string[] =>
  findings.map(({ severity, id }) => `${severity} ${id}`);

/** Servers that answer every request alike, and are closed together. */
export class Dummies {
  #all: Server[] = [];

  /** Starts one. @returns its URL */
  async answering(status: number, body: string, headers: Record<string, string> = {}): Promise<string> {
    return await this.serve(
      createServer((request, response) => {
        request.resume();
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
      }),
    );
  }

  /** Listens with a server on a free port. @returns its URL */
  async serve(server: Server): Promise<string> {
    this.#all = [...this.#all, server];
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const server of this.#all.splice(0)) server.close();
  }
}

/** An answer in the envelope of Prometheus and the Pushgateway. */
export const success = (data: unknown): string => JSON.stringify({ status: 'success', data });
