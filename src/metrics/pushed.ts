import { labels } from './labels.ts';
import { deploymentLabels } from './recorded-series.ts';

const { service, stage, migration_name } = labels;
/** Labels of a stage as it is pushed: a migration is a stage too, and its group says which migration it was. */
export const pushedStageLabels = { ...deploymentLabels, service, stage, migration_name } as const;

/** The recorder pushes it for every deployment that has the event. */
export const pushed = { producers: ['recorder'], required: true, pushedOnce: true } as const;
/** The same, and the older collector pushes it too. */
export const alsoCollector = {
  producers: ['recorder', 'collector'],
  required: true,
  pushedOnce: true,
} as const;
/** The recorder pushes it where it is known. */
export const optional = { producers: ['recorder'], required: false, pushedOnce: true } as const;
/** The same, and the older collector pushes it too. */
export const optionalAlsoCollector = { ...alsoCollector, required: false } as const;
