import { constantly, type Examples, series } from '../../src/alerts/index.ts';
import { percentText } from '../../src/lib/spoken.ts';
import type { Targets } from '../../src/pipeline/index.ts';
import { deployment, failedStage, rollback, smokeTest, stage } from '../../src/simulator/index.ts';
import { off, shareText } from './numbers.ts';
import { says } from './says.ts';

const hour = 3_600;

const day = 24 * hour;

/** The new version is live and does not answer. */
const failedHealth = deployment({
  id: '1001',
  started: 600,
  finished: 1000,
  reported: 'failure',
  stages: [
    stage('api', 'deploy_railway', 620, 760),
    failedStage('api', 'health_check', 770, 950, {
      errorType: 'health_check_failed',
      message: 'status 503',
    }),
  ],
  smokeTests: [smokeTest('web_app', 960, false)],
});

/** It failed when the story begins, and nothing else is known of it. */
const failedAt0 = [
  series(
    'deployment:failed_timestamp_seconds:max',
    { environment: 'production', deployment_id: '1001' },
    constantly(0, 30),
  ),
];

const failed = (why: string, at: string) =>
  says(
    { deployment_id: '1001' },
    'Deployment 1001 to production failed',
    `${why}. It failed at 1970-01-01 ${at} +0000 UTC and was not rolled back.`,
  );

export const deploymentFailed: Examples = {
  fires: [
    {
      title: 'The health check fails after the new version went live, and it is not rolled back.',
      deployments: [failedHealth],
      at: 1260,
      notifications: [
        failed(
          'api health_check: health_check_failed, status 503; smoke test web_app: expected status 200, got 500. Version 2.0.0 from main by ada',
          '00:15:50',
        ),
      ],
    },
    {
      title: 'It has not been fixed for nearly a day.',
      step: hour,
      series: failedAt0,
      at: 23 * hour,
      notifications: [failed('no stage said what went wrong. Version unknown', '00:00:00')],
    },
  ],
  silent: [
    {
      title: 'The same, and a rollback succeeds within two minutes.',
      deployments: [
        deployment({
          id: '1001',
          started: 600,
          finished: 1070,
          reported: 'rolled_back',
          stages: [
            stage('api', 'deploy_railway', 620, 760),
            failedStage('api', 'health_check', 770, 950, { errorType: 'health_check_failed' }),
          ],
          rollbacks: [rollback(960, 1050, { reason: 'health_check_failed' })],
        }),
      ],
      at: 1260,
    },
  ],
  over: [
    {
      title: 'A later deployment succeeds.',
      deployments: [failedHealth, deployment({ id: '1002', started: 1300, finished: 1500 })],
      at: 1860,
    },
    {
      title: 'After a day it is no incident any more.',
      step: hour,
      series: failedAt0,
      at: 26 * hour,
    },
  ],
};

const fails = (id: string, started: number) =>
  deployment({
    id,
    started,
    finished: started + 240,
    reported: 'failure',
    stages: [failedStage('api', 'build', started + 20, started + 220)],
  });

/** An hour with this success rate, in which two deployments failed. */
const rated = (rate: number) => [
  series(
    'environment:deployment_success:ratio',
    { environment: 'production', window: '1h' },
    constantly(rate, 60),
  ),
  series(
    'environment_slo:bad_deployments:count',
    { environment: 'production', slo: 'deployment-reliability', window: '1h' },
    constantly(2, 60),
  ),
];

const tooFew = (share: string, objective: number) =>
  says(
    {},
    `Deployment success rate of production is ${share} in the last hour`,
    `Target: ${percentText(objective)}. At least two deployments of the hour failed or were rolled back, so it is not one bad change.`,
  );

