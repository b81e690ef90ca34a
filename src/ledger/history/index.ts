import type { RuleGroup } from '../../metrics/index.ts';
import type { Pipeline } from '../../pipeline/index.ts';
import { applicationGroup } from './application.ts';
import { choicesGroup } from './choices.ts';
import { doraGroup } from './dora.ts';
import { restoreGroup } from './restore.ts';
import { stageHistoryGroups } from './stages.ts';
import { timelineGroup } from './timeline.ts';

/** What looks back: what happened within a deployment, deployments to choose from, stage history, time to restore, and how the application did. */
export const historyGroups = ({ application }: Pipeline): readonly RuleGroup[] => [
  timelineGroup,
  choicesGroup,
  restoreGroup,
  doraGroup,
  ...stageHistoryGroups,
  ...(application ? [applicationGroup] : []),
];
