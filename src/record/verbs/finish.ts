import { choice, text, time } from '../../lib/options.ts';
import { labels, namesOf, outcomes } from '../../metrics/index.ts';
import { samplesOf } from '../emit.ts';
import { branch, triggeredBy } from '../github.ts';
import { toSeconds } from '../time.ts';
import { isTold } from '../told.ts';
import { defineVerb } from '../verb.ts';

/** GitHub's results of a job that has ended. */
const jobResults = ['success', 'failure', 'cancelled', 'skipped'] as const;

const listed = (results = ''): string[] =>
  results
    .split(',')
    .map((result) => result.trim())
    .filter(Boolean);

/** The outcome of a run from the results of its jobs. A job is skipped when one before it failed, or on purpose. */
export function outcomeOf(results: readonly string[]): 'success' | 'failure' | 'cancelled' {
  if (results.includes('failure')) return 'failure';
  if (results.includes('cancelled') || !results.includes('success')) return 'cancelled';
  return 'success';
}

export const finish = defineVerb({
  name: 'finish',
  summary: 'a deployment has ended, with its outcome',
  command: 'none',
  options: {
    outcome: choice(namesOf(outcomes, 'running', 'abandoned'), 'OUTCOME', 'how it ended'),
    results: text('LIST', 'instead of --outcome: the results of all jobs, with commas between them'),
    'finished-at': time('TIME', 'when it ended, if not now'),
    branch: text('NAME', 'as given to start'),
    'triggered-by': choice(labels.triggered_by, 'KIND', 'as given to start'),
  },
  details: `Run it in a last job that needs all others, with "if: always()", so that failures and cancels are recorded too.
A stage that failed or a rollback counts even when the outcome says success.

In a workflow it then writes the whole deployment to the summary of the run (GITHUB_STEP_SUMMARY): its stages, what
failed, checks, budget. For that it waits at most 20 s until Prometheus or the gateway has what was recorded.

Example:  record.mjs finish --results "\${{ join(needs.*.result) }}"`,
  check: ({ outcome, results }) => {
    if ((outcome === undefined) === (results === undefined))
      return ['finish needs either --outcome OUTCOME, or --results LIST of all jobs.'];
    if (results !== undefined && listed(results).length === 0)
      return ['--results has no result in it: give the results of all jobs, with commas between them.'];
    const unknown = listed(results).filter((result) => !jobResults.some((known) => known === result));
    return unknown.map(
      (result) => `--results has "${result}", which is not one of ${jobResults.join(', ')}.`,
    );
  },
  run: async ({ values, deployment, env, io, at, recorder }) => {
    const outcome = values.outcome ?? outcomeOf(listed(values.results));
    const emit = samplesOf(deployment);
    const finishedMs = values['finished-at'] ?? at;
    const what = `the end of deployment ${deployment.deployment_id} (${outcome})`;
    const samples = [
      emit('deployment_finished_timestamp_seconds', {}, toSeconds(finishedMs)),
      emit('deployment_outcome_code', {}, outcomes[outcome]),
      emit(
        'deployment_in_progress',
        {
          branch: values.branch ?? branch(env),
          triggered_by: values['triggered-by'] ?? triggeredBy(env),
        },
        0,
      ),
    ];
    const recorded = await recorder.record({ method: 'POST', group: deployment, samples, what });
    recorder.say(recorded, what);
    if (recorder.dryRun || io.capture || !isTold(env)) return 0;
    const { tellEnd } = await import('../result/finish.ts');
    recorder.warnings.push(...(await tellEnd({ deployment, env, io, recorder }, samples, recorded)));
    return 0;
  },
});
