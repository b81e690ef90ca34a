import type { RuleGroup } from '../../metrics/index.ts';
import { ledgerInterval } from '../../pipeline/index.ts';
import { deploymentRules } from './deployments.ts';
import { environmentRules } from './environments.ts';
import { healthRules } from './health.ts';

/**
 * What is going on now, from what the gateway holds: alerts ask these series and not the pushes, so that they are
 * short enough to be understood by whoever they wake, and understand every producer that the seam does.
 */
export const liveGroup: RuleGroup = {
  name: 'deployment-live',
  interval: ledgerInterval,
  rules: [...deploymentRules, ...healthRules, ...environmentRules],
  source: import.meta.url,
};
