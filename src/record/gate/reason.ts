import type { labels } from '../../metrics/index.ts';
import type { Report } from './verdict.ts';

/**
 * Why a deployment that may not stay is rolled back, as `rollback --reason` takes it; undefined when it may stay. What
 * users felt comes first. Failed health checks come before the recorded error rate, which is made of the same checks.
 */
export function rollbackReason({ question, checks }: Report): (typeof labels.reason)[number] | undefined {
  if (question !== 'stay') return undefined;
  const failed = new Set(checks.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name));
  if (failed.has('live-traffic')) return 'error_rate';
  if (failed.has('smoke-tests')) return 'test_failed';
  if (failed.has('health')) return 'health_check_failed';
  if (failed.has('error-rate')) return 'error_rate';
  return failed.size > 0 ? 'manual' : undefined;
}
