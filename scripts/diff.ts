import { differences } from './diff/diff.ts';
import { markdown, terminalText } from './diff/render.ts';
import { snapshotAt, snapshotIn } from './diff/snapshot.ts';
import { withValues } from './diff/values.ts';
import { parseCommand } from './lib/args.ts';
import { runMain, UserError } from './lib/errors.ts';
import { Prometheus } from './lib/prometheus.ts';
import { inProject } from './lib/root.ts';
import { authorization } from './lib/url.ts';

const spec = {
  name: 'diff',
  summary:
    'Says in words what changed in generated/: dashboards, alerts, objectives, rules, routing. Risks come first.',
  options: {
    base: { value: 'REF', help: 'compare with generated/ at this commit, branch or tag' },
    'base-dir': { value: 'DIR', help: 'compare with this directory, laid out as generated/ is' },
    head: { value: 'REF', help: 'what is compared: this commit (default: generated/ as it is on disk)' },
    prometheus: {
      value: 'URL',
      help: 'also say what each changed expression gives now, before and after; with PROMETHEUS_TOKEN or PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD',
    },
    format: { value: 'FORMAT', help: 'text, markdown or json', default: 'text' },
  },
  footer: 'Exits 0 whether or not anything changed, 1 when it could not compare.',
} as const;

await runMain(async () => {
  const { values } = parseCommand(spec);
  const { base, format } = values;
  const directory = values['base-dir'];
  if ((base === undefined) === (directory === undefined))
    throw new UserError(
      'Say what to compare with: either --base REF or --base-dir DIR.',
      'For example: npm run diff -- --base main',
    );
  if (!['text', 'markdown', 'json'].includes(format))
    throw new UserError(`"${format}" is no format.`, 'Use text, markdown or json.');
  const before = base === undefined ? snapshotIn(directory ?? '') : snapshotAt(base);
  const after = values.head === undefined ? snapshotIn(inProject('generated')) : snapshotAt(values.head);
  const plain = differences(before, after);
  const changes =
    values.prometheus === undefined
      ? plain
      : await withValues(
          plain,
          new Prometheus(values.prometheus, authorization('PROMETHEUS')),
          Date.now() / 1000,
        );
  console.log(
    format === 'json'
      ? JSON.stringify(changes, null, 2)
      : format === 'markdown'
        ? markdown(changes)
        : terminalText(changes),
  );
  return 0;
});
