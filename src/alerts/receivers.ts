import type { ReceiverName } from './severity.ts';

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

const slack = (variable: string, file: string): Secret => ({
  variable,
  file,
  holds: 'address of an incoming webhook that understands Slack’s messages',
});

/**
 * Every receiver. `routing_key_file` exists from Alertmanager 0.25 on and `api_url_file` from 0.22 on; webhooks read
 * their address from a file (`url_file`) only from 0.26 on, and so are not used. Tickets go through a Slack-compatible
 * webhook too: that is what ticket systems take in without a server of one's own.
 */
export const receivers: Readonly<Record<ReceiverName, Receiver>> = {
  pager: {
    kind: 'pagerduty',
    secret: {
      variable: 'PAGERDUTY_ROUTING_KEY',
      file: 'pagerduty-routing-key',
      holds: 'integration key of a PagerDuty service (Events API v2)',
    },
    resolved: true,
  },
  'ops-channel': {
    kind: 'slack',
    secret: slack('SLACK_OPS_WEBHOOK_URL', 'slack-ops-url'),
    resolved: true,
  },
  tickets: {
    kind: 'slack',
    secret: slack('SLACK_TICKETS_WEBHOOK_URL', 'slack-tickets-url'),
    resolved: false,
  },
  'log-channel': {
    kind: 'slack',
    secret: slack('SLACK_LOG_WEBHOOK_URL', 'slack-log-url'),
    resolved: false,
  },
};
