import type { RuleGroup } from '../../metrics/index.ts';
import { applicationGroup } from './application.ts';
import { choicesGroup } from './choices.ts';
import { doraGroup } from './dora.ts';
import { stageHistoryGroups } from './stages.ts';
import { timelineGroup } from './timeline.ts';

/** What looks back: what happened within a deployment, deployments to choose from, stage history, time to restore, and how the application did. */
export const historyGroups: readonly RuleGroup[] = [
  timelineGroup,
  choicesGroup,
  doraGroup,
  ...stageHistoryGroups,
  applicationGroup,
];
