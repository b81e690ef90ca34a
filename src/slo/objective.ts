import type { LabelName, MetricName, PerDeployment, Selector, Vector } from '../metrics/index.ts';

/** Name of an SLO: the value of label `slo`. Expressions can ask for those that are defined; the build says so of others. */
export type SloId = string;

/** Looks the latest value of a fact up. */
export type Of = <M extends MetricName>(fact: Selector<M>) => Vector<LabelName<M>>;

/** An SLI's events. Both give one value per deployment, so that the same definition serves every window. */
export interface Indicator {
  /** Its events, and which of them are good, in words. */
  readonly events: string;
  readonly good: string;
  /** How many events a deployment brought. */
  readonly total: (of: Of) => Vector<PerDeployment>;
  /** How many of them were bad. */
  readonly bad: (of: Of) => Vector<PerDeployment>;
}

/** A promise to users, looser than the objective. */
export interface Agreement {
  readonly objective: number;
  readonly text: string;
  /** Bad events as the agreement has them, where they differ from the indicator's. */
  readonly bad?: (of: Of) => Vector<PerDeployment>;
  readonly consequence: string;
}

/** Policy of the error budget; a calendar month (UTC) each time. */
export type BudgetPolicy =
  /** Spent by deployments with the weights of the ledger; at none left, risky changes are frozen. */
  | { readonly kind: 'freeze'; readonly text: string; readonly spent: (of: Of) => Vector<PerDeployment> }
  /** So many deployments slower than so many seconds in a week are escalated. */
  | {
      readonly kind: 'escalate';
      readonly text: string;
      readonly seconds: number;
      readonly atLeast: number;
      readonly slow: (of: Of) => Vector<PerDeployment>;
    }
  /** Another SLO's budget is the one that counts. */
  | { readonly kind: 'tied'; readonly text: string; readonly to: SloId }
  /** There is no budget: every bad event stops the deployment. */
  | { readonly kind: 'none'; readonly text: string };

/** Whether spending the budget too fast pages, opens a ticket, or is covered by other alerts. */
export type BurnAlerts = 'page and ticket' | 'ticket' | 'none';

/** A service level objective. One more is one object, in the list of `slo/index.ts`. */
export interface Objective {
  readonly id: SloId;
  readonly title: string;
  readonly question: string;
  readonly indicator: Indicator;
  /** Share of events that has to be good, 0 to 1. */
  readonly objective: number;
  /** The objective as people say it. */
  readonly text: string;
  readonly agreement?: Agreement;
  readonly budget: BudgetPolicy;
  readonly burn: BurnAlerts;
  /** The file that defines it (`import.meta.url`). */
  readonly source: string;
}

/** Share of events that may be bad, without the noise of binary fractions. */
export const allowedShare = (objective: number): number => Number((1 - objective).toFixed(9));
