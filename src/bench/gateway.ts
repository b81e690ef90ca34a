import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Deployment, exposedHistory, seriesText, simulate } from '../simulator/index.ts';

/** How long a finished deployment stays on the gateway, days. */
const retention = 7_200 / 86_400;

/** So many deployments of the last two hours, at any hour of the day. */
function lastDeployments(count: number, end: number): Deployment[] {
  const all = simulate({ seed: 7, end, days: retention, perDay: (count / retention) * 30 }).deployments;
  const finished = all.filter((d) => d.finished === undefined || d.finished <= end);
  const step = finished.length / count;
  return Array.from({ length: count }, (_, i) => finished[Math.floor(i * step)]).filter(
    (d) => d !== undefined,
  );
}

/** The gateway's series at `end` when so many deployments a day are recorded. */
export async function expositionAt(perDay: number, end: number): Promise<string> {
  const deployments = lastDeployments(Math.max(1, Math.round(perDay * retention)), end);
  const lines: string[] = [];
  for await (const { lives } of exposedHistory({ seed: 7, end, deployments }))
    for (const { labels, value, from, to } of lives.flat())
      if (from <= end && end < to) lines.push(`${seriesText(labels)} ${value}\n`);
  return lines.join('');
}

/** Serves a text as a gateway would, on a free port. */
export async function serveExposition(
  text: string,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server: Server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
