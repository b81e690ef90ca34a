import { loadBundle } from '../definitions.ts';
import {
  asJson,
  type Benchmark,
  type BenchOptions,
  benchmarks,
  cells,
  header,
  keeps,
  type Measured,
  scales,
  validateMany,
} from '../src/bench/index.ts';
import { parseCommand } from '../src/lib/args.ts';
import { runMain, UserError } from '../src/lib/errors.ts';
import { say, table } from '../src/lib/terminal.ts';
import { loadPipeline } from '../src/pipeline/index.ts';
import { carry } from '../src/record/index.ts';

const ids = benchmarks.map((benchmark) => benchmark.id).join(', ');
const perDays = scales.map((scale) => String(scale.perDay));
const spec = {
  name: 'bench',
  summary: 'Measures what has a budget, as ratios within one run, and how it grows.',
  options: {
    only: { value: 'IDS', help: `run only these, comma-separated: ${ids}` },
    quick: { help: 'leave out what takes minutes (1,000 deployments a day)' },
    'per-day': {
      value: 'N',
      help: `of histories, only the one with N deployments a day: ${perDays.join(', ')}`,
    },
    details: { help: 'also print what the most expensive queries cost' },
    json: { help: 'print every value as JSON' },
    'validate-only': { value: 'N', help: 'measure the validation of N dashboards in this process' },
  },
  footer: 'Exit codes: 0 every budget is kept, 1 one is not.',
} as const;

function chosen(only: string | undefined): readonly Benchmark[] {
  if (only === undefined) return benchmarks.filter((benchmark) => benchmark.partOf === undefined);
  const names = only.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !benchmarks.some((benchmark) => benchmark.id === name));
  if (unknown.length > 0)
    throw new UserError(
      `There is no benchmark ${unknown.map((name) => `"${name}"`).join(', ')}.`,
      `There are ${ids}.`,
    );
  return benchmarks.filter(({ id, partOf }) => names.includes(id) && !(partOf && names.includes(partOf)));
}

async function measure(list: readonly Benchmark[], options: BenchOptions): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const { id, run } of list)
    for (const line of await run(options)) measured.push({ benchmark: id, ...line });
  return measured;
}

await runMain(async () => {
  const { values } = parseCommand(spec);
  const { pipeline } = await loadPipeline(values.pipeline);
  carry(pipeline);
  const size = values['validate-only'];
  if (size !== undefined) {
    if (!/^[1-9]\d*$/.test(size))
      throw new UserError(
        `--validate-only "${size}" is no number of dashboards.`,
        'Give a whole number from 1 on, such as 1000.',
      );
    console.log(JSON.stringify(validateMany(loadBundle(pipeline), Number(size))));
    return 0;
  }
  const perDay = values['per-day'];
  if (perDay !== undefined && !perDays.includes(perDay))
    throw new UserError(
      `There is no history with "${perDay}" deployments a day.`,
      `There are ${perDays.join(', ')}.`,
    );
  const started = performance.now();
  const measured = await measure(chosen(values.only), {
    bundle: loadBundle(pipeline),
    quick: values.quick,
    ...(perDay !== undefined && { perDay: Number(perDay) }),
    say: (text) => say(`${Math.round((performance.now() - started) / 1000)} s  ${text}`),
  });
  const rows = (): string[][] =>
    measured.filter((line) => values.details || !line.detail).map((line) => cells(line.benchmark, line));
  console.log(values.json ? asJson(measured) : table([header, ...rows()]));
  const over = measured.filter((line) => keeps(line) === false);
  if (over.length > 0) say(`${over.length} of ${measured.length} values are over their budget.`);
  return over.length > 0 ? 1 : 0;
});
