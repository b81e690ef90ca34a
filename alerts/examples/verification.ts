import { type Examples, series } from '../../src/alerts/index.ts';
import { applicationJob } from '../../src/metrics/index.ts';
import { deployment, rollback, smokeTest } from '../../src/simulator/index.ts';
import { superseded } from './endings.ts';
import { says } from './says.ts';

const minute = 60;

const hour = 60 * minute;

/** A success with these smoke tests, the last of which fails. */
const tested = (...rest: Parameters<typeof deployment>[0][]) =>
  deployment({
    id: '1001',
    started: 600,
    finished: 900,
    smokeTests: [smokeTest('api_health', 800), smokeTest('web_app', 810, false)],
    ...Object.assign({}, ...rest),
  });

export const smokeTestsFailing: Examples = {
  fires: [
    {
      title: 'Of two smoke tests one fails, and the run goes on.',
      deployments: [tested()],
      at: 1020,
      notifications: [
        says(
          { deployment_id: '1001' },
          'Smoke tests failed after deployment 1001 to production',
          '1 of them: web_app: expected status 200, got 500. Version 2.0.0 from main by ada.',
        ),
      ],
    },
  ],
  silent: [
    {
      title: 'The same, and it is rolled back at once.',
      deployments: [
        tested({
          started: 600,
          reported: 'rolled_back',
          rollbacks: [rollback(815, 870, { reason: 'test_failed' })],
        }),
      ],
      at: 1020,
    },
  ],
  over: [superseded(tested(), 1020)],
};

/** A success of which this share of requests failed. */
const withErrors = (rate: number) =>
  deployment({
    id: '1001',
    started: 600,
    finished: 900,
    errorRates: [{ service: 'api', time: 900, value: rate }],
  });

const tooManyErrors = says(
  { deployment_id: '1001', service: 'api' },
  '5.5% of the requests to api fail after deployment 1001 to production',
  'Measured in its first five minutes; at most 5 % may fail. Version 2.0.0 from main by ada.',
);

export const highErrorRate: Examples = {
  fires: [
    {
      title: '5.5 percent of the requests fail.',
      deployments: [withErrors(0.055)],
      at: 1080,
      notifications: [tooManyErrors],
    },
    {
      title:
        'Nothing has been heard of it for more than a quarter of an hour, and it was told of until just now.',
      deployments: [withErrors(0.055)],
      at: 900 + 1080,
      notifications: [tooManyErrors],
    },
  ],
  silent: [{ title: 'Exactly five percent fail.', deployments: [withErrors(0.05)], at: 1080 }],
  over: [
    {
      title: 'It is rolled back.',
      deployments: [{ ...withErrors(0.07), rollbacks: [rollback(1000, 1100, { reason: 'error_rate' })] }],
      at: 1500,
    },
    {
      title: 'Nothing more is heard of it for twenty minutes.',
      deployments: [withErrors(0.055)],
      at: 900 + 900 + 300 + 60,
    },
    superseded(withErrors(0.055), 1020),
  ],
};

const requests = { job: applicationJob, method: 'GET', endpoint: '/api/v1/knowledge' } as const;

/** Live traffic, in which for so many minutes so many requests a minute fail, besides 600 (or so many) that do not. */
const traffic = (...spans: readonly (readonly [minutes: number, failing: number, good?: number])[]) => {
  const counted = (status_code: string, perMinute: (span: (typeof spans)[number]) => number) => {
    let value = 0;
    const values = spans.map((span) => {
      const run = { value, times: span[0], step: perMinute(span) };
      value += span[0] * perMinute(span);
      return run;
    });
    return series('http_requests_total', { ...requests, status_code }, values);
  };
  return [counted('200', ([, , good = 600]) => good), counted('500', ([, failing]) => failing)];
};

/** The sentence about a share. */
const spike = (share: string) =>
  says(
    { deployment_id: '1001' },
    `${share} of live requests fail since deployment 1001 to production`,
    'More than three times the share of the hour before it. Version 2.0.0 from main by ada.',
  );

const afternoon = deployment({ id: '1001', started: 1500, finished: 1800 });

