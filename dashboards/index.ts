import { type BuiltDashboard, buildDashboard } from '../src/dashboards/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import { dora } from './dora/index.ts';
import { overview } from './overview/index.ts';
import { sloDashboard } from './slo/index.ts';
import { troubleshooting } from './troubleshooting/index.ts';

/** Every dashboard of the bundle, built. */
export const dashboards = (pipeline: Pipeline): readonly BuiltDashboard[] =>
  [overview, troubleshooting, sloDashboard, dora].map((one) => buildDashboard(one(pipeline)));
