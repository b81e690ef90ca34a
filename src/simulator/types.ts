import type { ErrorType, labels, Outcome, RollbackReason } from '../metrics/index.ts';

type OneOf<L extends keyof typeof labels> = (typeof labels)[L] extends readonly (infer V)[] ? V : string;

/** Where it is deployed to. */
export type Environment = OneOf<'environment'>;
/** A service that is deployed. */
export type Service = OneOf<'service'>;
/** A step of the pipeline. */
export type StageName = OneOf<'stage'>;
/** How a stage ended, as its reporter says it. */
export type StageResult = OneOf<'status'>;
/** Causes of a failure. */
export type ReportedError = Exclude<ErrorType, 'none' | 'other'>;
/** Reason of a rollback. */
export type ReportedReason = Exclude<RollbackReason, 'none' | 'other'>;
/** Outcome as the run itself reports it at its end; the ledger may decide otherwise. */
export type ReportedOutcome = Exclude<Outcome, 'running' | 'abandoned'>;

/** All times are Unix seconds with at most three decimals, by a clock that is right. */
export type UnixSeconds = number;

/** One try of one stage. A second try of the same stage of the same service takes the place of the first. */
export interface Stage {
  readonly service: Service;
  readonly stage: StageName;
  readonly started: UnixSeconds;
  /** Absent: the machine died, nothing more was heard of the stage. */
  readonly finished?: UnixSeconds;
  readonly status?: StageResult;
  readonly errorType?: ReportedError;
  readonly message?: string;
}

/** One attempt of a service's health check, numbered from 1 within the deployment. */
export interface HealthCheck {
  readonly service: Service;
  readonly attempt: number;
  readonly time: UnixSeconds;
  readonly ok: boolean;
  /** Seconds. */
  readonly latency: number;
}

export interface SmokeTest {
  readonly name: string;
  readonly started: UnixSeconds;
  readonly finished: UnixSeconds;
  readonly ok: boolean;
  readonly message?: string;
}

/** A run of database migrations; it is also the stage "migration" of the database. */
export interface Migration {
  readonly name: string;
  readonly started: UnixSeconds;
  readonly finished?: UnixSeconds;
  readonly ok?: boolean;
  /** How many migrations it applied. */
  readonly applied: number;
  readonly message?: string;
}

export interface ErrorRate {
  readonly service: Service;
  /** When it was measured. */
  readonly time: UnixSeconds;
  /** 0 to 1. */
  readonly value: number;
}

export interface Cost {
  readonly resource: OneOf<'resource'>;
  readonly time: UnixSeconds;
  readonly usd: number;
}

/** The longest wait of a job for a runner. */
export interface Queue {
  readonly runner: string;
  readonly time: UnixSeconds;
  readonly seconds: number;
}

/** A number of a metric that the pipeline file defines. */
export interface CustomValue {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly time: UnixSeconds;
  readonly value: number;
}

/** One try to roll one service back; it is also its stage "rollback". A second try takes the place of the first. */
export interface Rollback {
  readonly service: Service;
  readonly reason: ReportedReason;
  readonly previousId: string;
  readonly started: UnixSeconds;
  readonly finished?: UnixSeconds;
  readonly ok?: boolean;
}

/** Everything that ever happens to one deployment, also after the moment of looking at it. */
export interface Deployment {
  /** The id under which it is recorded: the run's id, with `-N` from the second attempt on. */
  readonly id: string;
  readonly runId: string;
  readonly runAttempt: number;
  readonly environment: Environment;
  /** When the commit was made; absent when the recorder is not told. */
  readonly committed?: UnixSeconds;
  readonly triggered: UnixSeconds;
  readonly started: UnixSeconds;
  /** Absent: the run died without a word. */
  readonly finished?: UnixSeconds;
  readonly reported?: ReportedOutcome;
  /** Address of its repository; a made-up one where it is not given. */
  readonly repository?: string;
  readonly branch: string;
  readonly commit: string;
  readonly version: string;
  readonly actor: string;
  readonly triggeredBy: OneOf<'triggered_by'>;
  /** It says that it fixes what an earlier one broke. */
  readonly hotfix?: boolean;
  /** The deployment that it says it fixes. */
  readonly reworkOf?: string;
  /** The deployment that was live in this environment before; absent for the first one. */
  readonly previousId?: string;
  /** All stages but migrations and rollbacks, which are listed as such. */
  readonly stages: readonly Stage[];
  readonly health: readonly HealthCheck[];
  readonly smokeTests: readonly SmokeTest[];
  readonly migrations: readonly Migration[];
  readonly errorRates: readonly ErrorRate[];
  readonly costs: readonly Cost[];
  /** Not known, where it is not given. */
  readonly queues?: readonly Queue[];
  /** None, where it is not given. */
  readonly metrics?: readonly CustomValue[];
  readonly rollbacks: readonly Rollback[];
  /** Seconds by which the runner's clock is ahead: what it records is wrong by so much. */
  readonly clockOffset: number;
  /** Name of the example; for people who read a failing test. */
  readonly scenario: string;
}

/** Deployments in the order in which they started. */
export interface History {
  readonly seed: number;
  readonly end: UnixSeconds;
  readonly deployments: readonly Deployment[];
}
