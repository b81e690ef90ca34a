import type { RuleGroup } from '../../metrics/index.ts';
import type { Pipeline } from '../../pipeline/index.ts';
import { applicationGroup } from './application.ts';
import { choicesGroup } from './choices.ts';
import { doraGroup } from './dora.ts';
import { stageHistoryGroups } from './stages.ts';
import { timelineGroup } from './timeline.ts';

/** Rules that look back: events within a deployment, the deployment list, stage history, time to restore, and the application. */
export const historyGroups = ({ application }: Pipeline): readonly RuleGroup[] => [
  timelineGroup,
  choicesGroup,
  doraGroup,
  ...stageHistoryGroups,
  ...(application ? [applicationGroup] : []),
];
