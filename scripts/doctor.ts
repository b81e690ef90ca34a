import { examine, reportText } from '../src/doctor/index.ts';
import { parseCommand } from '../src/lib/args.ts';
import { runMain } from '../src/lib/errors.ts';
import { loadPipeline } from '../src/pipeline/index.ts';

const spec = {
  name: 'doctor',
  summary:
    'Walks the way of the data, from the pushes of the pipeline to the dashboards, and says where it ends.',
  options: { json: { help: 'print the report as JSON' } },
  footer: `Asks PUSHGATEWAY_URL, PROMETHEUS_URL and GRAFANA_URL, with the credentials beside them, and changes nothing.
Exit codes: 0 nothing required is broken, 1 something is. What each finding means: docs/doctor.md`,
} as const;

await runMain(async () => {
  const { values } = parseCommand(spec);
  const { generated, pipeline } = await loadPipeline(values.pipeline);
  const report = await examine(process.env, generated, pipeline);
  console.log(values.json ? JSON.stringify(report, null, 2) : reportText(report));
  return report.healthy ? 0 : 1;
});
