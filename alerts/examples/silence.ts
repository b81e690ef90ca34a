import { constantly, type Examples, series } from '../../src/alerts/index.ts';
import { spoken } from '../../src/lib/spoken.ts';
import type { Targets } from '../../src/pipeline/index.ts';
import { deployment, stage, unfinished } from '../../src/simulator/index.ts';
import { durationText, wholeMinute } from './numbers.ts';
import { says } from './says.ts';

const hour = 3_600;

const day = 24 * hour;

/** Builds for a minute, and then says nothing any more. */
const silent = unfinished({
  id: '1001',
  started: 600,
  stages: [stage('api', 'build', 620, 700)],
});

export function telemetryMissing({ telemetrySilenceSeconds: long }: Targets): Examples {
  // It was last heard of at 700.
  const now = wholeMinute(700 + long);
  return {
    fires: [
      {
        title: `A run dies after its build, ${spoken(long)} ago.`,
        deployments: [silent],
        at: now,
        notifications: [
          says(
            { deployment_id: '1001' },
            `Nothing was heard of deployment 1001 to production for ${durationText(now - 700)}`,
            'It started and has not finished. Version 2.0.0 from main by ada.',
          ),
        ],
      },
    ],
    silent: [
      { title: 'It was last heard of two minutes less ago.', deployments: [silent], at: now - 120 },
      {
        title: 'It finished even longer ago.',
        deployments: [deployment({ id: '1001', started: 600, finished: 900 })],
        at: wholeMinute(900 + long + 600),
      },
    ],
    over: [
      {
        title: 'A quarter of an hour later it is heard of again.',
        deployments: [{ ...silent, stages: [...silent.stages, stage('api', 'push', now + 780, now + 880)] }],
        at: now + 1320,
      },
    ],
  };
}

const wasAbandoned = says(
  { deployment_id: '1001' },
  'Deployment 1001 to production was abandoned',
  'It started, and nothing was heard of it for two hours; it counts as a failure from 1970-01-01 02:11:40 +0000 UTC on. Version 2.0.0 from main by ada.',
);

export const deploymentAbandoned: Examples = {
  step: 300,
  fires: [
    {
      title: 'A run dies after its build, more than two hours ago.',
      deployments: [silent],
      at: 8100,
      notifications: [wasAbandoned],
    },
    {
      title: 'It was given up an hour ago.',
      deployments: [silent],
      at: 7900 + 3500,
      notifications: [wasAbandoned],
    },
  ],
  silent: [
    {
      title: 'A deployment has succeeded.',
      deployments: [deployment({ id: '1001', started: 6900, finished: 7800 })],
      at: 8100,
    },
    {
      title: 'It is heard of again after an hour and a half.',
      deployments: [
        unfinished({
          id: '1001',
          started: 600,
          stages: [stage('api', 'build', 620, 700), stage('api', 'deploy_railway', 6000, 6060)],
        }),
      ],
      at: 8100,
    },
  ],
  over: [
    { title: 'After an hour it is told of no more.', deployments: [silent], at: 7900 + 3600 + 300 + 500 },
  ],
};

/** Twelve deployments in two hours of the afternoon of Thursday, 1 January 1970. */
const thursday = Array.from({ length: 12 }, (_, i) =>
  deployment({ id: `10${i}`, started: 14 * hour + 300 + i * 500 }),
);

const none = (duration: string) =>
  says(
    {},
    `No deployment to production for ${duration}`,
    'That is longer than four days and than three times the usual gap, or than 30 days. Either nothing was deployed, or nothing was recorded.',
  );

/** An environment that usually has so many deployments in thirty days, and had its last one at 0. */
const lastOf = (usual: number, steps: number) => [
  series(
    'environment:last_finished_timestamp_seconds:max',
    { environment: 'production' },
    constantly(0, steps),
  ),
  series(
    'environment:usual_deployments:count',
    { environment: 'production', window: '30d' },
    constantly(usual, steps),
  ),
];

export const noDeploymentForLong: Examples = {
  step: 8 * hour,
  fires: [
    {
      title: 'Twelve deployments on a Thursday, one every two and a half days: three usual gaps later.',
      deployments: thursday,
      at: 8 * day + 16 * hour,
      notifications: [none('8d 0h 18m 30s')],
    },
    {
      title: 'Five weeks later there was still none.',
      deployments: thursday,
      at: 35 * day,
      notifications: [none('34d 8h 18m 30s')],
    },
    {
      title: 'A busy environment: a hundred in thirty days, and none for more than four days.',
      series: lastOf(100, 20),
      at: 4 * day + 16 * hour,
      notifications: [none('4d 16h 0m 0s')],
    },
    {
      title: 'A quiet environment: two in thirty days, and none for a month.',
      series: lastOf(2, 100),
      at: 31 * day,
      notifications: [none('31d 0h 0m 0s')],
    },
  ],
  silent: [
    {
      title: 'Twelve deployments on a Thursday, and none for less than three usual gaps.',
      deployments: thursday,
      at: 7 * day + 16 * hour,
    },
    { title: 'A busy environment after a long weekend.', series: lastOf(100, 20), at: 4 * day },
    { title: 'A quiet environment after exactly thirty days.', series: lastOf(2, 100), at: 30 * day },
  ],
  over: [
    {
      title: 'After nine days there is one.',
      deployments: [...thursday, deployment({ id: '2001', started: 9 * day + 16 * hour - 600 })],
      at: 10 * day + 8 * hour,
    },
  ],
};

export const nothingRecordedAtAll: Examples = {
  step: hour,
  fires: [
    {
      title: 'A new installation: a day has gone by without a deployment.',
      at: 25 * hour,
      notifications: [
        {
          labels: {},
          summary: 'No deployment has been recorded',
          description:
            'Prometheus knows of none that ever finished: the pipeline does not record itself, or what it records does not arrive.',
        },
      ],
    },
  ],
  silent: [
    { title: 'It is not a day old.', at: 23 * hour },
    {
      title: 'After 23 hours the first deployment finishes.',
      deployments: [deployment({ id: '1001', started: 23 * hour - 600 })],
      at: 25 * hour,
    },
  ],
};
