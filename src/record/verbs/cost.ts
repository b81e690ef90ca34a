import { choice, number } from '../../lib/options.ts';
import { labels } from '../../metrics/index.ts';
import { samplesOf } from '../emit.ts';
import { defineVerb } from '../verb.ts';

export const cost = defineVerb({
  name: 'cost',
  summary: 'what the deployment cost on a resource',
  command: 'none',
  timeless: true,
  options: {
    resource: choice(labels.resource, 'NAME', 'what was paid for', { required: true }),
    usd: number('AMOUNT', 'in US dollars', { required: true, min: 0 }),
  },
  details: `Recorded again for the same resource, it replaces itself.

Example:  record.mjs cost --resource railway_compute --usd 0.15`,
  run: async ({ values, deployment, recorder }) => {
    const group = { ...deployment, resource: values.resource };
    const what = `a cost of ${values.usd} USD on ${values.resource}`;
    const samples = [samplesOf(group)('deployment_infrastructure_cost', {}, values.usd)];
    recorder.say(await recorder.record({ method: 'PUT', group, samples, what }), what);
    return 0;
  },
});
