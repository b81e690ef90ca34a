import { type ChannelName, channelNames } from '../pipeline/index.ts';

/** Meaning of a severity, and its receivers. Routing, runbooks and the documentation are made from this. */
export interface SeverityDefinition {
  readonly meaning: string;
  readonly reaches: string;
  /** Expected reaction. */
  readonly response: string;
  readonly receiver: ReceiverName;
  /** Receiver outside production, where no alert pages. */
  readonly elsewhere: ReceiverName;
  /**
   * How long Alertmanager collects before it says the first word, before it says more, and before it says it again.
   * Less urgent ones wait longer: when a deployment fails, its page is there first, and the rest is not sent.
   */
  readonly wait: string;
  readonly interval: string;
  readonly repeat: string;
}

/** The names of Alertmanager's receivers. */
export const receiverNames = channelNames;
/** The name of a receiver: a channel of the pipeline file. */
export type ReceiverName = ChannelName;

/** From the most urgent to the least. */
export const severities = {
  critical: {
    meaning: 'Users are hit or will be in minutes, or data is at risk, and only a person can stop it.',
    reaches: 'the pager of the person on call',
    response: 'Look at it within five minutes, at any hour.',
    receiver: 'pager',
    elsewhere: 'ops-channel',
    wait: '30s',
    interval: '5m',
    repeat: '4h',
  },
  high: {
    meaning: 'Deployments are impaired, or it could not be seen if they were. Users are not hit yet.',
    reaches: 'the ops channel',
    response: 'Look at it within the hour, during working hours.',
    receiver: 'ops-channel',
    elsewhere: 'ops-channel',
    wait: '3m',
    interval: '5m',
    repeat: '12h',
  },
  medium: {
    meaning: 'Something gets worse slowly, or costs time or money. It can wait until it is planned.',
    reaches: 'the ticket queue',
    response: 'Look at it within the week.',
    receiver: 'tickets',
    elsewhere: 'tickets',
    wait: '10m',
    interval: '30m',
    repeat: '5d',
  },
  info: {
    meaning: 'Nothing has to be done. Good to know when something else happens.',
    reaches: 'the log channel',
    response: 'None.',
    receiver: 'log-channel',
    elsewhere: 'log-channel',
    wait: '5m',
    interval: '1h',
    repeat: '5d',
  },
} as const satisfies Record<string, SeverityDefinition>;

/** The name of a severity: the value of label `severity`. */
export type Severity = keyof typeof severities;
