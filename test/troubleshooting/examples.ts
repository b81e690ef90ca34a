import { deployment, failedStage, rollback, stage, unfinished } from '../../src/simulator/builders.ts';
import { random } from '../../src/simulator/random.ts';
import { Run } from '../../src/simulator/run.ts';
import { type Scenario, scenarios, tell } from '../../src/simulator/scenarios.ts';
import type { Deployment, History } from '../../src/simulator/types.ts';

/** Minutes from one story's start to the next one's: shorter than most of them last, so that they overlap. */
const apart = 6;
/** A deployment is given up two hours after its last word. */
const old: Scenario = 'abandoned';

function told(scenario: Scenario, index: number, started: number): Deployment {
  const rng = random(100 + index);
  const id = String(17_000_000_100 + index);
  const beginning = unfinished({
    id,
    started: Math.round(started * 1000) / 1000,
    triggered: Math.round((started - 12.345) * 1000) / 1000,
    commit: rng.hex(40),
    version: `2.4.${index}`,
    previousId: '17000000100',
    scenario,
  });
  const run = new Run(rng, beginning);
  tell(scenario, run);
  return run.deployment();
}

/** One deployment of every kind of story, the abandoned one first, all within three hours before `end`. */
function everyKind(end: number): Deployment[] {
  const first = end - 60 * (apart * scenarios.length + 40);
  const order = [old, 'success' as const, ...scenarios.filter((s) => s !== old && s !== 'success')];
  return order.map((scenario, i) => told(scenario, i, first + (i === 0 ? 0 : 60 * (5 + apart * i))));
}

/** A second attempt of a run that failed, the same id in staging, two at once, late rollbacks, and two that run. */
function special(end: number): Deployment[] {
  const at = (minutes: number) => end - 60 * minutes;
  return [
    deployment({
      id: '500',
      started: at(34) + 0.25,
      finished: at(31) + 0.5,
      reported: 'failure',
      stages: [
        failedStage('api', 'build', at(33.5), at(31.5), { errorType: 'timeout', message: 'first attempt' }),
      ],
    }),
    deployment({
      id: '500-2',
      started: at(29),
      finished: at(25),
      stages: [
        stage('api', 'build', at(28.5) + 0.125, at(26) + 0.75),
        stage('web', 'build', at(28), at(25.5)),
      ],
    }),
    deployment({
      id: '500',
      environment: 'staging',
      started: at(33),
      finished: at(30),
      stages: [stage('web', 'build', at(32), at(30.5))],
    }),
    deployment({
      id: '600',
      started: at(15),
      finished: at(9),
      stages: [
        stage('api', 'build', at(14.5), at(12)),
        { service: 'web', stage: 'verification', started: at(11), finished: at(11), status: 'skipped' },
        stage('api', 'deploy_railway', at(11), at(9.5)),
      ],
    }),
    deployment({
      id: '601',
      started: at(14),
      finished: at(8),
      stages: [
        stage('web', 'build', at(13.5), at(10)),
        failedStage('web', 'deploy_vercel', at(9.9), at(8.2), {}),
      ],
      reported: 'failure',
    }),
    // Rolled back long after the time span that links to it show.
    deployment({
      id: '400',
      started: at(120),
      finished: at(112),
      stages: [stage('api', 'build', at(119.5), at(117))],
      rollbacks: [rollback(at(70), at(69), { reason: 'manual' })],
    }),
    // Its runner died, which is not known yet.
    {
      ...unfinished({ id: '650', started: at(21) }),
      stages: [
        stage('web', 'build', at(20.5), at(19)),
        { service: 'web', stage: 'install', started: at(18.5) },
      ],
    },
    // A stage is tried a second time right now.
    deployment({
      id: '699',
      started: at(7),
      finished: end + 120,
      stages: [
        failedStage('web', 'build', at(6.5), at(5.5), { errorType: 'timeout', message: 'first try' }),
        stage('web', 'build', at(5), end + 60),
      ],
    }),
    {
      ...deployment({ id: '700', started: at(4), finished: end + 300 }),
      stages: [stage('api', 'build', at(3.8), at(2.1)), stage('api', 'deploy_railway', at(1.9), end + 60)],
    },
  ];
}

/** All stories. */
export const examples = (end: number): History => ({
  seed: 0,
  end,
  deployments: [...everyKind(end), ...special(end)].sort((a, b) => a.started - b.started),
});
