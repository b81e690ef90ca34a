import { demoOptions, runDemo } from '../src/demo/index.ts';
import { parseCommand } from '../src/lib/args.ts';
import { runMain } from '../src/lib/errors.ts';
import { loadPipeline } from '../src/pipeline/index.ts';
import { dashboardsIn, openPreview } from '../src/preview/index.ts';
import { carry } from '../src/record/index.ts';

const spec = {
  name: 'demo',
  summary: 'Runs the whole system on this machine, with simulated deployments going on. Ctrl-C ends it.',
  options: {
    days: { value: 'N', help: 'days of deployments that lie behind it', default: '30' },
    'per-day': { value: 'N', help: 'deployments a day in that past', default: '10' },
    every: { value: 'SECONDS', help: 'from one new deployment to the next, on average', default: '60' },
    speed: { value: 'N', help: 'how many times faster than in life new deployments go on', default: '3' },
    seed: { value: 'N', help: 'the same number gives the same deployments', default: '1' },
    port: { value: 'PORT', help: 'of the dashboards', default: '0' },
    json: { help: 'print the addresses as JSON when everything runs, and open no dashboards' },
  },
  footer: [
    'Prometheus, Pushgateway and Alertmanager are found or fetched as "npm run servers" does, listen on free ports of',
    'this machine only, and keep their data in a temporary folder. Needs the generated rules: npm run build.',
    'Exits 0 when it is ended, 1 when something could not be started.',
  ].join('\n'),
} as const;

await runMain(async () => {
  const { values } = parseCommand(spec);
  const options = demoOptions(values);
  // Simulated deployments are recorded by the recorder itself.
  const loaded = await loadPipeline(values.pipeline);
  carry(loaded.pipeline);
  const show = (prometheus: string) =>
    openPreview({
      loaded,
      prometheus,
      recording: undefined,
      // Named, so that no change of a definition builds anything.
      dashboards: dashboardsIn(loaded.generated),
      at: undefined,
      port: values.port,
    });
  return await runDemo(options, loaded, show);
});
