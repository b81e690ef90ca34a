import type { Flaky } from '../insights/index.ts';
import type { Month } from './month.ts';

/** A deployment that finished in the month. */
export interface ReportedDeployment {
  readonly id: string;
  readonly environment: string;
  /** Unix seconds. */
  readonly finished: number;
  readonly outcome: string;
  readonly rollbackReason?: string;
  /** Of the error budget, in failed deployments. */
  readonly spent: number;
  readonly costUsd: number;
  readonly runUrl: string;
  readonly actor: string;
  readonly version: string;
  /** Stages that failed, with what is known of why. */
  readonly failures: readonly { readonly stage: string; readonly message: string }[];
  /** It reached users, and says that it fixes what an earlier one broke. */
  readonly isHotfix: boolean;
}

/** An SLO in one environment. Ratios from 0 to 1; undefined where nothing happened. */
export interface ReportedObjective {
  readonly slo: string;
  readonly environment: string;
  readonly objective: number;
  readonly good: number | undefined;
  readonly agreement: number | undefined;
  readonly agreementGood: number | undefined;
  /** Of the month's error budget; below 0 when it was overspent. */
  readonly left: number | undefined;
  /** The budget at the end of each day. */
  readonly days: readonly (readonly [end: number, left: number])[];
}

/** A stage: how long it took over the thirty days to the end of the month, and how often it failed in the month. */
export interface ReportedStage {
  readonly environment: string;
  readonly service: string;
  readonly stage: string;
  /** Seconds. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  /** In deployments that finished in the month. */
  readonly runs: number;
  readonly failures: number;
}

/** An alert that fired, and whether the deployments that it was about were bad. */
export interface ReportedAlert {
  readonly alert: string;
  readonly severity: string;
  readonly environment: string;
  /** Seconds of the month in which it fired, all firings together. */
  readonly seconds: number;
  readonly right: number;
  readonly false: number;
  /** About no deployment that is known, or only information. */
  readonly unknown: number;
}

/** DORA's metrics over the thirty days to a moment, by environment and name of the series. */
export type Dora = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Everything that a report says. */
export interface MonthlyReport {
  readonly month: Month;
  /** Unix seconds: the report is of the time before. */
  readonly at: number;
  readonly environments: readonly string[];
  readonly deployments: readonly ReportedDeployment[];
  readonly objectives: readonly ReportedObjective[];
  readonly stages: readonly ReportedStage[];
  /** Of deployments that finished in the month. */
  readonly flaky: readonly Flaky[];
  readonly alerts: readonly ReportedAlert[];
  readonly dora: Dora;
  readonly doraBefore: Dora;
}
