import { systemClock } from '../../src/lib/clock.ts';
import { FakeRailway } from '../fakes/railway/railway.ts';
import { type Handler, json } from '../fakes/wire/types.ts';

/** The services around the example: a Railway on which a new version has just replaced an old one, and a Prometheus. */

const begun = Date.now();
/** A minute of Railway passes in a second. */
const fastClock = { ...systemClock, now: () => begun + (Date.now() - begun) * 60 };

/** The commit that served before the deployment. */
export const oldVersion = '01d0000000';

/** @param onServe told which commit serves @param how whether Railway can still go back to the old one, and how the new one ends */
export function twoVersions(
  onServe: (commit: string) => void,
  { imageKept = true, railwayEnds }: { imageKept?: boolean; railwayEnds?: 'FAILED' | 'CRASHED' },
): FakeRailway {
  const railway = new FakeRailway(fastClock, { serviceId: 'api-1' });
  railway.onServe = onServe;
  railway.serving(oldVersion).canRollback = imageKept;
  if (railwayEnds) railway.ends('0e30000000', railwayEnds);
  else railway.serving('0e30000000');
  return railway;
}

/** State of Prometheus. */
export interface Facts {
  /** Share of this month's error budget. */
  readonly budgetLeft?: number;
  readonly alertFires?: boolean;
  /** Recorded for the web application from elsewhere than the pipeline. */
  readonly webErrorRate?: number;
  /** It answers whether a deployment may begin, and is gone when it is asked about this one. */
  readonly downAfterStart?: boolean;
  /** It answers nothing at all. */
  readonly down?: boolean;
}

const success = (data: unknown) => json(200, { status: 'success', data });
const vector = (metric: Readonly<Record<string, string>>, value: number | undefined) =>
  success({
    resultType: 'vector',
    result: value === undefined ? [] : [{ metric, value: [0, String(value)] }],
  });

/** A Prometheus that answers the gate's questions from a few facts; whatever else is asked has no series. */
export function fakePrometheus(facts: () => Facts): Handler {
  return ({ path, body }) => {
    const { budgetLeft, alertFires, webErrorRate, downAfterStart, down } = facts();
    if (down) return json(503, {});
    if (path === '/api/v1/rules') {
      const alerts = alertFires ? [{ state: 'firing', labels: {} }] : [];
      const rule = {
        type: 'alerting',
        name: 'Alarm',
        query: 'up == 0',
        health: 'ok',
        labels: { severity: 'critical' },
        alerts,
      };
      return success({ groups: [{ name: 'alarms', file: 'alarms.yml', interval: 15, rules: [rule] }] });
    }
    const query = new URLSearchParams(body).get('query') ?? '';
    const now = Date.now() / 1000;
    if (query === 'vector(time())') return vector({}, now);
    if (query.includes('timestamp(up')) return vector({}, now - 10);
    if (query.includes('slo:objective:ratio')) return vector({}, 0.99);
    // So many that the failures of the tests before, which are still on the gateway, spend next to nothing of it.
    if (query.includes('error_budget_allowed')) return vector({}, 1_000);
    if (query.includes('error_budget_left')) return vector({}, budgetLeft);
    if (downAfterStart && query.includes('deployment_id=')) return json(503, {});
    if (query.includes('|post_deployment_error_rate|'))
      return vector({ __name__: 'post_deployment_error_rate', service: 'web' }, webErrorRate);
    return vector({}, undefined);
  };
}
