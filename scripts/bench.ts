import { benchmarks } from './bench/index.ts';
import { type Benchmark, type BenchOptions, cells, header, keeps, type Line } from './bench/line.ts';
import { validateMany } from './bench/validation.ts';
import { parseCommand } from './lib/args.ts';
import { runMain, UserError } from './lib/errors.ts';
import { say, table } from './lib/terminal.ts';

const ids = benchmarks.map((benchmark) => benchmark.id).join(', ');
const spec = {
  name: 'bench',
  summary: 'Measures what has a budget, as ratios within one run, and how it grows.',
  options: {
    only: { value: 'IDS', help: `run only these, comma-separated: ${ids}` },
    quick: { help: 'leave out what takes minutes (1,000 deployments a day)' },
    json: { help: 'print every value as JSON' },
    'validate-only': { value: 'N', help: 'measure the validation of N dashboards in this process' },
  },
  footer: 'Exit codes: 0 every budget is kept, 1 one is not.',
} as const;

/** A line and the benchmark that measured it. */
type Measured = Line & { readonly benchmark: string };

function chosen(only: string | undefined): readonly Benchmark[] {
  if (only === undefined) return benchmarks;
  const names = only.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !benchmarks.some((benchmark) => benchmark.id === name));
  if (unknown.length > 0)
    throw new UserError(`There is no benchmark ${unknown.join(', ')}.`, `There are ${ids}.`);
  return benchmarks.filter((benchmark) => names.includes(benchmark.id));
}

async function measure(list: readonly Benchmark[], options: BenchOptions): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const { id, run } of list)
    for (const line of await run(options)) measured.push({ benchmark: id, ...line });
  return measured;
}

function report(measured: readonly Measured[], asJson: boolean): void {
  if (asJson) {
    const withVerdict = measured.map((line) => ({ ...line, kept: keeps(line) ?? null }));
    console.log(JSON.stringify(withVerdict, null, 2));
  } else console.log(table([header, ...measured.map((line) => cells(line.benchmark, line))]));
}

await runMain(async () => {
  const { values } = parseCommand(spec);
  if (values['validate-only'] !== undefined) {
    console.log(JSON.stringify(validateMany(Number(values['validate-only']))));
    return 0;
  }
  const started = performance.now();
  const measured = await measure(chosen(values.only), {
    quick: values.quick,
    say: (text) => say(`${Math.round((performance.now() - started) / 1000)} s  ${text}`),
  });
  report(measured, values.json);
  const over = measured.filter((line) => keeps(line) === false);
  if (over.length > 0) say(`${over.length} of ${measured.length} values are over their budget.`);
  return over.length > 0 ? 1 : 0;
});
