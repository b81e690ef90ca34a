import type { Pipeline } from '../pipeline/index.ts';
import { type ReceiverName, receiverNames } from './severity.ts';

/** Where the secret of a receiver is read from: Alertmanager knows files only, so the container writes them. */
export interface Secret {
  /** Environment variable of the container from which the file is written at start. */
  readonly variable: string;
  /** The file, below {@link secretsFolder}. */
  readonly file: string;
  readonly holds: string;
}

/** How a receiver is reached. */
export interface Receiver {
  readonly kind: 'pagerduty' | 'slack';
  readonly secret: Secret;
  /** Whether it is told when the reason is gone. */
  readonly resolved: boolean;
}

/** The folder of the secret files in Alertmanager's container. */
export const secretsFolder = '/etc/alertmanager/secrets';

const files: Readonly<Record<ReceiverName, string>> = {
  pager: 'pagerduty-routing-key',
  'ops-channel': 'slack-ops-url',
  tickets: 'slack-tickets-url',
  'log-channel': 'slack-log-url',
};
const holds: Readonly<Record<Receiver['kind'], string>> = {
  pagerduty: 'integration key of a PagerDuty service (Events API v2)',
  slack: 'address of an incoming webhook that understands Slack’s messages',
};
/** Who is told when the reason is gone: tickets and logs are read once. */
const resolved: Readonly<Record<ReceiverName, boolean>> = {
  pager: true,
  'ops-channel': true,
  tickets: false,
  'log-channel': false,
};

/**
 * Every receiver. `routing_key_file` exists from Alertmanager 0.25 on and `api_url_file` from 0.22 on; webhooks read
 * their address from a file (`url_file`) only from 0.26 on, and so are not used. Tickets go through a Slack-compatible
 * webhook too: that is what ticket systems take in without a server of one's own.
 */
export const receivers = ({
  channels,
}: Pick<Pipeline, 'channels'>): Readonly<Record<ReceiverName, Receiver>> =>
  Object.fromEntries(
    receiverNames.map((name) => {
      const { kind, variable } = channels[name];
      const file = kind === 'slack' && name === 'pager' ? 'slack-pager-url' : files[name];
      return [name, { kind, secret: { variable, file, holds: holds[kind] }, resolved: resolved[name] }];
    }),
  ) as Record<ReceiverName, Receiver>;
