import type { History, UnixSeconds } from '../../src/simulator/types.ts';
import { type Budget, budget } from './budget.ts';
import { type DoraMetrics, doraMetrics } from './dora.ts';
import { type Facts, factsAt } from './facts.ts';
import { type FlakyPart, flakyParts } from './flaky.ts';
import { type Indicators, indicators } from './indicators.ts';
import { active, currentTimeToDeploy, lastFinished, type RecentDeployment, recent } from './recent.ts';
import { calendarMonth, type RollingWindow, rolling, within } from './windows.ts';

/** Truth of one environment at a moment. */
export interface EnvironmentTruth {
  readonly active: number;
  readonly lastFinished: RecentDeployment | undefined;
  readonly currentTimeToDeploy: number | undefined;
  readonly recent: readonly RecentDeployment[];
  readonly budget: Budget;
}

/**
 * Everything that a dashboard may say of a history at moment `t`, computed without any query and without reading
 * the rules: from the histories' plain facts, and from nothing that happens after `t`.
 */
export class Truth {
  readonly t: UnixSeconds;
  readonly facts: readonly Facts[];

  constructor(history: History, t: UnixSeconds) {
    this.t = t;
    this.facts = factsAt(history, t);
  }

  /** Indicators over a rolling window that ends now. */
  rolling(window: RollingWindow): Indicators {
    return indicators(within(this.facts, rolling(window, this.t)));
  }

  /** Indicators since the first of the month, UTC. */
  thisMonth(): Indicators {
    return indicators(within(this.facts, calendarMonth(this.t)));
  }

  /** The environments in which a deployment has ever started, sorted. */
  get environments(): string[] {
    return [...new Set(this.facts.map(({ environment }) => environment))].sort();
  }

  /** @param objective promised success rate, for the error budget */
  environment(name: string, objective = 0.99): EnvironmentTruth {
    return {
      active: active(this.facts, name),
      lastFinished: lastFinished(this.facts, name),
      currentTimeToDeploy: currentTimeToDeploy(this.facts, name),
      recent: recent(this.facts, name),
      budget: budget(this.facts, name, this.t, objective),
    };
  }

  flaky(window: RollingWindow): FlakyPart[] {
    return flakyParts(this.facts, rolling(window, this.t));
  }

  doraMetrics(environment: string, window: RollingWindow): DoraMetrics {
    return doraMetrics(this.facts, environment, rolling(window, this.t));
  }
}

/** The truth of a history at a moment. */
export const truthAt = (history: History, t: UnixSeconds): Truth => new Truth(history, t);
