import { join } from 'node:path';
import { systemClock } from '../lib/clock.ts';
import { withLock } from '../lib/lock.ts';
import { joinUrl } from '../lib/url.ts';
import type { Push } from './emit.ts';
import type { ReadyGateway } from './gateway.ts';
import { type Answer, NoAnswer, send } from './http.ts';
import { classifyNoAnswer, classifyResponse, isOutOfTime, type Verdict } from './response.ts';
import { type Entry, Spool } from './spool.ts';
import type { Way } from './way.ts';

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
  /** By how much the server's clock is ahead of this machine's, milliseconds; 0 when they agree, or it does not say. */
  clockAhead = 0;
  readonly #gateway: ReadyGateway;
  readonly #spool: Spool;
  /** The same, rounded up, once samples are stamped by the server's clock. */
  #ahead = 0;
  /** How often the push that is tried was stamped anew. */
  #restamps = 0;

  /** @param brought a folder with events that another machine could not send */
  constructor(gateway: ReadyGateway, env: NodeJS.ProcessEnv, brought?: string) {
    this.#gateway = gateway;
    this.#spool = new Spool(env, gateway.base, brought);
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
      Date.now() - entry.since > longestWaitMs
        ? { kind: 'refused', reason: 'It waited for more than a day.' }
        : isEvent(entry, this.#gateway.way)
          ? await this.#try(entry, options)
          : { kind: 'refused', reason: 'It is no event of this transport.' };
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
    this.#restamps = 0;
    for (let attempt = 0; ; attempt++) {
      const left = deadline - Date.now();
      const verdict = await this.#once(entry, Math.max(shortestAttemptMs, Math.min(attemptMs, left)), signal);
      if (verdict.kind === 'refused') await this.#sayRefused(entry, deadline);
      if (verdict.kind !== 'later' || !verdict.again || signal?.aborted) return verdict;
      const backoff = (backoffMs[attempt] ?? backoffMs.at(-1)!) * (0.75 + systemClock.random() / 2);
      const wait = Math.max(backoff, verdict.waitMs ?? 0);
      if (Date.now() + wait + shortestAttemptMs > deadline) return verdict;
      await systemClock.sleep(wait, signal);
    }
  }

  /** For the alert about it. Tried once: the log of the job says it too. */
  async #sayRefused(entry: Entry, deadline: number): Promise<void> {
    const failure = this.#gateway.way.refused?.(entry);
    if (failure) await this.#once({ ...entry, ...failure }, deadline - Date.now(), undefined);
  }

  async #once(entry: Entry, timeoutMs: number, signal: AbortSignal | undefined): Promise<Verdict> {
    const { base, headers, way } = this.#gateway;
    const begun = Date.now();
    try {
      const request = way.request(base, entry, begun + this.#ahead);
      const answer = await send({
        ...request,
        method: entry.method,
        headers: { ...headers, ...request.headers },
        timeoutMs,
        signal,
      });
      const verdict = classifyResponse(answer, this.#gateway, Date.now());
      const left = timeoutMs - (Date.now() - begun);
      return await this.#byTheirClock(answer, verdict, () => this.#once(entry, left, signal));
    } catch (error) {
      return classifyNoAnswer(error instanceof NoAnswer ? error.code : String(error), this.host, way.who);
    }
  }

  /** Compares clocks. What is stamped here, and not by the server, is sent again by the server's clock where that matters. */
  async #byTheirClock(answer: Answer, verdict: Verdict, again: () => Promise<Verdict>): Promise<Verdict> {
    const ahead = aheadOf(answer, Date.now());
    if (ahead === undefined) return verdict;
    const differs = Math.abs(ahead) > noticeableMs;
    if (differs) this.clockAhead = ahead;
    if (this.#gateway.way.holdsGroups) return verdict;
    if (verdict.kind === 'sent' && differs && this.#ahead === 0) {
      this.#ahead = ahead;
      // It was taken, but rules would take it for older or newer than what others say.
      await again();
      return verdict;
    }
    if (!isOutOfTime(answer) || this.#restamps === mostRestamps) return verdict;
    this.#restamps++;
    this.#ahead = ahead;
    return { kind: 'later', reason: 'A clock is wrong.', again: true };
  }
}

/** By how much the server's clock is ahead, milliseconds: rounded up, so that what it holds already is older. */
function aheadOf({ headers }: Answer, now: number): number | undefined {
  const date = Date.parse(headers.date ?? '');
  return Number.isNaN(date) ? undefined : date + 1_000 - now || 1;
}
/** Headers have whole seconds, and an answer may take some. */
const noticeableMs = 10_000;
/** Recorders that write the same series at once are refused in turn, each for some milliseconds. */
const mostRestamps = 3;

/** Our credentials are sent with it: what another machine kept, or another transport, must not choose what they are used for. */
const isEvent = (entry: Entry, { isOurs }: Way): boolean =>
  (entry.method === 'PUT' || entry.method === 'POST') &&
  [entry.path, entry.body, entry.what].every((part) => typeof part === 'string') &&
  isOurs(entry);

const toDelivered = (verdict: Verdict): Delivered =>
  verdict.kind === 'sent' ? verdict : { kind: 'lost', reason: verdict.reason };
