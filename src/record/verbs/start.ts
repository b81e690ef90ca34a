import { choice, flag, text, time } from '../../lib/options.ts';
import { labels } from '../../metrics/index.ts';
import { type Sample, samplesOf } from '../emit.ts';
import {
  branch,
  committedAt,
  isRevert,
  repositoryUrl,
  runUrl,
  triggeredAt,
  triggeredBy,
  version,
} from '../github.ts';
import { previewOf } from '../pipeline.ts';
import { toSeconds } from '../time.ts';
import { type Call, defineVerb } from '../verb.ts';

const options = {
  'triggered-at': time('TIME', "when the push or click happened; else from GitHub's event, else the start"),
  'committed-at': time('TIME', "when the commit was made; else from GitHub's event"),
  'started-at': time('TIME', 'when the deployment began, if not now'),
  branch: text('NAME', 'what is deployed; else the branch or tag of the run'),
  commit: text('SHA', 'else GITHUB_SHA'),
  version: text('NAME', 'else the tag, else the beginning of the commit'),
  actor: text('NAME', 'who deploys; else GITHUB_ACTOR'),
  'triggered-by': choice(labels.triggered_by, 'KIND', "else from GitHub's event"),
  'previous-deployment-id': text('ID', 'the deployment that this one replaces'),
  hotfix: flag('it fixes what an earlier deployment broke: counts as rework'),
  'rework-of': text('ID', 'the deployment that it fixes; else the one before it'),
  'run-url': text('URL', "the page of the run; else GitHub's"),
  'no-sweep': flag('do not remove groups of deployments that finished hours ago'),
} as const;

/** Of a start, how much removing may take: it is no work of this deployment. */
const sweepBudgetMs = 200;

/** One that says that it fixes an earlier one, or shows it: its commit takes an earlier one back. */
function reworkSamples({ values, deployment, env }: Call<typeof options>): Sample[] {
  const reworkOf = values['rework-of'];
  if (!values.hotfix && reworkOf === undefined && !isRevert(env)) return [];
  return [samplesOf(deployment)('deployment_rework_info', { rework_of: reworkOf ?? '' }, 1)];
}

/** Samples that say that the deployment runs. */
function startSamples(call: Call<typeof options>): Sample[] {
  const { values, deployment, env, at } = call;
  const emit = samplesOf(deployment);
  const startedMs = values['started-at'] ?? at;
  const triggeredMs = values['triggered-at'] ?? triggeredAt(env) ?? startedMs;
  const branchName = values.branch ?? branch(env);
  const commit = values.commit ?? env.GITHUB_SHA ?? '';
  const committedMs = values['committed-at'] ?? committedAt(env);
  return [
    emit('deployment_triggered_timestamp_seconds', {}, toSeconds(triggeredMs)),
    emit('deployment_started_timestamp_seconds', {}, toSeconds(startedMs)),
    ...reworkSamples(call),
    ...(committedMs ? [emit('deployment_committed_timestamp_seconds', {}, toSeconds(committedMs))] : []),
    emit(
      'deployment_in_progress',
      { branch: branchName, triggered_by: values['triggered-by'] ?? triggeredBy(env) },
      1,
    ),
    emit(
      'deployment_info',
      {
        branch: branchName,
        commit,
        version: values.version ?? (version(env) || commit.slice(0, 12)),
        actor: values.actor ?? env.GITHUB_ACTOR ?? '',
        previous_deployment_id: values['previous-deployment-id'] ?? '',
        run_url: values['run-url'] ?? runUrl(env),
        repository_url: repositoryUrl(env),
        preview: previewOf(values.environment) ?? '',
      },
      1,
    ),
  ];
}

export const start = defineVerb({
  name: 'start',
  summary: 'a deployment begins',
  command: 'none',
  tells: 'start',
  options,
  details: `Records when it was triggered and started, what is deployed, by whom and from which run. Where PROMETHEUS_URL is set
it removes afterwards from the gateway what finished hours ago, for at most 200 ms; sweep, on a schedule, removes the rest.

A deployment that fixes what an earlier one broke says so (--hotfix, --rework-of ID), or its commit does, when git revert
wrote its message: it counts as rework, and the one that it fixes as a failed change.

Example:  record.mjs start --branch "$GITHUB_REF_NAME"
          record.mjs start --hotfix
          record.mjs start --rework-of 17073938885`,
  run: async (call) => {
    const { deployment, recorder } = call;
    const what = `the start of deployment ${deployment.deployment_id}`;
    // A start that waited may arrive after the finish, which is in the same group and must stay.
    const recorded = await recorder.record({
      method: 'POST',
      group: deployment,
      samples: startSamples(call),
      what,
    });
    recorder.say(recorded, what);
    if (recorded && !call.values['no-sweep'] && recorder.delivery?.holdsGroups && call.env.PROMETHEUS_URL) {
      const { sweepNamed } = await import('../sweep-named.ts');
      await sweepNamed(recorder.delivery, call.env, deployment, sweepBudgetMs);
    }
    return 0;
  },
});
