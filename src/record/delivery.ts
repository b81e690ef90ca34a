import { join } from 'node:path';
import { systemClock } from '../lib/clock.ts';
import { withLock } from '../lib/lock.ts';
import { joinUrl } from '../lib/url.ts';
import { pipelineJob } from '../metrics/index.ts';
import type { Push } from './emit.ts';
import type { ReadyGateway } from './gateway.ts';
import { type Answer, NoAnswer, send } from './http.ts';
import { classifyNoAnswer, classifyResponse, type Verdict } from './response.ts';
import { type Entry, Spool } from './spool.ts';
import { way } from './way.ts';

/** Outcome of a push. */
export type Delivered =
  | { readonly kind: 'sent' }
  /** Put aside; the next event of this machine sends it. */
  | { readonly kind: 'kept'; readonly reason: string }
  /** Never sent: the gateway refuses it, or it could neither be sent nor kept. */
  | { readonly kind: 'lost'; readonly reason: string };

/** How long to try, and what to do when it fails. */
export interface SendOptions {
  /** When trying ends, in milliseconds since 1970 by the real clock. */
  readonly deadline: number;
  /** False for a push that a later one of the same process repeats: it is not put aside. */
  readonly keep?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** True when the signal says to stop, and not that a later push takes the place of this one. */
  readonly keepAborted?: boolean;
}

/** One attempt waits this long for an answer, so that a second one has time left. */
const attemptMs = 3_000;
const backoffMs = [150, 400, 900, 1_800] as const;
/** Below this an attempt is not worth beginning. */
const shortestAttemptMs = 100;
/** How long an event tries that finds others waiting: the gateway was out of order a moment ago. */
const knownBrokenMs = 1_500;
/** A recorder never holds the lock longer than its time for one event. */
const lockTimes = { staleMs: 15_000, pollMs: 40 } as const;
/** Events that waited longer belong to a deployment that was given up long ago. */
const longestWaitMs = 24 * 3_600_000;

/** Sends pushes to the gateway: patiently but never long, in order, and keeping what could not be sent. */
export class Delivery {
  /** Events of earlier processes that were sent on the way. */
  caughtUp = 0;
  /** Sentences about events of earlier processes that had to be given up. */
  readonly givenUp: string[] = [];
  readonly #gateway: ReadyGateway;
  readonly #spool: Spool;
  readonly #isBrought: boolean;
  /** By how much the server's clock is ahead, milliseconds, once that has mattered. */
  #ahead = 0;

  /** @param brought a folder with events that another machine could not send */
  constructor(gateway: ReadyGateway, env: NodeJS.ProcessEnv, brought?: string) {
    this.#gateway = gateway;
    this.#spool = new Spool(env, gateway.base, brought);
    this.#isBrought = brought !== undefined;
  }

