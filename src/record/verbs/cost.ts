import { named, number } from '../../lib/options.ts';
import { samplesOf } from '../emit.ts';
import { carried, example, resources } from '../pipeline.ts';
import type { Recorder } from '../recorder.ts';
import { type DeploymentKey, defineVerb } from '../verb.ts';

/** Records what a deployment cost on a resource, in the pipeline's currency. */
export async function recordCost(
  recorder: Recorder,
  deployment: DeploymentKey,
  resource: string,
  amount: number,
): Promise<void> {
  const group = { ...deployment, resource };
  const what = `a cost of ${amount} ${carried().cost.currency} on ${resource}`;
  const samples = [samplesOf(group)('deployment_infrastructure_cost', {}, amount)];
  recorder.say(await recorder.record({ method: 'PUT', group, samples, what }), what);
}

export const cost = defineVerb({
  name: 'cost',
  summary: 'what the deployment cost on a resource',
  command: 'none',
  timeless: true,
  options: {
    resource: named(resources, 'NAME', 'what was paid for', { required: true }),
    amount: number('AMOUNT', "in the pipeline's currency", { min: 0 }),
    usd: number('AMOUNT', 'the same, where that is the US dollar', { min: 0 }),
  },
  details: () => `Recorded again for the same resource, it replaces itself.

Example:  record.mjs cost --resource ${example().resource} --amount 0.15`,
  check: ({ amount, usd }) => {
    const { currency } = carried().cost;
    if (usd !== undefined && currency !== 'USD')
      return [`The currency of this pipeline is ${currency}: give --amount in it in place of --usd.`];
    return (amount === undefined) === (usd === undefined) ? ['Give --amount AMOUNT, once.'] : [];
  },
  run: async ({ values, deployment, recorder }) => {
    await recordCost(recorder, deployment, values.resource, values.amount ?? values.usd ?? 0);
    return 0;
  },
});
