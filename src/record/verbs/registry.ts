import type { Verb } from '../verb.ts';
import { cost } from './cost.ts';
import { errorRate } from './error-rate.ts';
import { finish } from './finish.ts';
import { gate } from './gate.ts';
import { health } from './health.ts';
import { jobs } from './jobs.ts';
import { metric } from './metric.ts';
import { migration } from './migration.ts';
import { queue } from './queue.ts';
import { railwayRollback } from './railway-rollback.ts';
import { railwayWait } from './railway-wait.ts';
import { rollback } from './rollback.ts';
import { send } from './send.ts';
import { smokeTest } from './smoke-test.ts';
import { stage } from './stage.ts';
import { stageFinish } from './stage-finish.ts';
import { stageStart } from './stage-start.ts';
import { start } from './start.ts';
import { sweep } from './sweep.ts';
import { tell } from './tell.ts';
import { vercelRollback, vercelWait } from './vercel.ts';

/** All verbs, in the order in which a deployment uses them. */
export const verbs: readonly Verb[] = [
  start,
  stage,
  stageStart,
  stageFinish,
  migration,
  health,
  errorRate,
  smokeTest,
  rollback,
  railwayRollback,
  railwayWait,
  vercelRollback,
  vercelWait,
  cost,
  queue,
  jobs,
  metric,
  finish,
  tell,
  gate,
  sweep,
  send,
];