  /** Sends one push, after everything that waits. Never throws. */
  async send(push: Push, options: SendOptions): Promise<Delivered> {
    const entry: Entry = {
      ...this.#gateway.way.content(push),
      what: push.what,
      since: Date.now(),
    };
    if (this.#spool.names().length > 0) return await this.#sendBehindOthers(entry, options);
    const verdict = await this.#try(entry, options);
    if (verdict.kind === 'sent') return verdict;
    if (verdict.kind === 'refused') return { kind: 'lost', reason: verdict.reason };
    const aborted = options.signal?.aborted === true;
    if (options.keep === false || (aborted && !options.keepAborted))
      return { kind: 'lost', reason: verdict.reason };
    return this.#keep(entry, aborted ? 'The recorder was told to stop.' : verdict.reason).delivered;
  }

  /** Sends what waits, with all the time there is: nothing comes after it. @returns what waits still, and why */
  async flush(deadline: number): Promise<{ readonly count: number; readonly reason: string }> {
    if (this.#spool.names().length === 0) return { count: 0, reason: '' };
    const { reason } = await this.#sendLine(undefined, { deadline }, deadline);
    return { count: this.#spool.names().length, reason: reason ?? 'There was no time left.' };
  }

  /** One request that is no push, within the time given. @throws NoAnswer */
  async request(
    method: 'GET' | 'DELETE',
    path: string,
    timeoutMs: number,
    maxBytes?: number,
  ): Promise<Answer> {
    const { base, headers } = this.#gateway;
    return await send({
      method,
      url: joinUrl(base, path),
      headers,
      timeoutMs,
      ...(maxBytes !== undefined && { maxBytes }),
    });
  }

  /** Classifies an answer to {@link request}. */
  classify(answer: Answer, expected: 'nothing' | 'list'): Verdict {
    return classifyResponse(answer, this.#gateway, Date.now(), expected);
  }

  /** Whether the server holds groups that have to be removed some day. */
  get holdsGroups(): boolean {
    return this.#gateway.way.holdsGroups;
  }

  /** The gateway's host, for sentences. */
  get host(): string {
    return this.#gateway.base.host;
  }

  /** Order is kept by standing in line: the event is put behind the others, and then the line is sent. */
  async #sendBehindOthers(entry: Entry, options: SendOptions): Promise<Delivered> {
    const own =
      options.keep === false ? undefined : this.#keep(entry, 'Another recorder of this machine is sending.');
    if (own && !own.name) return own.delivered;
    // The event before this one has just waited for the gateway in vain; once one goes through, all the time is used.
    const patience = Math.min(options.deadline, Date.now() + knownBrokenMs);
    const sent = await this.#sendLine(own?.name, options, patience);
    const reason = sent.reason ?? own?.delivered.reason ?? 'Others are still waiting to be sent.';
    const { refusal } = sent;
    if (refusal !== undefined) return { kind: 'lost', reason: refusal };
    if (own) return this.#spool.has(own.name!) ? { kind: 'kept', reason } : { kind: 'sent' };
    return this.#spool.names().length === 0
      ? toDelivered(await this.#try(entry, options))
      : { kind: 'lost', reason };
  }

  /** Sends everything in line, one after the other. @param patience when it ends unless one of them goes through */
  async #sendLine(
    own: string | undefined,
    options: SendOptions,
    patience: number,
  ): Promise<{ reason?: string; refusal?: string }> {
    let deadline = patience;
    let outcome: { reason?: string; refusal?: string } = {};
    const sendAll = async (): Promise<void> => {
      for (let name = this.#spool.names()[0]; name !== undefined; name = this.#spool.names()[0]) {
        if (Date.now() >= deadline) return;
        const verdict = await this.#sendWaiting(name, { ...options, deadline });
        if (verdict.kind === 'later') {
          outcome = { ...outcome, reason: verdict.reason };
          return;
        }
        // On a disk that no longer lets go of it, it would be sent for ever.
        if (this.#spool.has(name)) return;
        deadline = options.deadline;
        if (verdict.kind === 'refused' && name === own) outcome = { refusal: verdict.reason };
        else if (verdict.kind === 'refused') this.givenUp.push(`${verdict.reason} It was ${verdict.what}.`);
        else if (name !== own) this.caughtUp++;
      }
    };
    // A lock that cannot be written, on a full disk for one, is one that is not to be had.
    await withLock(join(this.#spool.folder, 'sending'), sendAll, {
      ...lockTimes,
      deadline: options.deadline,
    }).catch(() => false);
    return outcome;
  }

  /** Sends the first of the line, and takes it out unless it has to wait further. */
  async #sendWaiting(name: string, options: SendOptions): Promise<Verdict & { readonly what: string }> {
    const waiting = this.#spool.read(name);
    if (!waiting) return { kind: 'sent', what: '' };
    const { entry } = waiting;
    const verdict: Verdict =
      this.#isBrought && !isEvent(entry)
        ? { kind: 'refused', reason: 'It is no event of this transport.' }
        : Date.now() - entry.since > longestWaitMs
          ? { kind: 'refused', reason: 'It waited for more than a day.' }
          : await this.#try(entry, options);
    if (verdict.kind !== 'later') this.#spool.remove(name);
    return { ...verdict, what: entry.what };
  }

  #keep(entry: Entry, reason: string): { name?: string; delivered: Exclude<Delivered, { kind: 'sent' }> } {
    try {
      return { name: this.#spool.add(entry), delivered: { kind: 'kept', reason } };
    } catch (error) {
      const why = (error as Error).message;
      return { delivered: { kind: 'lost', reason: `${reason} It could not be kept either: ${why}.` } };
    }
  }

  /** Attempts until one is decisive or the time is up. */
  async #try(entry: Entry, { deadline, signal }: SendOptions): Promise<Verdict> {
    for (let attempt = 0; ; attempt++) {
      const left = deadline - Date.now();
      const verdict = await this.#once(entry, Math.max(shortestAttemptMs, Math.min(attemptMs, left)), signal);
      if (verdict.kind !== 'later' || !verdict.again || signal?.aborted) return verdict;
      const backoff = (backoffMs[attempt] ?? backoffMs.at(-1)!) * (0.75 + systemClock.random() / 2);
      const wait = Math.max(backoff, verdict.waitMs ?? 0);
      if (Date.now() + wait + shortestAttemptMs > deadline) return verdict;
      await systemClock.sleep(wait, signal);
    }
  }

  async #once(entry: Entry, timeoutMs: number, signal: AbortSignal | undefined): Promise<Verdict> {
    const { base, headers, way } = this.#gateway;
    try {
      const request = way.request(base, entry, Date.now() + this.#ahead);
      const answer = await send({
        ...request,
        method: entry.method,
        headers: { ...headers, ...request.headers },
        timeoutMs,
        signal,
      });
      const ahead = clockOf(answer, Date.now());
      if (ahead !== undefined && this.#ahead === 0 && isOutOfTime(answer)) {
        this.#ahead = ahead;
        return { kind: 'later', reason: 'The clock of this machine is wrong.', again: true };
      }
      return classifyResponse(answer, this.#gateway, Date.now());
    } catch (error) {
      return classifyNoAnswer(error instanceof NoAnswer ? error.code : String(error), this.host, way.who);
    }
  }
}

/** By how much the server's clock is ahead, milliseconds: rounded up, so that what it holds already is older. */
const clockOf = ({ headers }: Answer, now: number): number | undefined => {
  const date = Date.parse(headers.date ?? '');
  return Number.isNaN(date) ? undefined : date + 1_000 - now || 1;
};

/** A receiver of remote writes refuses samples that its own clock, or one before, does not allow. */
const isOutOfTime = ({ status, body }: Answer): boolean =>
  status === 400 && /out of order|out of bounds|too old|too far|duplicate sample/i.test(body);

/** Our credentials are sent with it, and so a folder from elsewhere must not choose what they are used for. */
const isEvent = ({ method, path, body, what }: Entry): boolean =>
  (method === 'PUT' || method === 'POST') &&
  typeof body === 'string' &&
  typeof what === 'string' &&
  (path === '' ? way().prefix === 'REMOTE_WRITE' : ownPath.test(path) && way().prefix === 'PUSHGATEWAY');
const ownPath = new RegExp(`^metrics/job/${pipelineJob}(/[\\w@.-]+/[\\w=.-]+)+$`);

const toDelivered = (verdict: Verdict): Delivered =>
  verdict.kind === 'sent' ? verdict : { kind: 'lost', reason: verdict.reason };
