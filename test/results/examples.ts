import type { Pushed } from '../../src/record/gate/evidence.ts';
import type { DeploymentResult, Surroundings } from '../../src/record/result/model.ts';
import { resultOf } from '../../src/record/result/result.ts';
import {
  deployment,
  failedStage,
  health,
  migration,
  rollback,
  smokeTest,
  stage,
} from '../../src/simulator/builders.ts';
import { seriesKey, type TimedPush } from '../../src/simulator/gateway.ts';
import { pushesOf } from '../../src/simulator/pushes.ts';
import type { Deployment } from '../../src/simulator/types.ts';

/** When the examples happened. */
export const noon = Date.UTC(2026, 10, 24, 12) / 1000;
const at = (seconds: number): number => noon + seconds;

const usual = {
  environment: 'production',
  started: at(12),
  triggered: at(0),
  repository: 'https://github.com/relay/relay',
  previousId: '17073938884',
  migrations: [migration(at(15), at(37))],
} as const;

/** Deployments of which the examples are made: one that is good, one that fails, one that is rolled back. */
export const examples = {
  good: deployment({
    ...usual,
    id: '17073938885',
    finished: at(402),
    stages: [
      stage('api', 'build', at(40), at(165)),
      stage('web', 'build', at(42), at(118)),
      stage('api', 'deploy_railway', at(168), at(270)),
      stage('web', 'deploy_vercel', at(170), at(222)),
    ],
    health: health(at(275), 'x.....'),
    smokeTests: [smokeTest('api_health', at(310)), smokeTest('web_app', at(315))],
    errorRates: [{ service: 'api', time: at(390), value: 0.004 }],
    costs: [
      { resource: 'railway_compute', time: at(395), usd: 0.15 },
      { resource: 'vercel_build', time: at(395), usd: 0.04 },
    ],
  }),
  failed: deployment({
    ...usual,
    id: '17073938901',
    finished: at(190),
    reported: 'failure',
    stages: [
      failedStage('api', 'build', at(40), at(181), {
        errorType: 'command_failed',
        message: "src/memory.ts(41,7): error TS2322: Type 'string' is not assignable to type 'number'.",
      }),
      stage('web', 'build', at(42), at(118)),
    ],
    costs: [{ resource: 'railway_compute', time: at(188), usd: 0.06 }],
  }),
  'rolled-back': deployment({
    ...usual,
    id: '17073938917',
    finished: at(520),
    reported: 'failure',
    stages: [
      stage('api', 'build', at(40), at(150)),
      stage('api', 'deploy_railway', at(152), at(255)),
      failedStage('api', 'health_check', at(258), at(408), {
        errorType: 'health_check_failed',
        message: '1 of 5 checks passed: status 503',
      }),
    ],
    health: health(at(258), 'xx.xx'),
    rollbacks: [rollback(at(412), at(470), { reason: 'health_check_failed', previousId: '17073938885' })],
    costs: [{ resource: 'railway_compute', time: at(480), usd: 0.19 }],
  }),
} as const satisfies Record<string, Deployment>;
export type Example = keyof typeof examples;

const p95 = new Map([
  ['api build', 131],
  ['web build', 96],
  ['api deploy_railway', 98],
  ['web deploy_vercel', 75],
  ['database migration', 31],
]);

/** Prometheus' answer about the time before. */
export const around: Surroundings = {
  p95,
  budget: { left: 0.62, allowed: 2.4, counted: 0 },
  unknown: [],
};

/** Groups on the gateway after these pushes. */
export function heldAfter(pushes: readonly TimedPush[]): Pushed[] {
  const groups = new Map<string, Map<string, Pushed[]>>();
  for (const { push } of pushes) {
    const key = seriesKey(push.group);
    const families = push.method === 'PUT' ? new Map<string, Pushed[]>() : (groups.get(key) ?? new Map());
    groups.set(key, families);
    for (const name of new Set(push.samples.map(({ metric }) => metric)))
      families.set(
        name,
        push.samples
          .filter(({ metric }) => metric === name)
          .map(({ labels, value }) => ({ name, labels: { ...push.group, ...labels }, value })),
      );
  }
  return [...groups.values()].flatMap((families) => [...families.values()].flat());
}

/** The result of a simulated deployment, up to a moment. */
export async function resultAt(d: Deployment, until = Number.POSITIVE_INFINITY): Promise<DeploymentResult> {
  const pushes = (await pushesOf(d)).filter(({ time }) => time <= until);
  return resultOf({ environment: d.environment, deployment_id: d.id }, heldAfter(pushes), around);
}
