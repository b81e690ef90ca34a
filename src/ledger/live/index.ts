import type { RuleGroup } from '../../metrics/index.ts';
import { ledgerInterval } from '../../pipeline/index.ts';
import { deploymentRules } from './deployments.ts';
import { environmentRules } from './environments.ts';
import { healthRules } from './health-checks.ts';

/**
 * The present, from the gateway's series: alerts ask these series and not the pushes, so that they are
 * short enough for the person on call, and understand every producer that the seam does.
 */
export const liveGroup: RuleGroup = {
  name: 'deployment-live',
  interval: ledgerInterval,
  rules: [...deploymentRules, ...healthRules, ...environmentRules],
  source: import.meta.url,
};
