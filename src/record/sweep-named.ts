import { ago, and, binary, max, metric, perDeployment, pipelineJob, times, topk } from '../metrics/index.ts';
import type { Delivery } from './delivery.ts';
import { GatePrometheus } from './gate/prometheus.ts';
import { type GroupLabels, groupPath, isOurShape } from './grouping.ts';
import { finishedForMs } from './sweep.ts';
import type { DeploymentKey } from './verb.ts';

/** Groups that are looked up at once: more than two deployments have. */
const most = 60;
/** Deployments that one start removes: one more than it adds, so that a backlog shrinks. */
const deploymentsAtOnce = 2;

const pushed = metric('push_time_seconds', { job: pipelineJob });
const finishedAt = max(metric('deployment_finished_timestamp_seconds'), { by: perDeployment });
/** Deployments of which every group was pushed long ago. */
const quiet = binary(max(pushed, { by: perDeployment }), '<', ago(finishedForMs / 1000));
/** Groups of deployments that finished, the one that was pushed longest ago first. */
const stale = topk(
  most,
  times(-1, and(and(pushed, quiet, { on: perDeployment }), finishedAt, { on: perDeployment })),
);

/** Groups to remove: those of the first deployments, each deployment's own last. Pure. */
export function staleGroups(
  rows: readonly { readonly labels: Readonly<Record<string, string>> }[],
  keep: DeploymentKey,
): readonly (readonly GroupLabels[])[] {
  const deployments = new Map<string, GroupLabels[]>();
  for (const { labels } of rows) {
    const { job: _job, instance: _instance, __name__: _name, ...own } = labels;
    if (!isOurShape(own) || own.deployment_id === keep.deployment_id) continue;
    const key = JSON.stringify([own.environment, own.deployment_id]);
    deployments.set(key, [...(deployments.get(key) ?? []), own]);
  }
  return [...deployments.values()]
    .slice(0, deploymentsAtOnce)
    .map((groups) => groups.sort((a, b) => Object.keys(b).length - Object.keys(a).length));
}

/**
 * Removes from the gateway, by their names, groups of which Prometheus knows that they are no longer needed: listing
 * a large gateway takes seconds. Never throws, and takes no longer than its budget; what is left, the next start or a
 * scheduled `sweep` removes.
 */
export async function sweepNamed(
  delivery: Delivery,
  env: NodeJS.ProcessEnv,
  keep: DeploymentKey,
  budgetMs: number,
): Promise<void> {
  const deadline = Date.now() + budgetMs;
  const remove = async (labels: GroupLabels): Promise<void> => {
    await delivery.request('DELETE', groupPath(labels), Math.max(1, deadline - Date.now()));
  };
  const work = async (): Promise<void> => {
    const rows = await GatePrometheus.of(env).query(stale, undefined);
    for (const groups of staleGroups(rows, keep)) {
      const [own, parts] = [groups.at(-1)!, groups.slice(0, -1)];
      await Promise.all(parts.map(remove));
      // Without its own group, what is left of a deployment would look unfinished.
      await remove(own);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, budgetMs);
  });
  await Promise.race([work().catch(() => {}), late]);
  clearTimeout(timer);
}
