import type { Outcome } from '../../metrics/index.ts';

/** A stage, as far as it is known. Times are Unix seconds. */
export interface StageResult {
  readonly name: string;
  readonly service?: string;
  /** running, success, skipped, cancelled or failure. */
  readonly status: string;
  readonly started?: number;
  readonly finished?: number;
  /** 95th percentile of thirty days, seconds; undefined where it is not known. */
  readonly p95?: number;
  readonly logUrl?: string;
  readonly error?: { readonly type: string; readonly message: string };
}

/** A smoke test or a run of migrations. */
export interface CheckResult {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds?: number;
  /** Why it failed; or how many migrations it applied. */
  readonly note?: string;
}

/** Health of a service after the deployment. */
export interface HealthResult {
  readonly service: string;
  readonly passed: number;
  readonly checks: number;
  /** Share of failing requests, or checks, in the first minutes. */
  readonly errorRate?: number;
}

/** Error budget of the month. */
export interface BudgetResult {
  /** Spent by this deployment, in failed deployments. */
  readonly spent: number;
  /** Share that is left, this deployment counted; undefined where it is not known. */
  readonly left?: number;
  /** Allowed by the month so far, in failed deployments. */
  readonly allowed?: number;
}

/**
 * One deployment from its trigger to what became of it: read once, and rendered as the run's summary, comments on pull
 * requests, messages and annotations. Times are Unix seconds; texts are those of others, and each rendering escapes them.
 */
export interface DeploymentResult {
  readonly environment: string;
  readonly id: string;
  readonly outcome: Outcome;
  readonly triggered?: number;
  readonly started?: number;
  readonly finished?: number;
  readonly rollback?: { readonly reason: string; readonly at?: number; readonly to: string };
  readonly version: string;
  readonly commit: string;
  readonly branch: string;
  readonly actor: string;
  readonly runUrl: string;
  readonly previousId: string;
  readonly stages: readonly StageResult[];
  readonly health: readonly HealthResult[];
  readonly smokeTests: readonly CheckResult[];
  readonly migrations: readonly CheckResult[];
  readonly costs: readonly { readonly resource: string; readonly amount: number }[];
  readonly gates: readonly {
    readonly gate: string;
    readonly verdict: string;
    readonly checks: string;
    readonly message: string;
  }[];
  /** Absent where the environment has no budget. */
  readonly budget?: BudgetResult;
  /** Message of the chat about it, and the one in its thread; empty where there is none. */
  readonly chat?: { readonly channel: string; readonly ts: string; readonly thread: string };
  /** Sentences: what could not be known, and why. */
  readonly unknown: readonly string[];
}

/** Facts that the pushes alone do not hold. */
export interface Surroundings {
  /** By service and stage, as {@link stageKey} spells it. */
  readonly p95: ReadonlyMap<string, number>;
  /** This month's budget of the environment, and what of this deployment is in it already. */
  readonly budget?: { readonly left: number; readonly allowed: number; readonly counted: number };
  readonly unknown: readonly string[];
}

/** Nothing but the pushes. */
export const alone: Surroundings = { p95: new Map(), unknown: [] };

/** A stage of a service, as a key. */
export const stageKey = (service = '', stage = ''): string => `${service} ${stage}`.trim();
