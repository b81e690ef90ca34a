import { counts, type Facts } from '../oracle/facts.ts';
import { sum } from '../oracle/statistics.ts';
import type { Truth } from '../oracle/truth.ts';
import { calendarMonth, type Window, within } from '../oracle/windows.ts';

/** An SLO's classification of one deployment, read from the design document and from no rule. */
interface Judgement {
  readonly objective: number;
  readonly events: (f: Facts) => number;
  readonly bad: (f: Facts) => number;
  /** Budget that it spends; the bad events, where the design has no weights. */
  readonly spent?: (f: Facts) => number;
  readonly agreement?: { readonly objective: number; readonly bad: (f: Facts) => number };
}

const succeeded = (f: Facts): boolean => f.outcome === 'success';
const slower = (seconds: number) => (f: Facts) => (succeeded(f) && (f.duration ?? 0) > seconds ? 1 : 0);
const failed = (results: readonly { readonly ok: boolean }[]): number =>
  results.filter(({ ok }) => !ok).length;

/** The five SLOs of the design document. */
export const judgements: Readonly<Record<string, Judgement>> = {
  'deployment-reliability': {
    objective: 0.99,
    events: () => 1,
    bad: (f) => (succeeded(f) ? 0 : 1),
    spent: (f) => f.budgetSpent,
    agreement: { objective: 0.98, bad: (f) => (succeeded(f) ? 0 : 1) },
  },
  'time-to-deploy': {
    objective: 0.95,
    events: (f) => (succeeded(f) ? 1 : 0),
    bad: slower(600),
    agreement: { objective: 0.95, bad: slower(720) },
  },
  'post-deployment-health': {
    objective: 0.99,
    events: (f) => f.health.made,
    bad: (f) => f.health.made - f.health.passed,
  },
  'database-migrations': {
    objective: 1,
    events: (f) => f.migrations.length,
    bad: (f) => failed(f.migrations),
  },
  'smoke-tests': { objective: 0.99, events: (f) => f.smokeTests.length, bad: (f) => failed(f.smokeTests) },
};

/** Sums over the deployments of an environment that finished in a window and count. */
export interface Tally {
  readonly events: number;
  readonly bad: number;
  readonly spent: number;
  readonly agreementBad: number | undefined;
}

const finishedIn = (truth: Truth, environment: string, window: Window): Facts[] =>
  within(truth.facts, window).filter((f) => f.environment === environment && counts(f));

/** Events of an SLO in a window. */
export function tally(truth: Truth, environment: string, slo: string, window: Window): Tally {
  const { events, bad, spent = bad, agreement } = judgements[slo]!;
  const own = finishedIn(truth, environment, window);
  return {
    events: sum(own.map(events)),
    bad: sum(own.map(bad)),
    spent: sum(own.map(spent)),
    agreementBad: agreement && sum(own.map(agreement.bad)),
  };
}

/** Bad events that are allowed of so many: one at least, and none with zero tolerance. */
const allowed = (objective: number, events: number): number =>
  objective === 1 ? 0 : Math.max(1, (1 - objective) * events);
/** Share of what is allowed that is left. */
export const left = (objective: number, spent: number, events: number): number =>
  objective === 1 ? (spent === 0 ? 1 : 0) : 1 - spent / allowed(objective, events);

/** The deployments of this month that spent budget of an SLO, newest first. */
export function spenders(
  truth: Truth,
  environment: string,
  slo: string,
): { readonly facts: Facts; readonly spent: number }[] {
  const { bad, spent = bad } = judgements[slo]!;
  return finishedIn(truth, environment, calendarMonth(truth.t))
    .map((facts) => ({ facts, spent: spent(facts) }))
    .filter((row) => row.spent > 0)
    .sort((a, b) => (b.facts.finished ?? 0) - (a.facts.finished ?? 0))
    .slice(0, 25);
}

const day = 86_400;

/**
 * When the month's budget of deployment reliability is spent at the pace of the last seven days, found by trying
 * every minute; undefined when that is not in this month, or has happened already.
 */
export function exhaustedAt(truth: Truth, environment: string): number | undefined {
  const slo = 'deployment-reliability';
  const { t } = truth;
  const month = tally(truth, environment, slo, calendarMonth(t));
  const week = tally(truth, environment, slo, { from: t - 7 * day, to: t, includesFrom: false });
  if (left(0.99, month.spent, month.events) <= 0) return undefined;
  const date = new Date(t * 1000);
  const end = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / 1000;
  for (let at = t; at < end; at += 60) {
    const weeks = (at - t) / (7 * day);
    const spent = month.spent + weeks * week.spent;
    if (spent >= allowed(0.99, month.events + weeks * week.events)) return at;
  }
  return undefined;
}