/** After twenty bad minutes fewer fail, and by and by that is what is usual. */
const lingering = traffic([70, 0], [20, 38], [70, 16]);

export const errorRateSpike: Examples = {
  fires: [
    {
      title: 'Before the deployment 0.3 % of requests fail, after it 2.3 %.',
      deployments: [afternoon],
      series: traffic([30, 2], [20, 14]),
      at: 2340,
      notifications: [spike('2.28%')],
    },
    {
      title: 'Before it 1 % fail, after it three and a half times as many.',
      deployments: [afternoon],
      series: traffic([30, 6], [20, 22]),
      at: 2340,
      notifications: [spike('3.537%')],
    },
    {
      title: 'The errors begin ten minutes after it.',
      deployments: [afternoon],
      series: traffic([40, 2], [20, 38]),
      at: 2700,
      notifications: [spike('5.956%')],
    },
    {
      title: 'After three quiet hours they begin with a deployment, and go on for one and a half.',
      deployments: [deployment({ id: '1001', started: 3 * hour - 300, finished: 3 * hour })],
      series: traffic([180, 2], [95, 38]),
      at: 4.5 * hour,
      notifications: [spike('5.956%')],
    },
    {
      title: 'It is hardly used: seven requests a minute, and all of them fail.',
      deployments: [afternoon],
      series: traffic([30, 0, 7], [20, 7, 0]),
      at: 2340,
      notifications: [spike('100%')],
    },
    {
      title: 'It went on with 2.28 %, when the deployment was long ago.',
      deployments: [deployment({ id: '1001', started: 6900, finished: 7200 })],
      series: traffic([120, 0], [20, 38], [30, 14]),
      at: 158 * minute,
      notifications: [spike('2.28%')],
    },
    {
      title: 'It went on with 1.6 times the share of the day.',
      deployments: [deployment({ id: '1001', started: 3900, finished: 4200 })],
      series: lingering,
      at: 110 * minute,
      notifications: [spike('2.597%')],
    },
    {
      title: 'It went on, with seven requests a minute of which all fail.',
      deployments: [afternoon],
      series: traffic([30, 0], [20, 38], [30, 7, 0]),
      at: 70 * minute,
      notifications: [spike('100%')],
    },
  ],
  silent: [
    {
      title: 'After it 1.8 % fail: five times as many as before, and still less than 2 %.',
      deployments: [afternoon],
      series: traffic([30, 2], [20, 11]),
      at: 2340,
    },
    {
      title: 'Two and a half times as many as before fail.',
      deployments: [afternoon],
      series: traffic([30, 6], [20, 15]),
      at: 2340,
    },
    {
      title: 'The errors begin a quarter of an hour after it.',
      deployments: [afternoon],
      series: traffic([45, 2], [20, 100]),
      at: 2940,
    },
    {
      title: 'Five requests a minute, and all of them fail.',
      deployments: [afternoon],
      series: traffic([30, 0, 5], [20, 5, 0]),
      at: 2340,
    },
    {
      title: 'It was a deployment to staging, and the application is production.',
      deployments: [{ ...afternoon, environment: 'staging' }],
      series: traffic([30, 2], [20, 38]),
      at: 2340,
    },
  ],
  over: [
    {
      title: 'After ten minutes as many fail as before: 3 %.',
      deployments: [afternoon],
      series: traffic([30, 18], [10, 80], [40, 18]),
      at: 4200,
    },
    {
      title: 'After twenty minutes only 1.8 % fail.',
      deployments: [deployment({ id: '1001', started: 6900, finished: 7200 })],
      series: traffic([120, 0], [20, 38], [30, 11]),
      at: 158 * minute,
    },
    {
      title: 'After an hour it has become usual: less than one and a half times the share of the day.',
      deployments: [deployment({ id: '1001', started: 3900, finished: 4200 })],
      series: lingering,
      at: 150 * minute,
    },
    {
      title: 'Then it is hardly used: five requests a minute, and all of them fail.',
      deployments: [afternoon],
      series: traffic([30, 0], [20, 38], [30, 5, 0]),
      at: 70 * minute,
    },
  ],
};
