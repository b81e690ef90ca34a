import { writeFileSync } from 'node:fs';
import { deriveDashboardSchema, schemaFile } from '../src/compile/index.ts';
import { parseCommand } from '../src/lib/args.ts';
import { runMain } from '../src/lib/errors.ts';
import { projectPath } from '../src/lib/root.ts';
import { say } from '../src/lib/terminal.ts';

const spec = {
  name: 'schema',
  summary:
    'Derives the JSON schema of dashboards from the types of the Grafana Foundation SDK. Run it after updating the SDK.',
  options: {},
} as const;

await runMain(async () => {
  parseCommand(spec);
  writeFileSync(schemaFile, deriveDashboardSchema());
  say(`${projectPath(schemaFile)} written.`);
  return 0;
});
