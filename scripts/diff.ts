import { objectives } from '../slo/index.ts';
import { locationsOf, type Snapshot, snapshotAt, snapshotIn } from '../src/compile/index.ts';
import {
  type Change,
  differences,
  markdown,
  rulesOnServer,
  terminalText,
  withReplays,
  withSources,
  withValues,
} from '../src/diff/index.ts';
import { parseCommand } from '../src/lib/args.ts';
import { runMain, UserError } from '../src/lib/errors.ts';
import type { Prometheus } from '../src/lib/prometheus.ts';
import { say } from '../src/lib/terminal.ts';
import { loadPipeline } from '../src/pipeline/index.ts';
import { prometheusAt } from '../src/preview/index.ts';
import { definitionsBeside, projectFile } from './stale.ts';

const spec = {
  name: 'diff',
  summary:
    'Says in words what changed in generated/: dashboards, alerts, objectives, rules, routing. Risks come first.',
  options: {
    base: { value: 'REF', help: 'compare with generated/ at this commit, branch or tag' },
    'base-dir': { value: 'DIR', help: 'compare with this directory, laid out as generated/ is' },
    server: {
      value: 'URL',
      help: 'compare with the rules that this Prometheus runs now; credentials as for --prometheus',
    },
    head: { value: 'REF', help: 'what is compared: this commit (default: generated/ as it is on disk)' },
    'head-dir': { value: 'DIR', help: 'what is compared: this directory, laid out as generated/ is' },
    prometheus: {
      value: 'URL',
      help: 'also say what each changed expression gives now, before and after; with PROMETHEUS_TOKEN or PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD, which are sent to no other host than that of PROMETHEUS_URL where it is set',
    },
    format: { value: 'FORMAT', help: 'text, markdown or json', default: 'text' },
  },
  footer:
    'What a Grafana has now: npm run provision -- --plan. Exits 0 whether or not anything changed, 1 when it could not compare.',
} as const;

/** The changes with what a Prometheus says of them: values now, and how often a changed alert would have fired. */
async function asked(
  changes: readonly Change[],
  before: Snapshot,
  after: Snapshot,
  prometheus: Prometheus,
): Promise<Change[]> {
  const now = Date.now() / 1000;
  return await withReplays(await withValues(changes, prometheus, now), before, after, prometheus, now);
}

await runMain(async () => {
  const { values } = parseCommand(spec);
  const { base, format, server } = values;
  const directory = values['base-dir'];
  if ([base, directory, server].filter((given) => given !== undefined).length !== 1)
    throw new UserError(
      'Say what to compare with: one of --base REF, --base-dir DIR and --server URL.',
      'For example: npm run diff -- --base main',
    );
  if (!['text', 'markdown', 'json'].includes(format))
    throw new UserError(`"${format}" is no format.`, 'Use text, markdown or json.');
  const { pipeline, generated } = await loadPipeline(values.pipeline);
  const asks = values.prometheus === undefined ? undefined : prometheusAt(values.prometheus, '--prometheus');
  const runs = server === undefined ? undefined : prometheusAt(server, '--server');
  if (values.head !== undefined && values['head-dir'] !== undefined)
    throw new UserError('Say what is compared once: --head REF or --head-dir DIR.');
  const ownHead = values.head === undefined && values['head-dir'] === undefined;
  const after =
    values.head === undefined ? snapshotIn(values['head-dir'] ?? generated) : snapshotAt(values.head);
  const before =
    runs !== undefined
      ? await rulesOnServer(runs.prometheus, after)
      : base === undefined
        ? snapshotIn(directory ?? '')
        : snapshotAt(base);
  const { note, bundle } = ownHead ? await definitionsBeside(values.pipeline) : {};
  if (note) say(note);
  const plain = withSources(
    differences(before, after, objectives(pipeline)),
    bundle ? locationsOf(bundle) : [],
    projectFile,
  );
  const changes = asks === undefined ? plain : await asked(plain, before, after, asks.prometheus);
  console.log(
    format === 'json'
      ? JSON.stringify(changes, null, 2)
      : format === 'markdown'
        ? markdown(changes)
        : terminalText(changes),
  );
  return 0;
});
