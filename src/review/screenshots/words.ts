import { snapshotAt, snapshotIn } from '../../compile/index.ts';
import { type Change as Difference, differences } from '../../diff/index.ts';
import type { Objective } from '../../slo/index.ts';
import type { Change } from './change.ts';

/** A change of the semantic diff as the report shows it. */
export const reported = (change: Difference): Change => ({
  ...(change.dashboard !== undefined && { dashboard: change.dashboard }),
  ...(change.panel !== undefined && { panel: change.panel }),
  place: change.place.join(' › '),
  risk: change.risk !== undefined,
  text: `${change.text}${change.risk ? ` (${change.risk})` : ''}`,
});

/** The semantic diff against a commit, for the report to set beside the pictures of each place. */
export const changesSince = (ref: string, objectives: readonly Objective[], generated: string): Change[] =>
  differences(snapshotAt(ref), snapshotIn(generated), objectives).map(reported);
