import type { Pipeline } from '../src/pipeline/index.ts';
import type { Objective } from '../src/slo/index.ts';
import { migrations } from './migrations.ts';
import { health } from './post-deployment-health.ts';
import { reliability } from './reliability.ts';
import { smokeTests } from './smoke-tests.ts';
import { timeToDeploy } from './time-to-deploy.ts';

/** Every SLO. Recording rules, burn alerts, the SLO dashboard, OpenSLO and the SLO page are made from these. */
export const objectives = (pipeline: Pipeline): readonly Objective[] =>
  [reliability, timeToDeploy, health, migrations, smokeTests].map((objective) => objective(pipeline));
