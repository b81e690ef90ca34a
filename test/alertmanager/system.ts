import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { receivers, secretsFolder } from '../../src/alerts/receivers.ts';
import type { ReceiverName } from '../../src/alerts/severity.ts';
import { alertmanagerConfig } from '../../src/compile/alerts/alertmanager.ts';
import { Prometheus } from '../../src/lib/prometheus.ts';
import { inProject } from '../../src/lib/root.ts';
import { ledgerInterval } from '../../src/pipeline/ledger.ts';
import type { Generation } from '../../src/servers/find.ts';
import {
  prometheusConfig,
  type RunningServer,
  startAlertmanager,
  startPrometheus,
  startPushgateway,
} from '../../src/servers/start.ts';
import { alerts, pipeline } from '../relay.ts';
import { scaled, scaledRules } from './pace.ts';
import { type Inbox, startInbox } from './receiver.ts';

interface Config {
  global?: object;
  route: object;
  receivers: { name: string }[];
}

const waits: ReadonlySet<string> = new Set(['group_wait', 'group_interval', 'repeat_interval']);
const paced = (config: Config, pace: (wait: string) => string): Config =>
  JSON.parse(JSON.stringify(config), (key, value) =>
    waits.has(key) ? pace(value as string) : value,
  ) as Config;

/** The project's own configuration, in which every receiver is a webhook of the inbox: `/pager`, `/tickets`, … */
export function webhookConfig(inbox: Inbox): Config {
  const config = paced(alertmanagerConfig(alerts, pipeline) as unknown as Config, scaled);
  return {
    ...config,
    receivers: config.receivers.map(({ name }) => ({
      name,
      webhook_configs: [{ url: `${inbox.url}/${name}`, send_resolved: true }],
    })),
  };
}

/** The project's own configuration to the letter, but for its waits, where its secrets are, and PagerDuty's address. */
export function realConfig(inbox: Inbox, folder: string): Config {
  mkdirSync(folder, { recursive: true });
  for (const [name, { kind, secret }] of Object.entries(receivers(pipeline)))
    writeFileSync(join(folder, secret.file), kind === 'slack' ? `${inbox.url}/${name}` : 'a-routing-key');
  const text = JSON.stringify(paced(alertmanagerConfig(alerts, pipeline) as unknown as Config, () => '1s'));
  return {
    ...(parse(text.replaceAll(secretsFolder, folder)) as Config),
    global: { pagerduty_url: `${inbox.url}/pager` },
  };
}

/** Gateway, Prometheus with the generated rules, Alertmanager, and where its notifications arrive. */
export interface NotifyingSystem {
  readonly gateway: RunningServer;
  readonly alertmanager: RunningServer;
  readonly prometheus: Prometheus;
  readonly inbox: Inbox;
  /** Notifications that arrived for a receiver, and when. */
  arrived(receiver: ReceiverName): Webhook[];
  stop(): Promise<void>;
}

/** The parts of a webhook's body that tests look at, and when it arrived, milliseconds. */
export interface Webhook {
  readonly arrivedAt: number;
  readonly status: 'firing' | 'resolved';
  readonly receiver: string;
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly alerts: readonly {
    readonly status: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

/** Starts all of it, of one generation. */
export async function startNotifyingSystem(
  generation: Generation,
  configOf: (inbox: Inbox) => Config = webhookConfig,
): Promise<NotifyingSystem> {
  const inbox = await startInbox();
  const [gateway, alertmanager] = await Promise.all([
    startPushgateway({ generation }),
    startAlertmanager({ generation, config: { ...configOf(inbox) } }),
  ]);
  const config = prometheusConfig({
    pushgatewayUrl: gateway.url,
    alertmanagerUrl: alertmanager.url,
    scrapeInterval: scaled(`${ledgerInterval}s`),
    evaluationInterval: scaled(`${ledgerInterval}s`),
  });
  const folder = inProject('generated', 'prometheus', 'rules');
  const rules = readdirSync(folder).map((name) => ({
    name,
    text: scaledRules(readFileSync(join(folder, name), 'utf8')),
  }));
  const server = await startPrometheus({ generation, config, rules });
  return {
    gateway,
    alertmanager,
    prometheus: new Prometheus(server.url),
    inbox,
    arrived: (receiver) =>
      inbox.arrivals
        .filter(({ path }) => path === `/${receiver}`)
        .map(({ body, arrivedAt }) => ({ ...(body as Omit<Webhook, 'arrivedAt'>), arrivedAt })),
    stop: async () => {
      await server.stop();
      await Promise.all([alertmanager.stop(), gateway.stop()]);
      await inbox.stop();
    },
  };
}
