import { max, perDeployment, type Vector } from '../metrics/index.ts';

/**
 * A column of a table of deployments: without the metric's name, which would be a column of its own, differ from one
 * query to the next, and keep Grafana from merging them into one row.
 */
export const cell = <L extends string = (typeof perDeployment)[number]>(
  v: Vector<L>,
  ...more: L[]
): Vector<L> => max(v, { by: [...(perDeployment as readonly string[] as readonly L[]), ...more] });
