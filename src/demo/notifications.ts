import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Notification {
  readonly alerts?: readonly {
    readonly status: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

/** A receiver of Alertmanager's notifications. */
export interface Receiver {
  readonly url: string;
  close(): Promise<void>;
}

/** A notification's text, a line for each alert. */
export const notificationLines = ({ alerts = [] }: Notification): string[] =>
  alerts.map(({ status, labels, annotations }) => {
    const where = labels.environment ? ` (${labels.environment})` : '';
    return `Alert ${status}: ${labels.alertname ?? '?'}${where}: ${annotations.summary ?? 'no summary'}`;
  });

/** Makes a server end also when clients keep connections open. */
export const close = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });

/** Listens on this machine only, at a free port. */
export const listen = (server: Server): Promise<string> =>
  new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });

/** Stands in for Slack and the like: hands every notification on as lines. */
export async function receiveNotifications(onLine: (line: string) => void): Promise<Receiver> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      response.end();
      try {
        notificationLines(JSON.parse(body) as Notification).forEach(onLine);
      } catch {
        // Not from Alertmanager.
      }
    });
  });
  return { url: await listen(server), close: () => close(server) };
}

/** Alertmanager's configuration: everything goes to the receiver, soon. */
export const alertmanagerConfig = (receiverUrl: string): Record<string, unknown> => ({
  route: {
    receiver: 'demo',
    group_by: ['alertname', 'environment'],
    group_wait: '5s',
    group_interval: '30s',
    repeat_interval: '4h',
  },
  receivers: [{ name: 'demo', webhook_configs: [{ url: receiverUrl, send_resolved: true }] }],
});
