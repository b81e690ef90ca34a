import { parseCommand } from '../src/lib/args.ts';
import { runMain, UserError } from '../src/lib/errors.ts';
import { loadPipeline } from '../src/pipeline/index.ts';
import { recordPreview, showPreview } from '../src/preview/index.ts';
import { carry } from '../src/record/index.ts';

const spec = {
  name: 'preview',
  summary: 'Shows the generated dashboards in a browser, without a Grafana.',
  options: {
    prometheus: { value: 'URL', help: 'live data from this Prometheus; without it, the recording is shown' },
    recording: {
      value: 'FILE',
      help: 'the recording to show (default preview/fixture.json beside the pipeline file)',
    },
    dashboards: {
      value: 'DIR',
      help: 'the dashboards to show (default those in generated/ beside the pipeline file)',
    },
    at: { value: 'TIME', help: 'what counts as now: Unix seconds or an ISO date' },
    port: { value: 'NUMBER', help: 'where to listen on this machine, 0 for any free port', default: '3310' },
    record: {
      value: 'URL',
      help: 'instead of showing: record every query of the dashboards from this Prometheus',
    },
    out: { value: 'FILE', help: 'where to write the recording (default preview/fixture.json)' },
  },
  positionals: '[VIEW …]',
  footer: [
    'VIEW (with --record): a look at a dashboard that is recorded, and shown first: NAME=UID?QUERY, for example',
    '  "A failed deployment=deployment-troubleshooting?var-deployment_id=42&from=1768478400000&to=1768479000000"',
    'Credentials for Prometheus: PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD, or PROMETHEUS_TOKEN.',
    'Exits 0; 1 when something failed or could not be recorded.',
  ].join('\n'),
} as const;

await runMain(async () => {
  const { values, positionals } = parseCommand(spec);
  const { record, out, ...show } = values;
  // Simulated deployments are recorded by the recorder itself.
  const loaded = await loadPipeline(values.pipeline);
  carry(loaded.pipeline);
  if (record !== undefined)
    return await recordPreview({
      loaded,
      url: record,
      at: show.at,
      out,
      dashboards: show.dashboards,
      views: positionals,
    });
  if (positionals.length > 0 || out !== undefined)
    throw new UserError('VIEW and --out belong to --record.', 'See: npm run preview -- --help');
  return await showPreview({ ...show, loaded });
});
