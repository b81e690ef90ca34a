import { insightsOf, insightsText, readDeployments } from '../src/insights/index.ts';
import { parseCommand } from '../src/lib/args.ts';
import { durationSeconds } from '../src/lib/duration.ts';
import { runMain, UserError } from '../src/lib/errors.ts';
import { loadPipeline } from '../src/pipeline/index.ts';
import { prometheusAt } from '../src/preview/index.ts';

const spec = {
  name: 'insights',
  summary:
    "Says where deployments' time goes, what making a stage faster would bring, and what fails by chance.",
  options: {
    since: { value: 'SPAN', help: 'deployments that finished within it', default: '30d' },
    environment: { value: 'NAME', help: 'only this environment' },
    prometheus: { value: 'URL', help: 'default PROMETHEUS_URL with its credentials' },
    json: { help: 'print the numbers as JSON' },
  },
  footer: 'Reads the facts of the ledger, and writes nothing. Exit codes: 0 done, 1 not.',
} as const;

await runMain(async () => {
  const { values } = parseCommand(spec);
  const { pipeline } = await loadPipeline(values.pipeline);
  const seconds = durationSeconds(values.since);
  if (!seconds) throw new UserError(`--since ${values.since} is no span of time.`, 'Write 30d or 12h.');
  const url = values.prometheus ?? process.env.PROMETHEUS_URL;
  if (!url) throw new UserError('Which Prometheus?', 'Set PROMETHEUS_URL, or name one with --prometheus.');
  const option = values.prometheus === undefined ? 'PROMETHEUS_URL' : '--prometheus';
  const { prometheus } = prometheusAt(url, option);
  const all = await readDeployments(prometheus, pipeline, { to: Math.floor(Date.now() / 1000), seconds });
  const insights = insightsOf(
    all.filter(({ environment }) => values.environment === undefined || environment === values.environment),
  );
  console.log(values.json ? JSON.stringify(insights, null, 2) : insightsText(insights));
  return 0;
});
