/** Why a wrapped command failed; loaded only when one did. */

export { failureOf, writeFailureSummary } from './explain.ts';
