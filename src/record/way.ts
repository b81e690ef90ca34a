import { type WrittenSeries, writeHeaders, writeRequest } from '../lib/remote-write.ts';
import { joinUrl } from '../lib/url.ts';
import { pipelineJob } from '../metrics/index.ts';
import type { Push } from './emit.ts';
import { exposition } from './exposition.ts';
import { groupPath } from './grouping.ts';
import type { Request } from './http.ts';
import { carried, definitionOf } from './pipeline.ts';
import type { Entry } from './spool.ts';

/** A push as it waits and as it is sent. */
type Content = Pick<Entry, 'method' | 'path' | 'body'>;

/** A transport of events. */
export interface Way {
  /** Of the variables with address and credentials: `<prefix>_URL`. */
  readonly prefix: 'PUSHGATEWAY' | 'REMOTE_WRITE';
  /** Whether the server holds groups, which can be listed and have to be removed some day. */
  readonly holdsGroups: boolean;
  /** The server, as sentences begin. */
  readonly who: string;
  /** Its name in messages. */
  readonly server: string;
  readonly content: (push: Push) => Content;
  /** Whether it writes nothing but events of the pipeline; for what comes from elsewhere. */
  readonly isOurs: (content: Content) => boolean;
  /** Says that a push was refused, where the server does not keep that itself. */
  readonly refused?: (content: Content) => Content;
  /** @param at milliseconds since 1970 by the server's clock, as far as that is known */
  readonly request: (base: URL, content: Content, at: number) => Pick<Request, 'url' | 'headers' | 'body'>;
}

const ownPath = new RegExp(`^metrics/job/${pipelineJob}(/[\\w@.-]+/[\\w=.-]+)+$`);

const gateway: Way = {
  prefix: 'PUSHGATEWAY',
  holdsGroups: true,
  who: 'The gateway',
  server: 'a Pushgateway',
  content: (push) => ({ method: push.method, path: groupPath(push.group), body: exposition(push) }),
  isOurs: ({ path }) => ownPath.test(path),
  request: (base, { path, body }) => ({
    url: joinUrl(base, path),
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
    body,
  }),
};

const pushed = 'push_time_seconds';

/** In place of a value: when it is sent. */
const sendTime = 'at';
type Unsent = readonly {
  readonly labels: WrittenSeries['labels'];
  readonly value: number | typeof sendTime;
}[];

/**
 * The series of a push. An info says in its value when it was sent, so that of two the later one is known; the
 * gateway's own series that says when a group was pushed is among them.
 */
function unsent({ group, samples }: Pick<Push, 'group' | 'samples'>): Unsent {
  const named = (name: string, labels: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries({ __name__: name, job: pipelineJob, ...group, ...labels }).filter(
        ([, value]) => value !== '',
      ),
    );
  return [
    ...samples.map(({ metric, labels, value }) => ({
      labels: named(metric, labels),
      value: definitionOf(metric).type === 'info' ? (sendTime as typeof sendTime) : value,
    })),
    { labels: named(pushed, {}), value: sendTime },
  ];
}

/** Series as they are written at a moment, Unix seconds. */
const sentAt = (series: Unsent, at: number): WrittenSeries[] =>
  series.map(({ labels, value }) => ({ labels, points: [[at, value === sendTime ? at : value]] }));

/** The series that a push writes at a moment, Unix seconds; for callers that model a receiver. */
export const written = (push: Pick<Push, 'group' | 'samples'>, at: number): WrittenSeries[] =>
  sentAt(unsent(push), at);

/** Reads an entry of the spool; undefined when it is not one. */
function parseUnsent(body: string): Unsent | undefined {
  try {
    const series = JSON.parse(body) as Unsent;
    const isSeries = ({ labels, value }: Unsent[number]): boolean =>
      Object.values(labels).every((label) => typeof label === 'string') &&
      (typeof value === 'number' || value === sendTime);
    return series.every(isSeries) ? series : undefined;
  } catch {
    return undefined;
  }
}

const remoteWrite: Way = {
  prefix: 'REMOTE_WRITE',
  holdsGroups: false,
  who: 'The receiver of remote writes',
  server: 'a receiver of remote writes',
  content: (push) => ({ method: 'POST', path: '', body: JSON.stringify(unsent(push)) }),
  isOurs: ({ path, body }) =>
    path === '' && parseUnsent(body)?.every(({ labels }) => labels.job === pipelineJob) === true,
  refused: ({ body }) => {
    const { labels } = (JSON.parse(body) as Unsent).find((one) => one.labels.__name__ === pushed)!;
    const failure = { labels: { ...labels, __name__: 'push_failure_time_seconds' }, value: sendTime };
    return { method: 'POST', path: '', body: JSON.stringify([failure]) };
  },
  // Written as of now, as a gateway does: what waited is neither too old for the server nor for the rules.
  request: (base, { body }, at) => ({
    url: base,
    headers: writeHeaders,
    body: writeRequest(sentAt(JSON.parse(body) as Unsent, at / 1000)),
  }),
};

/** The transport of this pipeline. */
export const way = (): Way => (carried().transport === 'remote-write' ? remoteWrite : gateway);
