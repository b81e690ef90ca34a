import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { $ } from 'zx';
import { loadBundle } from '../definitions.ts';
import { parseCommand } from '../src/lib/args.ts';
import { runMain, UserError } from '../src/lib/errors.ts';
import { root } from '../src/lib/root.ts';
import { say } from '../src/lib/terminal.ts';
import { loadPipeline } from '../src/pipeline/index.ts';
import { prometheusAt } from '../src/preview/index.ts';
import {
  asHtml,
  asMarkdown,
  daysOf,
  endOf,
  monthBefore,
  parseMonth,
  readMonth,
  reportBlocks,
} from '../src/report/index.ts';

const spec = {
  name: 'report',
  summary: 'Writes a month of deployments as a document: promises, budget, DORA, cost, alerts.',
  options: {
    month: { value: 'YYYY-MM', help: 'the calendar month (UTC); default the last one that is over' },
    environment: { value: 'NAME', help: 'only this environment' },
    prometheus: { value: 'URL', help: 'default PROMETHEUS_URL with its credentials' },
    out: {
      value: 'DIR',
      help: 'write DIR/<month>.md and DIR/<month>.html; otherwise Markdown goes to stdout',
    },
    json: { help: 'print the numbers as JSON' },
  },
  footer:
    'Every number comes from recorded series: a month that is over gives the same bytes each time. Exit codes: 0 written, 1 not.',
} as const;

/** Commits to the definitions in a span of time; undefined without git. */
async function changesBetween(from: number, to: number): Promise<string[] | undefined> {
  const paths = ['alerts', 'dashboards', 'slo', 'pipeline.config.ts'];
  const times = [`--since=${from}`, `--until=${to}`];
  const { stdout, exitCode } = await $({
    cwd: root,
    nothrow: true,
  })`git log --no-merges --date=short --format=${'%ad %h %s'} ${times} -- ${paths}`;
  return exitCode === 0 ? stdout.split('\n').filter(Boolean) : undefined;
}

await runMain(async () => {
  const { values } = parseCommand(spec);
  const { pipeline } = await loadPipeline(values.pipeline);
  const now = Math.floor(Date.now() / 1000);
  const month = parseMonth(values.month, now);
  const { objectives } = loadBundle(pipeline);
  const url = values.prometheus ?? process.env.PROMETHEUS_URL;
  if (!url) throw new UserError('Which Prometheus?', 'Set PROMETHEUS_URL, or name one with --prometheus.');
  const { prometheus } = prometheusAt(
    url,
    values.prometheus === undefined ? 'PROMETHEUS_URL' : '--prometheus',
  );
  const report = await readMonth(prometheus, {
    month,
    before: monthBefore(month),
    objectives,
    pipeline,
    days: daysOf(month, endOf(month, now)),
    ...(values.environment !== undefined && { environment: values.environment }),
    now,
  });
  if (values.json) console.log(JSON.stringify(report, null, 2));
  const context = {
    name: pipeline.name,
    currency: pipeline.cost.currency,
    objectives,
    changes: await changesBetween(month.from, month.to),
  };
  const blocks = reportBlocks(report, context);
  if (values.out === undefined) {
    if (!values.json) process.stdout.write(asMarkdown(blocks));
    return 0;
  }
  const folder = resolve(values.out);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${month.name}.md`), asMarkdown(blocks));
  writeFileSync(join(folder, `${month.name}.html`), asHtml(`Deployments in ${month.title}`, blocks));
  say(`${month.name}.md and ${month.name}.html are in ${values.out}.`);
  return 0;
});
