import {
  deployment,
  failedStage,
  health,
  migration,
  rollback,
  smokeTest,
  stage,
  unfinished,
} from '../../src/simulator/builders.ts';
import type { Deployment, Environment } from '../../src/simulator/types.ts';

/** Deployments with round numbers, for states of which the truth can be read off. */

/** When everything happens: 2026-01-15, midnight UTC. */
export const midnight = Date.UTC(2026, 0, 15) / 1_000;
const hour = 3_600;
/** A time of that day, Unix seconds. */
export const at = (hours: number, minutes = 0): number => midnight + hours * hour + minutes * 60;

/** Two minutes of building and deploying the API, and a minute of looking whether it works. */
const parts = (t: number) => ({
  migrations: [migration(t + 5, t + 25)],
  stages: [
    stage('api', 'build', t + 30, t + 125),
    stage('api', 'deploy_railway', t + 126, t + 196),
    stage('api', 'health_check', t + 197, t + 227),
    stage('api', 'smoke_tests', t + 230, t + 240),
  ],
  health: health(t + 197, '......'),
  smokeTests: [smokeTest('api_health', t + 230), smokeTest('knowledge_api', t + 235)],
  costs: [{ resource: 'railway_compute' as const, time: t + 245, usd: 0.15 }],
});

/** A success of 260 s from push to finish. */
export const success = (id: string, started: number, environment: Environment = 'production'): Deployment =>
  deployment({
    id,
    environment,
    started,
    finished: started + 250,
    committed: started - 600,
    ...parts(started),
  });

/** A build that fails after a minute: production never sees it. */
export const failedBuild = (id: string, started: number, more: Partial<Deployment> = {}): Deployment =>
  deployment({
    id,
    started,
    finished: started + 100,
    reported: 'failure',
    migrations: [migration(started + 5, started + 25)],
    stages: [
      failedStage('api', 'build', started + 30, started + 95, {
        errorType: 'command_failed',
        message: 'npm ERR! Type error: id is not a number',
      }),
    ],
    ...more,
  });

/** The new version does not get healthy, and is taken back. */
export const rolledBack = (id: string, started: number): Deployment =>
  deployment({
    id,
    started,
    finished: started + 260,
    reported: 'failure',
    ...parts(started),
    stages: [
      stage('api', 'build', started + 30, started + 125),
      stage('api', 'deploy_railway', started + 126, started + 196),
      failedStage('api', 'health_check', started + 197, started + 227, {
        errorType: 'health_check_failed',
        message: 'GET /health answered 503 six times',
      }),
    ],
    health: health(started + 197, 'xxxxxx'),
    smokeTests: [],
    rollbacks: [rollback(started + 228, started + 255, { reason: 'health_check_failed' })],
  });

/** Three minutes old, and its build is done. */
export const running = (id: string, started: number): Deployment =>
  unfinished({
    id,
    started,
    migrations: [migration(started + 5, started + 25)],
    stages: [
      stage('api', 'build', started + 30, started + 125),
      { service: 'api', stage: 'deploy_railway', started: started + 126 },
    ],
  });

/** Words of about 300 characters. */
export const longText =
  "ERROR failed to solve: process \"/bin/sh -c npm run build\" did not complete successfully: exit code: 1: src/knowledge/embeddings/index.ts(214,17): error TS2345: Argument of type 'string | undefined' is not assignable to parameter of type 'EmbeddingModelName' in packages/relay-api-with-a-very-long-name";

/** Everything that ever happens, by the moments at which it is looked at. */
export const allDeployments: readonly Deployment[] = [
  ...Array.from({ length: 24 }, (_, i) => success(`17000${100 + i}`, at(-192 + 8 * i, 15))),
  success('17000201', at(11, 40)),
  running('17000202', at(12, 56)),
  failedBuild('17000203', at(14, 45)),
  rolledBack('17000204', at(16, 45)),
  success('17000301', at(17, 5), 'staging'),
  ...[0, 1, 2].map((i) => failedBuild(`1700021${i}`, at(17, 20 + 5 * i))),
  failedBuild('17000220', at(18, 44), {
    branch: `feature/${'a-branch-that-says-everything-it-does-'.repeat(3)}`,
    version: '2026.01.15-rc.1+build.17000220.0123456789abcdef0123456789abcdef',
    stages: [
      failedStage('api', 'build', at(18, 45), at(18, 45) + 40, {
        errorType: 'command_failed',
        message: longText,
      }),
    ],
  }),
];
