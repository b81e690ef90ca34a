import { named, number } from '../../lib/options.ts';
import { samplesOf } from '../emit.ts';
import { carried, example, resources } from '../pipeline.ts';
import { defineVerb } from '../verb.ts';

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
    const group = { ...deployment, resource: values.resource };
    const amount = values.amount ?? values.usd ?? 0;
    const what = `a cost of ${amount} ${carried().cost.currency} on ${values.resource}`;
    const samples = [samplesOf(group)('deployment_infrastructure_cost', {}, amount)];
    recorder.say(await recorder.record({ method: 'PUT', group, samples, what }), what);
    return 0;
  },
});
