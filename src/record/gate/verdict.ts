/** The gate's answers. */
export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'error';

/** One thing that the gate looked at. `skipped` does not count: there is nothing of the kind, or it was switched off. */
export interface Check {
  /** Kebab-case and stable: the name for `--without` and in JSON. */
  readonly name: string;
  readonly verdict: Verdict | 'skipped';
  /** The finding, with its numbers. */
  readonly found: string;
  /** The demand. */
  readonly demanded: string;
  /** True when waiting brings nothing more. */
  readonly final?: boolean;
}

/** The whole answer. */
export interface Report {
  readonly question: 'stay' | 'deploy';
  readonly environment: string;
  readonly deployment_id: string;
  readonly verdict: Verdict;
  readonly checks: readonly Check[];
  /** False when something that was pushed before the question may be missing. */
  readonly complete: boolean;
}

/** True when a later look can say nothing else: it is decided, or the question itself is wrong. */
export const isFinal = ({ verdict, checks }: Pick<Report, 'verdict' | 'checks'>): boolean =>
  verdict === 'pass' || verdict === 'fail' || checks.some((check) => check.final);

/** Exit codes: people script against them. */
export const exitCodes: Readonly<Record<Verdict, number>> = { pass: 0, fail: 1, inconclusive: 2, error: 3 };

/**
 * The verdict on all checks. One failure decides, even if other questions could not be asked; a question that could not be
 * asked comes before data that is not there yet; and nothing at all is never a pass.
 */
export function verdictOn(checks: readonly Check[]): Verdict {
  const has = (verdict: Check['verdict']): boolean => checks.some((check) => check.verdict === verdict);
  if (has('fail')) return 'fail';
  if (has('error')) return 'error';
  if (has('inconclusive') || !has('pass')) return 'inconclusive';
  return 'pass';
}

/** A share as people read it: `96.7 %`. */
export const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;
