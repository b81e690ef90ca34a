import { duration } from '../../lib/options.ts';
import { counted } from '../../lib/words.ts';
import { sweep as sweepGateway } from '../sweep.ts';
import { defineVerb } from '../verb.ts';

export const sweep = defineVerb({
  name: 'sweep',
  summary: 'removes from the gateway what belongs to deployments that finished hours ago',
  command: 'none',
  needsDeployment: false,
  options: {
    'older-than': duration('TIME', 'how long ago it must have finished, and nothing been pushed since', {
      default: '2h',
    }),
    timeout: duration('TIME', 'how long it may take', { default: '60s' }),
  },
  details: `Deployments that never finished are removed when nothing was pushed for them for a day. Nothing else is touched:
neither other jobs nor groups of another shape. Run it on a schedule (docs/examples/sweep.yml): it lists the whole
gateway, which a start does not. --dry-run lists what would be removed.

Example:  record.mjs sweep --older-than 2h`,
  run: async ({ values, recorder, io, env }) => {
    // A dry run of this verb has to look; it only reads.
    const delivery = recorder.delivery ?? (recorder.dryRun ? recorder.reader(env) : undefined);
    if (!delivery) return 0;
    if (!delivery.holdsGroups) {
      io.stderr('Nothing to remove: what is written remotely is in no gateway.\n');
      return 0;
    }
    const { paths, problem } = await sweepGateway(delivery, {
      budgetMs: values.timeout,
      olderThanMs: values['older-than'],
      nowMs: values.at,
      dryRun: recorder.dryRun,
    });
    if (recorder.dryRun) io.stdout(paths.map((path) => `DELETE /${path}\n`).join(''));
    else io.stderr(`Removed ${counted(paths.length, 'group')}.\n`);
    if (problem) recorder.warnings.push(`The gateway was not swept completely. ${problem}`);
    return 0;
  },
});
