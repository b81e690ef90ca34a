import type { Random } from './random.ts';
import type {
  Cost,
  Deployment,
  ErrorRate,
  HealthCheck,
  Migration,
  ReportedError,
  ReportedOutcome,
  ReportedReason,
  Rollback,
  Service,
  SmokeTest,
  Stage,
  StageName,
  StageResult,
  UnixSeconds,
} from './types.ts';

/** Facts that are fixed before the first job of a deployment runs. */
export type Beginning = Omit<
  Deployment,
  | 'stages'
  | 'health'
  | 'smokeTests'
  | 'migrations'
  | 'errorRates'
  | 'costs'
  | 'rollbacks'
  | 'finished'
  | 'reported'
>;

/** How a stage ends, unless it ends well. */
export interface StageEnd {
  readonly status: StageResult;
  readonly errorType?: ReportedError;
  readonly message?: string;
}

/** To the millisecond, as everything in a history. */
export const milliseconds = (time: UnixSeconds): UnixSeconds => Math.round(time * 1000) / 1000;

/**
 * One deployment while its story is told: each step begins where the one before ended, and moves the clock.
 * Scenarios call the steps; {@link Run.deployment} is the finished story.
 */
export class Run {
  readonly rng: Random;
  readonly #beginning: Beginning;
  readonly #stages: Stage[] = [];
  readonly #health: HealthCheck[] = [];
  readonly #smokeTests: SmokeTest[] = [];
  readonly #migrations: Migration[] = [];
  readonly #errorRates: ErrorRate[] = [];
  readonly #costs: Cost[] = [];
  readonly #rollbacks: Rollback[] = [];
  #end: { finished: UnixSeconds; reported: ReportedOutcome } | undefined;
  /** Durations are multiplied by it: above 1 the whole run is slow. */
  pace = 1;
  now: UnixSeconds;

  constructor(rng: Random, beginning: Beginning) {
    this.rng = rng;
    this.#beginning = beginning;
    this.now = beginning.started;
  }

  /** Lets time pass. */
  wait(seconds: number): void {
    this.now = milliseconds(this.now + seconds);
  }

  /** A stage that takes about `median` seconds. */
  stage(service: Service, stage: StageName, median: number, end: StageEnd = { status: 'success' }): void {
    const started = this.now;
    this.wait(this.#duration(median));
    this.#stages.push({ service, stage, started, finished: this.now, ...end });
    this.#pause();
  }

  /** A stage around other steps, which end it: `steps` says how. */
  stageAround(service: Service, stage: StageName, steps: () => StageEnd): void {
    const started = this.now;
    const end = steps();
    this.#stages.push({ service, stage, started, finished: this.now, ...end });
    this.#pause();
  }

  /** A stage that begins and is never heard of again. */
  openStage(service: Service, stage: StageName): void {
    this.#stages.push({ service, stage, started: this.now });
  }

  migration(median: number, failure?: string): void {
    const started = this.now;
    this.wait(this.#duration(median));
    const ok = failure === undefined;
    const applied = ok ? this.rng.integer(0, 3) : 0;
    const name = 'alembic_head';
    const said = ok ? {} : { message: failure };
    this.#migrations.push({ name, started, finished: this.now, ok, applied, ...said });
    this.#pause();
  }

  /** Health checks five seconds apart; `answers` says which of them are answered well. */
  health(service: Service, answers: readonly boolean[]): void {
    answers.forEach((ok, index) => {
      const timeOut = !ok && this.rng.chance(0.4);
      const latency = timeOut ? 5 : milliseconds(this.rng.skewed(ok ? 0.09 : 0.02, 0.4));
      this.#health.push({ service, attempt: index + 1, time: this.now, ok, latency });
      this.wait(index === answers.length - 1 ? latency : Math.max(5, latency));
    });
  }

  smokeTest(name: string, ok: boolean, message: string): void {
    const started = this.now;
    this.wait(this.#duration(2.5));
    this.#smokeTests.push({ name, started, finished: this.now, ok, ...(ok ? {} : { message }) });
    this.wait(0.2);
  }

  /** Rolls a service back to the deployment before this one; `ok` undefined: it never ends. */
  rollback(service: Service, reason: ReportedReason, ok: boolean): void {
    const started = this.now;
    this.wait(this.#duration(45));
    const previousId = this.#beginning.previousId ?? 'none';
    this.#rollbacks.push({ service, reason, previousId, started, finished: this.now, ok });
    this.#pause();
  }

  errorRate(service: Service, value: number): void {
    this.#errorRates.push({ service, time: this.now, value });
  }

  cost(resource: Cost['resource'], usd: number): void {
    this.#costs.push({ resource, time: this.now, usd });
  }

  /** The run's last job says how it ended. What happens afterwards, happens after the end. */
  finish(reported: ReportedOutcome): void {
    this.#pause();
    this.#end = { finished: this.now, reported };
  }

  /** The whole story. */
  deployment(): Deployment {
    return {
      ...this.#beginning,
      ...this.#end,
      stages: [...this.#stages],
      health: [...this.#health],
      smokeTests: [...this.#smokeTests],
      migrations: [...this.#migrations],
      errorRates: [...this.#errorRates],
      costs: [...this.#costs],
      rollbacks: [...this.#rollbacks],
    };
  }

  #duration(median: number): number {
    return Math.max(0.5, this.pace * this.rng.skewed(median, 0.22));
  }

  /** Between two steps a machine needs a moment. */
  #pause(): void {
    this.wait(this.rng.between(0.3, 4));
  }
}
