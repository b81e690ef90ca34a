import { systemClock } from '../../lib/clock.ts';
import { EnvironmentFailure } from '../../lib/errors.ts';
import { NotAsked } from '../gate/prometheus.ts';
import type { TrafficSource } from '../gate/traffic.ts';
import { connect } from './api.ts';

/** Why Railway could not be asked. @throws NotAsked */
const notAsked = (error: unknown): never => {
  if (error instanceof EnvironmentFailure) throw new NotAsked(error.message);
  throw error;
};

/**
 * Requests as Railway's edge counted them: for a service that is not scraped. Whether the token may ask shows at the
 * first question.
 */
export function railwayTraffic(env: NodeJS.ProcessEnv, serviceId: string): TrafficSource {
  let connected: ReturnType<typeof connect> | undefined;
  return {
    name: 'Railway',
    until: async (end, seconds) => {
      try {
        connected ??= connect(env, serviceId, systemClock);
        const { api, service } = await connected;
        const byStatus = [...(await api.requests(service, end - seconds, end))];
        const total = (rows: typeof byStatus): number => rows.reduce((sum, [, count]) => sum + count, 0);
        const requests = total(byStatus);
        return requests === 0
          ? undefined
          : { requests, errors: total(byStatus.filter(([status]) => status >= 500)), seconds };
      } catch (error) {
        return notAsked(error);
      }
    },
  };
}
