import { type BuiltDashboard, buildDashboard } from '../src/dashboards/index.ts';
import { dora } from './dora/index.ts';
import { overview } from './overview/index.ts';
import { sloDashboard } from './slo/index.ts';
import { troubleshooting } from './troubleshooting/index.ts';

/** Every dashboard of the bundle, built. */
export const dashboards = (): readonly BuiltDashboard[] =>
  [overview, troubleshooting, sloDashboard, dora].map(buildDashboard);