export const deploymentSuccessRateLow = ({ deployments: { objective, good } }: Targets): Examples => ({
  fires: [
    {
      title: 'Three deployments in ten minutes, two of them fail.',
      deployments: [
        fails('1001', 600),
        fails('1002', 900),
        deployment({ id: '1003', started: 1000, finished: 1200 }),
      ],
      at: 3300,
      notifications: [tooFew('33.33%', objective)],
    },
    {
      title: `Two fail: ${percentText(off(good, -0.01))} succeed.`,
      series: rated(off(good, -0.01)),
      at: 3300,
      notifications: [tooFew(shareText(off(good, -0.01)), objective)],
    },
  ],
  silent: [
    {
      title: 'One of two deployments fails: a rate of 50 %, made of one event.',
      deployments: [fails('1001', 600), deployment({ id: '1002', started: 1000, finished: 1200 })],
      at: 3300,
    },
    {
      title: `Two fail: ${percentText(off(good, 0.005))} succeed.`,
      series: rated(off(good, 0.005)),
      at: 3300,
    },
  ],
});

/** Twelve deployments from nine o'clock on; day 0 is Thursday, 1 January 1970. */
const busyDay = (d: number) =>
  Array.from({ length: 12 }, (_, i) => deployment({ id: `10${i}`, started: d * day + 9 * hour + i * 1200 }));

const saturday = 2;

/** So many deployments on a usual working day, and in the last day; hours are counted from Thursday, 1 January 1970. */
const frequency = (usual: number, lastDay?: number) => [
  series(
    'environment:deployments:count',
    { environment: 'production', window: '30d' },
    constantly(usual * 21.43, 150),
  ),
  ...(lastDay === undefined
    ? []
    : [
        series(
          'environment:deployments:count',
          { environment: 'production', window: '1d' },
          constantly(lastDay, 150),
        ),
      ]),
];

const unusual = (lastDay: number) =>
  says(
    {},
    `${lastDay} deployments to production in the last day, which is unusual`,
    'Compared with the working days of the last thirty days, it is less than a quarter or more than three times the usual number.',
  );

export const deploymentFrequencyAnomalous: Examples = {
  step: 3_600,
  fires: [
    {
      title: 'Twelve deployments on a Thursday; in thirty days there were no others.',
      deployments: busyDay(0),
      at: 18 * hour,
      notifications: [unusual(12)],
    },
    {
      title: 'More than three times as many as usual, late in the afternoon.',
      series: frequency(5, 16),
      at: 17 * hour,
      notifications: [unusual(16)],
    },
    {
      title: 'More than three times as many, and four more.',
      series: frequency(1, 5),
      at: 18 * hour,
      notifications: [unusual(5)],
    },
    {
      title: 'Fewer than a quarter.',
      series: frequency(20, 4),
      at: 18 * hour,
      notifications: [unusual(4)],
    },
    {
      title: 'Fewer than a quarter, and more than four fewer.',
      series: frequency(5.3, 1),
      at: 18 * hour,
      notifications: [unusual(1)],
    },
    {
      title: 'On a Friday there was none.',
      series: frequency(20),
      at: 42 * hour,
      notifications: [unusual(0)],
    },
    {
      title: 'On a Tuesday there was none.',
      series: frequency(20),
      at: 138 * hour,
      notifications: [unusual(0)],
    },
    {
      title: 'What is usual is known from ten deployments on.',
      series: frequency(0.47, 5),
      at: 18 * hour,
      notifications: [unusual(5)],
    },
  ],
  silent: [
    {
      title: 'The same on a Saturday, which is no working day.',
      deployments: busyDay(saturday),
      at: saturday * day + 18 * hour,
    },
    { title: 'Less than three times as many as usual.', series: frequency(5, 14), at: 18 * hour },
    {
      title: 'More than four times as many, but not four more.',
      series: frequency(1.05, 5),
      at: 18 * hour,
    },
    { title: 'Four times as many, but only three more.', series: frequency(1, 4), at: 18 * hour },
    { title: 'A quarter of the usual number.', series: frequency(20, 5), at: 18 * hour },
    { title: 'Fewer than a quarter, but not four fewer.', series: frequency(4.5, 1), at: 18 * hour },
    { title: 'Early in the afternoon the day cannot be judged.', series: frequency(20, 4), at: 15 * hour },
    { title: 'What is usual is not known yet.', series: frequency(0.43, 5), at: 18 * hour },
  ],
};
