import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboardSentences } from '../../diff/index.ts';
import type { JsonObject } from '../model.ts';
import { normalise } from './normalise.ts';
import { isOwnTag } from './ownership.ts';

/**
 * How one dashboard differs from another, in words; empty when they show the same.
 * @param before the dashboard as it is @param after the dashboard as it is to be
 */
export function describeDashboard(before: JsonObject, after: JsonObject): string[] {
  const [a, b] = [before, after].map((spec) => normalise(spec, isOwnTag) as unknown as Dashboard);
  return dashboardSentences(a!, b!);
}
