import { named, number } from '../../lib/options.ts';
import { samplesOf } from '../emit.ts';
import { example, services } from '../pipeline.ts';
import { defineVerb } from '../verb.ts';

export const errorRate = defineVerb({
  name: 'error-rate',
  summary: 'the share of failing requests in the first minutes of the new version',
  command: 'none',
  timeless: true,
  options: {
    service: named(services, 'NAME', 'which service', { required: true }),
    value: number('RATIO', 'from 0 to 1', { required: true, min: 0, max: 1 }),
  },
  details: () => `Replaces the rate that "health" recorded from its own checks.

Example:  record.mjs error-rate --service ${example().service} --value 0.012`,
  run: async ({ values, deployment, recorder }) => {
    const group = { ...deployment, service: values.service };
    const what = `an error rate of ${values.value} of ${values.service}`;
    const samples = [samplesOf(group)('post_deployment_error_rate', {}, values.value)];
    recorder.say(await recorder.record({ method: 'POST', group, samples, what }), what);
    return 0;
  },
});
