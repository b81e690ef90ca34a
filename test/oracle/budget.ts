import { counts, type Facts } from './facts.ts';
import { sum } from './statistics.ts';
import { calendarMonth, within } from './windows.ts';

/** The error budget of one environment in the calendar month of a moment, in deployments. */
export interface Budget {
  readonly deployments: number;
  readonly allowed: number;
  readonly spent: number;
  /** Below 0 when more was spent than allowed. */
  readonly left: number;
}

/** @param objective the success rate that is promised, e.g. 0.99 */
export function budget(facts: readonly Facts[], environment: string, t: number, objective: number): Budget {
  const month = within(facts, calendarMonth(t)).filter((f) => f.environment === environment && counts(f));
  const allowed = Math.max(1, (1 - objective) * month.length);
  const spent = sum(month.map(({ budgetSpent }) => budgetSpent));
  return { deployments: month.length, allowed, spent, left: allowed - spent };
}
