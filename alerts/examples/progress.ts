import { constantly, type Examples, series } from '../../src/alerts/index.ts';
import { spoken } from '../../src/lib/spoken.ts';
import type { Targets } from '../../src/pipeline/index.ts';
import { deployment, stage, unfinished } from '../../src/simulator/index.ts';
import { durationText, wholeMinute } from './numbers.ts';
import { says } from './says.ts';

/** Runs and does not end. */
const hanging = () =>
  unfinished({
    id: '1001',
    started: 600,
    stages: [{ service: 'api', stage: 'deploy_railway', started: 620 }],
  });

/** It fires a minute beyond the limit, and not a minute before. */
function beyond(
  limitSeconds: number,
  sentence: string,
  target: string,
): Examples & { readonly longer: number } {
  const limit = wholeMinute(limitSeconds);
  const [longer, shorter] = [limit + 60, limit - 60];
  return {
    longer,
    fires: [
      {
        title: `A deployment hangs for ${spoken(longer)}.`,
        deployments: [hanging()],
        at: 600 + longer,
        notifications: [
          says(
            { deployment_id: '1001' },
            `Deployment 1001 to production ${sentence.replace('…', durationText(longer))}`,
            `${target} Its stages: api deploy_railway since 1970-01-01 00:10:20 +0000 UTC.`,
          ),
        ],
      },
    ],
    silent: [{ title: `It hangs for ${spoken(shorter)}.`, deployments: [hanging()], at: 600 + shorter }],
  };
}

export function deploymentTakingTooLong({ timeToDeploy }: Targets): Examples {
  const { longer, ...examples } = beyond(
    timeToDeploy.tooLongSeconds,
    'has been running for …',
    `It should be done in ${spoken(timeToDeploy.seconds)}.`,
  );
  return {
    ...examples,
    over: [
      {
        title: `After ${spoken(longer)} it finishes.`,
        deployments: [{ ...hanging(), finished: 600 + longer, reported: 'success' }],
        at: 600 + longer + 420,
      },
    ],
  };
}

export function deploymentBehind({ timeToDeploy }: Targets): Examples {
  const { fires, silent } = beyond(
    timeToDeploy.behindSeconds,
    'is behind schedule: … so far',
    `The objective is ${spoken(timeToDeploy.seconds)}.`,
  );
  return { fires, silent };
}

/** Ten deployments in which the build takes a minute, and an eleventh in which it still runs. */
const usualBuilds = Array.from({ length: 10 }, (_, i) => {
  const started = 60 + i * 120;
  return deployment({
    id: `10${i}`,
    started,
    finished: started + 90,
    stages: [stage('api', 'build', started + 10, started + 70)],
  });
});

const building = unfinished({
  id: '2001',
  started: 1800,
  stages: [{ service: 'api', stage: 'build', started: 1800 }],
});

/** A build that has been running since 0, takes so many seconds usually, and has been seen so often. */
const running = (usual: number, known = 10) => [
  series(
    'deployment_stage:running_since_timestamp_seconds:min',
    { environment: 'production', deployment_id: '2001', service: 'api', stage: 'build' },
    constantly(0, 30),
  ),
  series(
    'environment_stage:duration_seconds:avg',
    { environment: 'production', service: 'api', stage: 'build', window: '30d' },
    constantly(usual, 30),
  ),
  series(
    'environment:deployments:count',
    { environment: 'production', window: '30d' },
    constantly(known, 30),
  ),
];

const slowBuild = (duration: string) =>
  says(
    { deployment_id: '2001', service: 'api', stage: 'build' },
    `Stage build of api takes ${duration}, twice its usual time`,
    'Deployment 2001 to production. Compared with the average of the last thirty days.',
  );

export const stageSlowerThanUsual: Examples = {
  fires: [
    {
      title: 'A build that usually takes a minute has been running for three.',
      deployments: [...usualBuilds, building],
      at: 1980,
      notifications: [slowBuild('3m 0s')],
    },
    {
      title: 'It usually takes 100 seconds, and has been running for four minutes.',
      series: running(100),
      at: 240,
      notifications: [slowBuild('4m 0s')],
    },
    {
      title: 'It takes more than a minute longer than usual.',
      series: running(50),
      at: 120,
      notifications: [slowBuild('2m 0s')],
    },
  ],
  silent: [
    {
      title: 'It has been running for two minutes: not more than twice as long.',
      deployments: [...usualBuilds, building],
      at: 1920,
    },
    {
      title: 'It usually takes 100 seconds, and has been running for three minutes.',
      series: running(100),
      at: 180,
    },
    {
      title: 'It usually takes seven seconds, and has been running for a minute.',
      series: running(7),
      at: 60,
    },
    { title: 'What is usual is known from nine deployments only.', series: running(100, 9), at: 240 },
  ],
};

/** Successful deployments of such durations, one after the other. */
const taking = (...durations: readonly number[]) =>
  durations.map((seconds, i) =>
    deployment({
      id: `10${i}`,
      started: 600,
      triggered: 600,
      finished: 600 + seconds,
      environment: 'production',
    }),
  );

/** A day with this p95, in which two were too slow. */
const p95 = (seconds: number) => [
  series(
    'environment:time_to_deploy_seconds:quantile',
    { environment: 'production', window: '1d', quantile: '0.95' },
    constantly(seconds, 60),
  ),
  series(
    'environment_slo:bad_deployments:count',
    { environment: 'production', slo: 'time-to-deploy', window: '1d' },
    constantly(2, 60),
  ),
];

const tooLong = (duration: string, objective: number) =>
  says(
    {},
    `Time to deploy to production is ${duration} (p95 of the last day)`,
    `The objective is ${spoken(objective)}. At least two successful deployments of the day took longer.`,
  );

export function timeToDeployP95High({ timeToDeploy }: Targets): Examples {
  const limit = wholeMinute(timeToDeploy.seconds);
  return {
    fires: [
      {
        title: 'Two of three deployments take one and two minutes longer than the objective.',
        deployments: taking(limit / 2, limit + 60, limit + 120),
        at: limit + 1800,
        notifications: [tooLong(durationText(limit + 114), timeToDeploy.seconds)],
      },
      {
        title: 'The p95 is a minute too long.',
        series: p95(limit + 60),
        at: 1200,
        notifications: [tooLong(durationText(limit + 60), timeToDeploy.seconds)],
      },
    ],
    silent: [
      {
        title: 'One of three takes two minutes longer: the p95 is above the objective, from a single one.',
        deployments: taking(limit / 2, limit / 2 + 10, limit + 120),
        at: limit + 1800,
      },
      { title: 'The p95 is exactly the objective.', series: p95(timeToDeploy.seconds), at: 1200 },
    ],
  };
}
