import type { Facts } from './facts.ts';
import { byLabels, type Labelled, quantile } from './statistics.ts';

/** How long each deployment waited for its runners; for the first job of those that know none, where that was told. */
const waits = ({ environment, triggered, started, deployment: { queues = [] } }: Facts) =>
  queues.length > 0
    ? queues.map(({ runner, seconds }) => ({ environment, runner, seconds }))
    : started > triggered
      ? [{ environment, runner: '', seconds: started - triggered }]
      : [];

/** A quantile of these waits, by environment and runner. @param finished deployments that have finished */
export const queueTime = (finished: readonly Facts[], q: number): Labelled[] =>
  byLabels(
    finished.flatMap(waits),
    ({ environment, runner }) => ({ environment, runner }),
    (group) =>
      quantile(
        q,
        group.map(({ seconds }) => seconds),
      ),
  );
