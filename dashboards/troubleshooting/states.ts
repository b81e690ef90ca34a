import { colour, lookMapping } from '../../src/dashboards/index.ts';
import { stageStatuses } from '../../src/metrics/index.ts';

/** States of a bar of the waterfall: how a stage ended, and states that only the reader's present gives. */
export const barStates = { ...stageStatuses, slow: 5, lost: 6, waiting: 7 } as const;
/** Name of a state. */
export type BarState = keyof typeof barStates;

/** States as coloured words. */
export const barMappings = lookMapping(barStates, {
  running: { text: 'running', color: colour.running },
  success: { text: 'success', color: colour.good },
  slow: { text: 'slow', color: colour.warning },
  failure: { text: 'failed', color: colour.bad },
  skipped: { text: 'skipped', color: colour.skipped },
  cancelled: { text: 'cancelled', color: colour.skipped },
  lost: { text: 'no end reported', color: colour.unknown },
  waiting: { text: 'waiting', color: 'light-blue' },
});
