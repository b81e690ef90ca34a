import { writeFileSync } from 'node:fs';
import { loadBundle } from '../definitions.ts';
import { vocabularyOf } from '../src/compile/index.ts';
import { parseCommand } from '../src/lib/args.ts';
import { systemClock } from '../src/lib/clock.ts';
import { runMain } from '../src/lib/errors.ts';
import { environmentTransport } from '../src/lib/proxy.ts';
import { inProject, root } from '../src/lib/root.ts';
import { say } from '../src/lib/terminal.ts';
import { loadPipeline } from '../src/pipeline/index.ts';
import {
  configFile,
  handEdits,
  lookupIn,
  readConfig,
  readDesired,
  readGrafana,
  readSettings,
} from '../src/provision/index.ts';
import { changedSources, patchOf, pull, pulledText, readSources } from '../src/pull/index.ts';
import { refuseStale } from './stale.ts';

const spec = {
  name: 'pull',
  summary: 'Shows what was edited in Grafana, as a change of the definitions.',
  options: {
    environment: { value: 'NAME', help: 'use the settings of this environment (PRODUCTION_GRAFANA_URL, …)' },
    write: { help: 'make the changes in dashboards/ that can be made; without it, only the patch is shown' },
    json: { help: 'print what was found as JSON' },
    'plain-http': { help: 'permit http:// to other machines' },
  },
  footer:
    'Exit codes: 0 nothing was edited, 2 something was, 1 failed. The patch is what "git apply -p0" takes.\nThen: npm run build, and npm run provision, which is told nothing of an edit any more.',
} as const;

const options = {
  mode: 'plan',
  format: 'table',
  only: 'grafana',
  yes: false,
  proofMs: undefined,
  flags: { adopt: false, force: false, prune: false, createDatasource: false },
} as const;

await runMain(async () => {
  const { values } = parseCommand(spec);
  const lookup = lookupIn(process.env, readConfig(inProject(configFile)), values.environment);
  const settings = readSettings(lookup, {
    environment: values.environment,
    only: 'grafana',
    plainHttp: values['plain-http'],
    looking: true,
  });
  await refuseStale(values.pipeline);
  const { pipeline, generated } = await loadPipeline(values.pipeline);
  const half = await readGrafana(readDesired(generated), settings, undefined, options, {
    transport: environmentTransport(),
    clock: systemClock,
    print: say,
    say,
    ask: undefined,
    signal: undefined,
    commit: () => '',
  });
  const bundle = loadBundle(pipeline);
  const sources = readSources(root);
  const pulled = pull({
    edits: half ? handEdits(half) : [],
    built: bundle.dashboards,
    sources,
    vocabulary: vocabularyOf(bundle.metrics),
  });
  const changed = changedSources(pulled, sources);
  const patch = patchOf(sources, changed);
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ pulled, patch }, null, 2)}\n`
      : `${pulledText(pulled)}\n${patch && `\n${patch}`}`,
  );
  if (values.write) for (const [file, text] of changed) writeFileSync(inProject(file), text);
  if (values.write && changed.size > 0)
    say(`Changed: ${[...changed.keys()].join(', ')}. Next: npm run build`);
  return pulled.length > 0 ? 2 : 0;
});
