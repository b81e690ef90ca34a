/**
 * Enumerations that are pushed and recorded as numbers. What can still change is a value and never a label
 * (a new label value would be a second series, and the deployment would be counted twice), so an outcome or
 * a status travels as its code, and a name is given back only where a person reads it.
 */

/** How a deployment ended; exactly one of these. Order and numbers are fixed: dashboards map them. */
export const outcomes = {
  running: 0,
  success: 1,
  failure: 2,
  rolled_back: 3,
  abandoned: 4,
  cancelled: 5,
} as const;
/** Name of an outcome. */
export type Outcome = keyof typeof outcomes;

/** How a stage ended. Higher is worse, so that `max` of two reports of one stage keeps the worst. */
export const stageStatuses = { running: 0, success: 1, skipped: 2, cancelled: 3, failure: 4 } as const;
/** Name of a stage's status. */
export type StageStatus = keyof typeof stageStatuses;

/** Why a deployment was rolled back. */
export const rollbackReasons = {
  none: 0,
  health_check_failed: 1,
  test_failed: 2,
  error_rate: 3,
  manual: 4,
  other: 9,
} as const;
/** Name of a rollback's reason. */
export type RollbackReason = keyof typeof rollbackReasons;

/** Error types of a failed stage. `command_failed` is the recorder's default. */
export const errorTypes = {
  none: 0,
  command_failed: 1,
  timeout: 2,
  health_check_failed: 3,
  migration_failed: 4,
  test_failed: 5,
  rollback_triggered: 6,
  api_unreachable: 7,
  database_connection_error: 8,
  other: 9,
  dependency: 10,
  network: 11,
  out_of_memory: 12,
  infrastructure: 13,
} as const;
/** Name of an error type. */
export type ErrorType = keyof typeof errorTypes;

/** The enumeration whose codes a metric has, which its name says; undefined where it is of another sort. */
export function codesOf(metric: string): Readonly<Record<string, number>> | undefined {
  if (/(^|[:_])outcome([:_]|$)/.test(metric)) return outcomes;
  if (/rollback_reason([:_]|$)/.test(metric)) return rollbackReasons;
  if (/error_type([:_]|$)/.test(metric)) return errorTypes;
  if (/gate[:_]verdict[:_]/.test(metric)) return gateVerdicts;
  if (/gate[:_]hindsight[:_]/.test(metric)) return gateHindsight;
  return /stage[:_]status[:_]/.test(metric) ? stageStatuses : undefined;
}

/** Answers of the gate; `would_…` in shadow mode, in which it refuses nothing. */
export const gateVerdicts = {
  pass: 1,
  fail: 2,
  inconclusive: 3,
  error: 4,
  would_pass: 11,
  would_fail: 12,
  would_inconclusive: 13,
  would_error: 14,
} as const;

/** Who was right in the end, the gate or the deployment; `open` while that is not known. */
export const gateHindsight = { open: 0, right: 1, false_alarm: 2, missed: 3, refused: 4 } as const;

/** The names of an enumeration, without those that are only a state of the ledger. */
export const namesOf = <T extends Record<string, number>, const Not extends keyof T & string = never>(
  codes: T,
  ...without: Not[]
): readonly Exclude<keyof T & string, Not>[] =>
  (Object.keys(codes) as (keyof T & string)[]).filter(
    (name): name is Exclude<keyof T & string, Not> => !(without as string[]).includes(name),
  );
