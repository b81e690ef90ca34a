import {
  and,
  binary,
  custom,
  customFact,
  lastOverTime,
  metric,
  perDeployment,
  target,
  type Vector,
} from '../../src/metrics/index.ts';
import { within } from './common.ts';

/** A metric of the pipeline file, of deployments that finished just now, where it is beyond a limit. */
export const beyondLimit = (name: string, operator: '>' | '<', limit: number): Vector<string> => {
  const finished = lastOverTime(metric('deployment:finished_timestamp_seconds:max'), '15m');
  return and(
    binary(lastOverTime(custom(customFact(name)), '15m'), operator, limit),
    within(finished, target('eventSeconds')),
    { on: perDeployment },
  );
};
