import type { Family } from '../src/alerts/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import { budget } from './budget.ts';
import { burn } from './burn.ts';
import { collection } from './collection.ts';
import { cost } from './cost.ts';
import { deployments } from './deployments.ts';
import { flaky } from './flaky.ts';
import { health } from './health-checks.ts';
import { migrations } from './migrations.ts';
import { own } from './own.ts';
import { progress } from './progress.ts';
import { rollbacks } from './rollbacks.ts';
import { silence } from './silence.ts';
import { system } from './system.ts';
import { verification } from './verification.ts';

/** Every family of alerts. Rules, their tests, runbooks and Alertmanager's configuration are made from these. */
export const families = (pipeline: Pipeline): readonly Family[] =>
  [
    deployments,
    progress,
    health,
    verification,
    flaky,
    migrations,
    rollbacks,
    silence,
    collection,
    system,
    cost,
    budget,
    burn,
    own,
  ]
    .map((family) => family(pipeline))
    .filter(({ alerts }) => alerts.length > 0);
