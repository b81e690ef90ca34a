import type { DashboardState } from '../../src/panels/dashboard-queries.ts';
import type { Truth } from '../oracle/truth.ts';
import type { TruthTable } from './panels.ts';

/** Words of the strip about what was heard of the chosen environments, in a system in which everything is pushed now. */
function heard({ facts, t }: Truth, { variables: { environment = '.*' } }: DashboardState) {
  const chosen = new RegExp(`^(?:${environment})$`);
  if (facts.some((f) => chosen.test(f.environment)))
    return [{ labels: { telemetry: 'Last event' }, value: t * 1_000 }];
  const words = facts.length === 0 ? 'yet' : 'in this environment';
  return [{ labels: { telemetry: `⚠ No deployment recorded ${words}` }, value: 0 }];
}

/** The truth of the strip on top of every dashboard, while everything is collected. */
export const telemetryTruth: TruthTable = {
  '/Collection': {
    within: 60_000,
    values: ({ t }) => [{ labels: { telemetry: '✓ Telemetry complete, as of' }, value: t * 1_000 }],
  },
  // Deployments were pushed some minutes ago, whenever they happened.
  '/Heard': { within: 900_000, values: heard },
};
