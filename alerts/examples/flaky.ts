import { constantly, type Examples, series } from '../../src/alerts/index.ts';
import type { Targets } from '../../src/pipeline/index.ts';
import { type Deployment, deployment, failedStage, smokeTest, stage } from '../../src/simulator/index.ts';
import { says } from './says.ts';

const commitOf = (id: number): string => String(id).repeat(20).slice(0, 40);

/** A deployment of two minutes whose build fails, and its re-run, which passes or fails too. */
const tried = (id: number, started: number, passes = true): Deployment[] => {
  const first = deployment({
    id: String(id),
    commit: commitOf(id),
    started,
    finished: started + 120,
    reported: 'failure',
    stages: [failedStage('api', 'build', started + 10, started + 110)],
  });
  const again = started + 150;
  const end = { started: again, finished: again + 120 };
  return [
    first,
    {
      ...first,
      ...end,
      id: `${id}-2`,
      runAttempt: 2,
      triggered: again,
      reported: passes ? 'success' : 'failure',
      stages: [(passes ? stage : failedStage)('api', 'build', again + 10, again + 110)],
    },
  ];
};
const triedInARow = (count: number, passes = true): Deployment[] =>
  Array.from({ length: count }, (_, i) => tried(101 + i, 60 + 300 * i, passes)).flat();

/** So many failures by chance among so many deployments, as they are recorded. */
const recorded = (failures: number, deployments: number) => [
  series(
    'environment_part:flaky_failures:count',
    { environment: 'production', part: 'api build', window: '30d' },
    constantly(failures, 10),
  ),
  series(
    'environment_part:flaky_lost_seconds:sum',
    { environment: 'production', part: 'api build', window: '30d' },
    constantly(120 * failures, 10),
  ),
  series(
    'environment:deployments:count',
    { environment: 'production', window: '30d' },
    constantly(deployments, 10),
  ),
];

const flaky = (part: string, failures: number, lost: string) =>
  says(
    { part },
    `${part} is flaky: ${failures} deployments to production failed by chance`,
    `In thirty days it failed in ${failures} deployments and passed in a later one of the same commit. The failed ones took ${lost} all together.`,
  );

const minutes = (count: number): string => `${2 * count}m 0s`;

export function stageFlaky({ failures, share }: Targets['flaky']): Examples {
  const few = Math.floor(failures / share);
  const at = 60 + 300 * failures + 240;
  return {
    fires: [
      {
        title: `A build fails and its re-run passes, ${failures} times.`,
        deployments: triedInARow(failures),
        at,
        notifications: [flaky('api build', failures, minutes(failures))],
      },
      {
        title: 'A smoke test fails as often, and passes when the deployment is tried again.',
        deployments: triedInARow(failures).map((d) => ({
          ...d,
          stages: [],
          smokeTests: [smokeTest('web_app', d.started + 50, d.runAttempt === 2)],
        })),
        at,
        notifications: [flaky('smoke test web_app', failures, minutes(failures))],
      },
      {
        title: `It happens in a little more than ${100 * share} % of the deployments.`,
        series: recorded(failures, few - 1),
        at: 540,
        notifications: [flaky('api build', failures, minutes(failures))],
      },
    ],
    silent: [
      {
        title: `A build fails and its re-run passes, ${failures - 1} times.`,
        deployments: triedInARow(failures - 1),
        at,
      },
      {
        title: 'The re-runs fail as well: the commits may be to blame.',
        deployments: triedInARow(failures, false),
        at,
      },
      {
        title: `It happens in no more than ${100 * share} % of the deployments.`,
        series: recorded(failures, few),
        at: 540,
      },
      {
        title: 'The builds passed at the same commits before they failed.',
        deployments: triedInARow(failures).map((d) => ({
          ...d,
          reported: d.runAttempt === 1 ? 'success' : 'failure',
          stages: [
            (d.runAttempt === 1 ? stage : failedStage)('api', 'build', d.started + 10, d.started + 110),
          ],
        })),
        at,
      },
    ],
  };
}
