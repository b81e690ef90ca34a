import { choice } from '../../lib/options.ts';
import { defineVerb } from '../verb.ts';

export const tell = defineVerb({
  name: 'tell',
  summary: 'tells pull requests, the chat and Grafana what became of a deployment',
  command: 'none',
  timeless: true,
  options: {
    only: choice(
      ['pull-requests', 'chat', 'annotations', 'progress'],
      'WHO',
      'where to tell it; may be repeated; else everywhere for which there is a token. progress only edits the message of the chat',
      { repeatable: true },
    ),
  },
  details: `Each merged pull request of the deployed range gets one comment, which is kept current: queued, live, rolled back and
why; and GitHub's Deployment its status (GITHUB_TOKEN with contents: read, pull-requests: write, deployments: write).
One message in the chat (SLACK_TOKEN, SLACK_WEBHOOK_URL, CHAT_WEBHOOK_URL); one annotation in every Grafana
(GRAFANA_ANNOTATION_TOKEN). Running it again changes only what is no longer true; so run it after a late rollback.
start, stages and finish tell chat and Grafana by themselves.

Example:  record.mjs tell
          record.mjs tell --only pull-requests`,
  run: async (call) => {
    // A gateway that is not there is no warning: Prometheus or GitHub may know.
    call.recorder.warnings.length = 0;
    if (call.recorder.dryRun) return 0;
    const { tellAgain } = await import('../tell/again.ts');
    call.recorder.warnings.push(...(await tellAgain(call, call.values.only)));
    return 0;
  },
});
