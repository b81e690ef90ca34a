import { constantly, type Examples, series } from '../../src/alerts/index.ts';
import { spoken, spokenCount } from '../../src/lib/spoken.ts';
import type { Targets } from '../../src/pipeline/index.ts';
import { deployment, failedStage, rollback, stage } from '../../src/simulator/index.ts';
import { wholeMinute } from './numbers.ts';
import { says } from './says.ts';

/** Rolled back, because of health or for another reason. */
const rolledBack = (id: string, started: number, reason: 'health_check_failed' | 'error_rate') =>
  deployment({
    id,
    started,
    finished: started + 200,
    reported: 'rolled_back',
    rollbacks: [rollback(started + 100, started + 190, { reason })],
  });

const failed = (id: string, started: number) =>
  deployment({
    id,
    started,
    finished: started + 200,
    reported: 'failure',
    stages: [failedStage('api', 'build', started + 10, started + 190)],
  });

const good = (id: string, started: number) =>
  deployment({
    id,
    started,
    finished: started + 200,
    stages: [stage('api', 'build', started + 10, started + 190)],
  });

/** So much is left of this month's budget. */
const left = (share: number) => [
  series(
    'environment_slo:error_budget_left:ratio',
    { environment: 'production', slo: 'deployment-reliability' },
    constantly(share, 10),
  ),
];

export const errorBudgetHalfSpent: Examples = {
  fires: [
    {
      title:
        'One deployment of three is rolled back because of health, which costs half of the budget of one.',
      deployments: [good('1001', 600), rolledBack('1002', 900, 'health_check_failed'), good('1003', 1200)],
      at: 1500,
      notifications: [
        says(
          { slo: 'deployment-reliability' },
          "Half of this month's error budget of production is spent",
          'Left: 50%. Spent by 1002 (0.5).',
          ['1002'],
        ),
      ],
    },
  ],
  silent: [
    {
      title: 'One deployment is called off, which costs nothing.',
      deployments: [
        good('1001', 600),
        deployment({ id: '1002', started: 900, finished: 960, reported: 'cancelled' }),
        good('1003', 1200),
      ],
      at: 1500,
    },
    { title: '55 % are left.', series: left(0.55), at: 300 },
  ],
};

const halfDay = 43_200;

const beforeNoon = halfDay - 3_600;

/** Three deployments in the hour before noon of the first of January, of which this is the second one. */
const threeWith = (second: ReturnType<typeof good>) => [
  good('1001', beforeNoon),
  second,
  good('1003', beforeNoon + 600),
];

export const errorBudgetExhausted: Examples = {
  step: halfDay,
  fires: [
    {
      title: 'One deployment of three fails.',
      deployments: threeWith(failed('1002', beforeNoon + 300)),
      at: halfDay,
      notifications: [
        says(
          { slo: 'deployment-reliability' },
          'The error budget of production for this month is spent: freeze risky changes',
          'Left: 0%. Spent by 1002 (1.0). Only hotfixes until the next month begins, or until enough good deployments have earned new budget.',
          ['1002'],
        ),
      ],
    },
  ],
  silent: [
    {
      title: 'One deployment of three is rolled back because of health: half is left.',
      deployments: threeWith(rolledBack('1002', beforeNoon + 300, 'health_check_failed')),
      at: halfDay,
    },
    { title: 'A tenth is left.', series: left(0.1), step: 60, at: 300 },
  ],
  over: [
    {
      title: 'The next month begins.',
      deployments: [
        ...threeWith(failed('1002', beforeNoon + 300)),
        good('1004', 20 * 2 * halfDay + beforeNoon),
      ],
      at: 31 * 2 * halfDay + halfDay,
    },
  ],
};

/** A success that takes so many seconds. */
const taking = (id: string, seconds: number) =>
  deployment({ id, started: 600, triggered: 600, finished: 600 + seconds });

export function timeToDeployEscalation({ timeToDeploy }: Targets): Examples {
  const { escalationSeconds: limit, escalationDeployments: few } = timeToDeploy;
  const at = wholeMinute(limit) + 1200;
  return {
    fires: [
      {
        title: 'Two deployments take one and five minutes more than that.',
        deployments: [taking('1001', limit + 60), taking('1002', limit + 300)],
        at,
        notifications: [
          says(
            { slo: 'time-to-deploy' },
            `2 deployments to production took more than ${spoken(limit)} in the last seven days`,
            `They are 1001, 1002; the error budget of time to deploy allows ${spokenCount(few - 1)}. The owner of the pipeline decides what has to give.`,
            ['1001', '1002'],
          ),
        ],
      },
    ],
    silent: [
      {
        title: 'One takes five minutes more, another exactly as long.',
        deployments: [taking('1001', limit), taking('1002', limit + 300)],
        at,
      },
    ],
  };
}

const breached = (slo: string, by: readonly string[]) =>
  says(
    { slo },
    `The SLA of ${slo} is breached in production this month so far`,
    `More than it allows went wrong: ${by.join(', ') || 'not known yet'}. Good deployments in the rest of the month may still make up for it.`,
    by,
  );

export function slaBreached({ timeToDeploy: { agreementSeconds: limit } }: Targets): Examples {
  const at = wholeMinute(limit) + 1080;
  return {
    fires: [
      {
        title: 'Two of four deployments fail.',
        deployments: [good('1001', 600), failed('1002', 900), failed('1003', 1200), good('1004', 1500)],
        at: 1800,
        notifications: [breached('deployment-reliability', ['1002', '1003'])],
      },
      {
        title: `Of three deployments two take ${limit + 10} seconds and more, and are named. One of ${limit - 70} did not break the SLA.`,
        deployments: [taking('1001', limit + 10), taking('1002', limit - 70), taking('1003', limit + 180)],
        at,
        notifications: [breached('time-to-deploy', ['1001', '1003'])],
      },
      {
        title: 'A tenth more than it allows went wrong.',
        series: [
          series(
            'environment_slo:sla_left:ratio',
            { environment: 'production', slo: 'deployment-reliability' },
            constantly(-0.1, 10),
          ),
        ],
        at: 300,
        notifications: [breached('deployment-reliability', [])],
      },
    ],
    silent: [
      {
        title: 'One of four fails, which the SLA allows.',
        deployments: [good('1001', 600), good('1002', 900), failed('1003', 1200), good('1004', 1500)],
        at: 1800,
      },
      {
        title: 'Three deployments are slow, and only one of them breaks the SLA.',
        deployments: [taking('1001', limit + 10), taking('1002', limit - 70), taking('1003', limit - 1)],
        at,
      },
    ],
  };
}
