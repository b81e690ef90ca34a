import {
  deployment,
  failedStage,
  health,
  history,
  migration,
  rollback,
  smokeTest,
  stage,
  unfinished,
} from '../../src/simulator/builders.ts';
import type { Deployment, History, UnixSeconds } from '../../src/simulator/types.ts';

/** A pipeline that was never used. */
export const noDeploymentEver = (end: UnixSeconds): History => history(end, []);

/** The very first deployment, three minutes old and not finished at `end`. */
export const firstRunning = (end: UnixSeconds): History => {
  const started = end - 180;
  return history(end, [
    unfinished({
      id: '1',
      started,
      migrations: [migration(started + 5, started + 25)],
      stages: [
        stage('api', 'build', started + 30, started + 120),
        { service: 'api', stage: 'deploy_railway', started: started + 125 },
      ],
    }),
  ]);
};

/** Three deployments within the last hour, each failed in its own way; nothing ever succeeded. */
export const onlyFailures = (end: UnixSeconds): History => {
  const at = (minutes: number): UnixSeconds => end - 60 * minutes;
  return history(end, [
    deployment({
      id: '1',
      started: at(50),
      finished: at(46),
      reported: 'failure',
      stages: [failedStage('api', 'build', at(49), at(47))],
    }),
    deployment({
      id: '2',
      started: at(35),
      finished: at(30),
      reported: 'failure',
      migrations: [migration(at(34), at(31), false)],
    }),
    deployment({
      id: '3',
      started: at(20),
      finished: at(10),
      reported: 'failure',
      health: health(at(15), 'xxxxxx'),
      stages: [
        stage('api', 'deploy_railway', at(19), at(16)),
        failedStage('api', 'health_check', at(15), at(14), { errorType: 'health_check_failed' }),
      ],
      rollbacks: [rollback(at(13), at(12), { reason: 'health_check_failed', ok: false })],
    }),
  ]);
};

const dayOfMonth = (time: UnixSeconds): number => new Date(time * 1000).getUTCDate();

/** The first second (UTC) of the month of this moment. */
export const monthStart = (time: UnixSeconds): UnixSeconds => {
  const midnight = Math.floor(time / 86_400) * 86_400;
  return midnight - (dayOfMonth(midnight) - 1) * 86_400;
};

/**
 * Around the turn of a month: a failure in its last minute and one across midnight, then a success and a failure
 * in the new month's first minute. `end` is the new month's second minute.
 */
export const monthFirstMinute = (anywhereInMonth: UnixSeconds): History => {
  const first = monthStart(anywhereInMonth);
  const failed = (id: string, started: number, finished: number): Deployment =>
    deployment({
      id,
      started: first + started,
      finished: first + finished,
      reported: 'failure',
      stages: [failedStage('api', 'build', first + started + 2, first + finished - 2)],
    });
  return history(first + 120, [
    failed('1', -400, -30),
    failed('2', -300, 10),
    deployment({ id: '3', started: first - 250, finished: first + 30 }),
    failed('4', -100, 50),
  ]);
};

/** One deployment after the other, none like the others: every part of a deployment, with round numbers. */
export const oneOfEach = (end: UnixSeconds): History => {
  const at = (seconds: number): UnixSeconds => end - 3000 + seconds;
  return history(end, [
    deployment({
      id: '101',
      started: at(0),
      finished: at(300),
      stages: [
        stage('api', 'build', at(30), at(130)),
        stage('api', 'deploy_railway', at(131), at(191)),
        stage('web', 'build', at(192), at(232)),
      ],
      migrations: [migration(at(5), at(25))],
      health: health(at(195), 'x....'),
      smokeTests: [smokeTest('api_health', at(240)), smokeTest('web_beta', at(243), false)],
      costs: [{ resource: 'railway_compute', time: at(290), usd: 0.15 }],
      errorRates: [{ service: 'api', time: at(600), value: 0.02 }],
    }),
    deployment({
      id: '102',
      started: at(700),
      finished: at(1200),
      reported: 'failure',
      stages: [
        stage('api', 'build', at(710), at(830)),
        failedStage('api', 'health_check', at(840), at(900), {
          errorType: 'health_check_failed',
          message: 'status 503',
        }),
      ],
      health: health(at(840), 'xxxx'),
      rollbacks: [rollback(at(910), at(950), { reason: 'health_check_failed', previousId: '101' })],
      costs: [{ resource: 'railway_compute', time: at(1000), usd: 0.25 }],
    }),
    deployment({ id: '103', started: at(1300), finished: at(1400), reported: 'cancelled' }),
    deployment({ id: '103-2', started: at(1500), finished: at(2000) }),
    deployment({ id: '201', environment: 'staging', started: at(1550), finished: at(1950) }),
    unfinished({ id: '104', started: at(2900) }),
  ]);
};
