import type { Redact } from '../lib/redact.ts';
import { counted } from '../lib/words.ts';
import { type Delivered, Delivery, type SendOptions } from './delivery.ts';
import { type Push, pushProblems, withoutSecrets } from './emit.ts';
import { exposition } from './exposition.ts';
import { type Gateway, gatewayOf } from './gateway.ts';
import { groupPath } from './grouping.ts';
import { Interrupt } from './interrupt.ts';
import { type Io, warningLine } from './io.ts';
import { secretRemover } from './secrets.ts';
import { way } from './way.ts';

/** All that one event may cost the deployment, with some room below five seconds for starting and ending. */
export const eventBudgetMs = 4_400;

/** How one push is made; see {@link Recorder.record}. */
export interface RecordOptions {
  /** Milliseconds, default {@link eventBudgetMs}. */
  readonly budgetMs?: number;
  /** False for a push that the same process repeats later: it is not kept when it fails. */
  readonly keep?: boolean;
  /** False when a later push of the same process warns in its place. */
  readonly warn?: boolean;
  /** Ends a push that a later one replaces: it is not kept. */
  readonly signal?: AbortSignal | undefined;
}

const wrongClock = ({ clockAhead, host }: Delivery): string =>
  `The clock of this machine is ${Math.round(Math.abs(clockAhead) / 1000)} s ${clockAhead > 0 ? 'behind' : 'ahead of'} that of ${host}, and so are the times that it records: synchronise it (NTP).`;

/** Where the pushes of one event go: to the gateway, onto the terminal (`--dry-run`), or nowhere. */
export class Recorder {
  /** Why something was not recorded, in sentences; empty when all is well. */
  readonly warnings: string[] = [];
  /** The signal that ended a push early, if one did. */
  interruptedBy: NodeJS.Signals | undefined;
  readonly #io: Io;
  readonly #dryRun: boolean;
  readonly #gateway: Gateway;
  readonly #delivery: Delivery | undefined;
  readonly #env: NodeJS.ProcessEnv;
  #clean: Redact | undefined;

  constructor(env: NodeJS.ProcessEnv, io: Io, dryRun: boolean) {
    this.#env = env;
    this.#io = io;
    this.#dryRun = dryRun;
    this.#gateway = gatewayOf(env);
    if (dryRun || io.capture) return;
    if (this.#gateway.kind === 'ready') this.#delivery = new Delivery(this.#gateway, env);
    else if (this.#gateway.kind === 'unusable')
      this.warnings.push(...this.#gateway.problems.map((problem) => `Nothing is recorded. ${problem}`));
    else io.stderr(`Recording is switched off (${way().prefix}_URL=disabled).\n`);
  }

  /** True when pushes are printed and nothing is done. */
  get dryRun(): boolean {
    return this.#dryRun;
  }

  /** The way to the gateway for what is no push; undefined when there is none. */
  get delivery(): Delivery | undefined {
    return this.#delivery;
  }

  /** A way to the gateway for a dry run that has to look before it can say what it would do; it must only read. */
  reader(env: NodeJS.ProcessEnv): Delivery | undefined {
    return this.#gateway.kind === 'ready' ? new Delivery(this.#gateway, env) : undefined;
  }

  /**
   * Records one push and remembers a warning when that fails. Never throws, never takes longer than its budget.
   * @param make the push, or what makes it; undefined when there is nothing to record
   */
  async record(
    make: Push | (() => Push | undefined | Promise<Push | undefined>),
    options: RecordOptions = {},
  ): Promise<boolean> {
    try {
      const push = typeof make === 'function' ? await make() : make;
      return push !== undefined && (await this.#record(push, options));
    } catch (error) {
      // The command whose end is recorded here has its own exit code, and that is what counts.
      this.warnings.push(`Not recorded, because of a mistake in the recorder: ${(error as Error).stack}`);
      return false;
    }
  }

  async #record(made: Push, options: RecordOptions): Promise<boolean> {
    this.#clean ??= secretRemover(this.#env);
    const push = withoutSecrets(made, this.#clean);
    const problems = pushProblems(push);
    if (problems.length > 0) {
      this.warnings.push(...problems.map((problem) => `Not recorded: ${push.what}. ${problem}`));
      return false;
    }
    if (this.#dryRun) {
      this.#io.stdout(`${push.method} /${groupPath(push.group)}\n${exposition(push)}\n`);
      return true;
    }
    this.#io.capture?.(push);
    if (!this.#delivery) return this.#io.capture !== undefined;
    const deadline = Date.now() + (options.budgetMs ?? eventBudgetMs);
    const delivered = await this.#send(this.#delivery, push, { ...options, deadline });
    this.#report(push, delivered, options.warn !== false);
    return delivered.kind === 'sent';
  }

  /** A signal must not lose what no later push brings. */
  async #send(delivery: Delivery, push: Push, options: SendOptions): Promise<Delivered> {
    if (options.signal || options.keep === false) return await delivery.send(push, options);
    const interrupt = new Interrupt();
    try {
      return await delivery.send(push, { ...options, signal: interrupt.signal, keepAborted: true });
    } finally {
      interrupt.stop();
      this.interruptedBy ??= interrupt.caught;
    }
  }

  /**
   * Sends what waits on this machine, because no later event will.
   * @param brought the folder of another machine's events, in place of this one's
   * @returns false when something waits still; a warning says so
   */
  async flush(budgetMs: number, brought?: string): Promise<boolean> {
    if (!this.#delivery || this.#gateway.kind !== 'ready') return true;
    const delivery = brought === undefined ? this.#delivery : new Delivery(this.#gateway, this.#env, brought);
    const left = await delivery.flush(Date.now() + budgetMs);
    this.#reportOthers(delivery);
    if (left.count > 0)
      this.warnings.push(
        `${left.count} earlier ${left.count === 1 ? 'event was' : 'events were'} not recorded, and nothing in this job will send ${left.count === 1 ? 'it' : 'them'}. ${left.reason}`,
      );
    return left.count === 0;
  }

  /** Says on stderr what was recorded, unless it was not. */
  say(recorded: boolean, text: string): void {
    if (recorded && !this.#dryRun) this.#io.stderr(`Recorded: ${text}\n`);
  }

  /** Says what became of events of earlier processes. */
  #reportOthers(delivery: Delivery): void {
    const { caughtUp, givenUp } = delivery;
    if (caughtUp > 0) this.#io.stderr(`Sent ${counted(caughtUp, 'earlier event')} that had waited.\n`);
    delivery.caughtUp = 0;
    if (delivery.clockAhead !== 0) this.#io.stderr(warningLine(wrongClock(delivery)));
    delivery.clockAhead = 0;
    this.warnings.push(...givenUp.splice(0).map((reason) => `An earlier event was given up. ${reason}`));
  }

  #report(push: Push, delivered: Delivered, warn: boolean): void {
    this.#reportOthers(this.#delivery!);
    if (!warn) return;
    if (delivered.kind === 'kept')
      this.warnings.push(
        `Not recorded yet: ${push.what}. ${delivered.reason} The next event of this job sends it.`,
      );
    if (delivered.kind === 'lost') this.warnings.push(`Not recorded: ${push.what}. ${delivered.reason}`);
  }
}
