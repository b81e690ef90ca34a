import { parseCommand } from '../src/lib/args.ts';
import { explain, runMain } from '../src/lib/errors.ts';
import { say, table } from '../src/lib/terminal.ts';
import { listPrograms, obtainAll, type Row } from '../src/servers/index.ts';

const spec = {
  name: 'servers',
  summary:
    'Lists the real servers that tests, the demo and the benchmark run, and fetches those that are missing.',
  options: {
    fetch: {
      help: 'fetch what is missing: official releases, else the packages of Debian or Ubuntu; needs no root',
    },
    json: { help: 'print JSON' },
  },
  footer: [
    'A program is looked for in its environment variable (PROMETHEUS_BIN, PROMTOOL_BIN, PUSHGATEWAY_BIN,',
    'ALERTMANAGER_BIN, AMTOOL_BIN; for the old generation PROMETHEUS_2_42_BIN and so on), then on PATH, then in',
    '$XDG_CACHE_HOME or ~/.cache, below relay-deployment-observability/servers.',
    'A release must match the checksum that it publishes. On Windows, run the tests in WSL.',
    'Exits 0 when every program is there, 1 when some are missing.',
  ].join('\n'),
};

const cells = (row: Row): string[] => [
  row.program,
  row.generation,
  row.version ?? '-',
  row.where ?? 'missing',
  row.path ?? `set ${row.variable}, or: npm run servers -- --fetch`,
];

await runMain(async () => {
  const { values } = parseCommand(spec);
  listPrograms(); // wrong variables first: a download would hide them
  const failures = values.fetch ? await obtainAll() : [];
  for (const failure of failures) say(explain(failure));
  const rows = listPrograms();
  if (values.json) console.log(JSON.stringify(rows, null, 2));
  else console.log(table([['program', 'generation', 'version', 'found in', 'path'], ...rows.map(cells)]));
  return rows.every((row) => row.path !== null) ? 0 : 1;
});
