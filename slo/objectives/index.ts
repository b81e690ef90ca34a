import type { RuleGroup } from '../../metrics/rule.ts';
import { budgetGroups, targetGroup } from './budget.ts';
import { eventGroups } from './events.ts';
import { health } from './health.ts';
import { migrations } from './migrations.ts';
import type { Objective } from './objective.ts';
import { reliability } from './reliability.ts';
import { smokeTests } from './smoke-tests.ts';
import { costGroup, spendingGroup } from './spending.ts';
import { timeToDeploy } from './time-to-deploy.ts';

/** Every SLO. Recording rules, burn alerts, the SLO dashboard, OpenSLO and the SLO page are made from these. */
export const objectives: readonly Objective[] = [reliability, timeToDeploy, health, migrations, smokeTests];

/** The recording rules of all SLOs, by rule file: what happened in rolling windows, and the month's budgets. */
export const objectiveFiles: Readonly<Record<'objectives' | 'budgets', readonly RuleGroup[]>> = {
  objectives: [...eventGroups(objectives), targetGroup(objectives)],
  budgets: [...budgetGroups(objectives), spendingGroup(objectives), costGroup],
};
