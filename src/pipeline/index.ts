/** What is observed, and every target and limit: the one place of numbers. */

export { alertThresholds } from './alerts.ts';
export { thresholds } from './dashboards.ts';
export {
  abandonedAfter,
  budgetWeights,
  environmentForgottenAfter,
  indicatorIntervals,
  ledgerInterval,
  recentDeployments,
  sampling,
} from './ledger.ts';
export { limits } from './limits.ts';
