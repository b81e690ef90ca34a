import { differences } from '../diff/diff.ts';
import { snapshotAt, snapshotIn } from '../diff/snapshot.ts';
import { inProject } from '../lib/root.ts';
import type { Change } from './change.ts';

/** The semantic diff against a commit, for the report to set beside the pictures of each place. */
export const changesSince = (ref: string): Change[] =>
  differences(snapshotAt(ref), snapshotIn(inProject('generated'))).map((change) => ({
    ...(change.dashboard !== undefined && { dashboard: change.dashboard }),
    ...(change.panel !== undefined && { panel: change.panel }),
    risk: change.risk !== undefined,
    text: `**${change.place.join(' › ')}**: ${change.text}${change.risk ? ` (${change.risk})` : ''}`,
  }));
