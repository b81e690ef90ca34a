import { type Alert, alert, type Family, label, lookupValue, text, value } from '../src/alerts/index.ts';
import { spokenCount } from '../src/lib/spoken.ts';
import { metric, oneOf } from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import * as stories from './examples/flaky.ts';
import { flakyPart } from './expressions/flaky.ts';

const thisPart = { environment: oneOf('environment'), part: oneOf('part') } as const;
const lost = metric('environment_part:flaky_lost_seconds:sum', { ...thisPart, window: '30d' });
const failures = metric('environment_part:flaky_failures:count', { ...thisPart, window: '30d' });

const partFlaky = ({ targets: { flaky } }: Pipeline): Alert =>
  alert({
    name: 'StageFlaky',
    severity: 'medium',
    about: 'environment',
    expr: flakyPart(),
    forReason: 'None: thirty days are the hold.',
    summary: text`${label('part')} is flaky: ${value(0)} deployments to ${label('environment')} failed by chance`,
    description: text`In thirty days it failed in ${value(0)} deployments and passed in a later one of the same commit. The failed ones took ${lookupValue(
      { query: lost, otherwise: 'an unknown time' },
      'duration',
    )} all together.`,
    runbook: {
      meaning: `A stage or a smoke test failed in at least ${spokenCount(flaky.failures)} deployments of thirty days, and in more than ${Number((100 * flaky.share).toFixed(1))} % of them, and passed in a later deployment of the same commit to the same environment.`,
      impact:
        'Each of these failures cost a deployment and a re-run, and people stop believing that a failure means something.',
      diagnosis: [
        { question: 'How often did it fail by chance?', query: failures },
        { question: 'How long did those deployments take, seconds?', query: lost },
        {
          question: 'At which commits did it fail lately, whether or not it passed again?',
          query: metric('deployment_part:failed_timestamp_seconds:max', thisPart),
        },
      ],
      mitigation: [
        'Open the failed deployments on the DORA dashboard, row "Flaky", and compare their messages: the same message means one cause.',
        'A network, a registry or a host that does not answer: retry that one call within the stage, with a pause and a limit.',
        'A test that depends on time or order: fix it, or take it out of the way of deployments until it is fixed.',
      ],
    },
    examples: stories.stageFlaky(flaky),
  });

/** Failures that mean nothing. */
export const flaky = (pipeline: Pipeline): Family => ({
  name: 'flaky',
  title: 'Flaky stages and tests',
  alerts: [partFlaky].map((one) => one(pipeline)),
  source: import.meta.url,
});
