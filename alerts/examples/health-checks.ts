import { constantly, type Examples, series } from '../../src/alerts/index.ts';
import { health as checks, deployment, failedStage, stage, unfinished } from '../../src/simulator/index.ts';
import { overtaken } from './endings.ts';
import { says } from './says.ts';

/** Checks of the API that answer like this, twenty seconds apart, from second 700 on. */
const checked = (answers: string, latency?: number) =>
  checks(700, answers).map((check, i) => ({
    ...check,
    time: 700 + 20 * i,
    ...(latency !== undefined && { latency }),
  }));

/** A deployment whose checks answer like this. */
const answering = (answers: string) =>
  unfinished({
    id: '1001',
    started: 600,
    stages: [
      stage('api', 'deploy_railway', 610, 690),
      { service: 'api', stage: 'health_check', started: 695 },
    ],
    health: checked(answers),
  });

const noAnswer = (why = '') =>
  says(
    { deployment_id: '1001', service: 'api' },
    'api does not answer its health check after deployment 1001 to production',
    `2 checks in a row failed${why}. Version 2.0.0 from main by ada.`,
  );

export const healthCheckFailures: Examples = {
  fires: [
    {
      title: 'After two that pass, two fail, and no further one is made.',
      deployments: [answering('..xx')],
      at: 960,
      notifications: [noAnswer()],
    },
    {
      title: 'The stage has failed, and says why.',
      deployments: [
        {
          ...answering('xx'),
          stages: [
            failedStage('api', 'health_check', 695, 730, {
              errorType: 'health_check_failed',
              message: 'status 503',
            }),
          ],
        },
      ],
      at: 960,
      notifications: [noAnswer('; api health_check: health_check_failed, status 503')],
    },
    {
      title:
        'Nothing has been heard of it for more than a quarter of an hour, and it was told of until just now.',
      deployments: [answering('..xx')],
      at: 760 + 1100,
      notifications: [noAnswer()],
    },
    {
      title: 'Then a scrape of the gateway fails.',
      deployments: [answering('..xx')],
      gatewayOutages: [{ from: 1020, to: 1020 }],
      at: 1020,
      notifications: [noAnswer()],
    },
  ],
  silent: [
    {
      title: 'The first three checks fail while the service starts, then one passes.',
      deployments: [answering('xxx.')],
      at: 960,
    },
    {
      title: 'A single check fails, and no further one is made.',
      deployments: [answering('..x')],
      at: 960,
    },
  ],
  over: [
    {
      title: 'Nothing more is heard of it for a quarter of an hour.',
      deployments: [answering('..xx')],
      at: 760 + 900 + 300 + 80,
    },
    ...overtaken(answering('..xx'), 780),
  ],
};

/** This share of checks passed, the last of them so many in a row. */
const shared = (share: number, inARow: number) => {
  const api = { environment: 'production', deployment_id: '1001', service: 'api' } as const;
  return [
    series('deployment_service:health_check_success:ratio5m', api, constantly(share, 20)),
    series('deployment_service:health_checks_passed_in_a_row:count', api, constantly(inARow, 20)),
  ];
};

const known = 'Version 2.0.0 from main by ada';
const unknown = 'Version unknown';
const only = (share: string, which = known) =>
  says(
    { deployment_id: '1001', service: 'api' },
    `Only ${share} of the health checks of api pass after deployment 1001 to production`,
    `Of the checks of the last five minutes at least 90 % have to pass, and the last three. ${which}.`,
  );

export const postDeploymentHealth: Examples = {
  fires: [
    {
      title: 'Every second check fails.',
      deployments: [answering('x.x.x.x.x.x.')],
      at: 960,
      notifications: [only('50%')],
    },
    {
      title: '89 % pass, the last two of them in a row.',
      series: shared(0.89, 2),
      at: 600,
      notifications: [only('89%', unknown)],
    },
  ],
  silent: [
    {
      title: 'Half of the checks failed while the service started; since then all pass.',
      deployments: [answering('xxxx....')],
      at: 960,
    },
    { title: '91 % pass.', series: shared(0.91, 0), at: 600 },
    { title: 'Half of them passed, and the last three did.', series: shared(0.5, 3), at: 600 },
  ],
  over: overtaken(answering('x.x.x.x.x.x.'), 930),
};

const since0 = [
  series(
    'deployment_stage:running_since_timestamp_seconds:min',
    { environment: 'production', deployment_id: '1001', service: 'api', stage: 'health_check' },
    constantly(0, 20),
  ),
];

/** A health check that begins at 690, and fails then for this reason. */
const checkFailed = (errorType: 'timeout' | 'health_check_failed', finished: number) =>
  unfinished({
    id: '1001',
    started: 600,
    stages: [failedStage('api', 'health_check', 690, finished, { errorType, message: 'no answer' })],
  });

const notEnded = (duration: string, which = known) =>
  says(
    { deployment_id: '1001', service: 'api', stage: 'health_check' },
    `The health check of api has not ended after ${duration}`,
    `Deployment 1001 to production. After five minutes it should have passed or failed. ${which}.`,
  );

export const healthCheckTimeout: Examples = {
  fires: [
    {
      title: 'The health check runs for six minutes.',
      deployments: [answering('x.....')],
      at: 1080,
      notifications: [notEnded('6m 25s')],
    },
    {
      title: 'It ran for five minutes and then timed out.',
      deployments: [checkFailed('timeout', 990)],
      at: 1020,
      notifications: [notEnded('5m 0s')],
    },
    {
      title: 'It timed out more than a quarter of an hour ago, and was told of until just now.',
      deployments: [checkFailed('timeout', 990)],
      at: 990 + 1110,
      notifications: [notEnded('5m 0s')],
    },
    {
      title: 'It has been running for six minutes.',
      series: since0,
      at: 360,
      notifications: [notEnded('6m 0s', unknown)],
    },
  ],
  silent: [
    { title: 'It runs for less than five minutes.', deployments: [answering('x.....')], at: 960 },
    { title: 'It has been running for exactly five minutes.', series: since0, at: 300 },
    {
      title: 'It failed after a minute.',
      deployments: [checkFailed('health_check_failed', 750)],
      at: 1020,
    },
  ],
  over: [
    {
      title: 'It timed out twenty minutes ago.',
      deployments: [checkFailed('timeout', 990)],
      at: 990 + 900 + 300 + 90,
    },
    ...overtaken(checkFailed('timeout', 990), 1000),
  ],
};

/** Checks that pass, each in so many seconds. */
const slow = (latency: number) =>
  deployment({
    id: '1001',
    started: 600,
    finished: 1000,
    health: checked('.'.repeat(8), latency),
  });

export const healthLatencyHigh: Examples = {
  fires: [
    {
      title: 'The service answers, in 1.4 seconds.',
      deployments: [slow(1.4)],
      at: 960,
      notifications: [
        says(
          { deployment_id: '1001', service: 'api' },
          'api takes 1.4s to answer its health check',
          'Deployment 1001 to production. Average of the checks of five minutes that passed; it should be below a second. Version 2.0.0 from main by ada.',
        ),
      ],
    },
  ],
  silent: [{ title: 'It answers in 0.9 seconds.', deployments: [slow(0.9)], at: 960 }],
  over: overtaken(slow(1.4), 840),
};
