import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { $ } from 'zx';
import { parseCommand } from '../src/lib/args.ts';
import { runMain, UserError } from '../src/lib/errors.ts';
import { inProject, projectPath, root } from '../src/lib/root.ts';
import { say } from '../src/lib/terminal.ts';
import { type Mutant, mutantsOf } from '../src/mutation/index.ts';

const spec = {
  name: 'mutate',
  summary: 'Changes the core one place at a time, and says which changes no test notices.',
  options: {
    only: { value: 'PATH', help: 'a file or folder of the core, such as src/record/sweep.ts' },
    sample: { value: 'N', help: 'how many changes are tried of each part of the core', default: '20' },
    seed: { value: 'N', help: 'the same number takes the same changes', default: '1' },
  },
  footer: 'No file is changed. Exits 0 when a test noticed every change, 1 when some survived.',
} as const;

/** The core, and the tests that hold it. */
const core: readonly { readonly source: string; readonly tests: readonly string[] }[] = [
  { source: 'src/ledger', tests: ['test/ledger', 'test/indicators', 'test/slo-dashboard/month'] },
  { source: 'src/record', tests: ['test/record'] },
  { source: 'src/provision', tests: ['test/provision'] },
  { source: 'src/diff', tests: ['test/diff'] },
  { source: 'src/compile/alerts', tests: ['test/alerts', 'test/compile/checks'] },
];

interface Place extends Mutant {
  readonly file: string;
}

const filesIn = (path: string): string[] =>
  statSync(path).isFile()
    ? [path]
    : readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !name.endsWith('index.ts'))
        .map((name) => join(path, name))
        .sort();

/** A sample without repetition, by a small generator whose numbers follow from the seed. */
function sample<T>(all: readonly T[], size: number, seed: number): T[] {
  const left = [...all];
  let state = seed;
  return Array.from({ length: Math.min(size, all.length) }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return left.splice(state % left.length, 1)[0]!;
  });
}

/** Runs the tests on a changed file. @returns true when one failed */
async function isNoticed({ file, text }: Place, tests: readonly string[]): Promise<boolean> {
  const env = { ...process.env, MUTANT_FILE: file, MUTANT_TEXT: text };
  const { exitCode } = await $({
    cwd: root,
    env,
    nothrow: true,
    quiet: true,
    verbose: false,
  })`npx vitest run ${[
    ...['--project', 'unit', '--project', 'live', '--bail=1', '--retry=0', '--reporter=dot'],
    ...tests,
  ]}`;
  return exitCode !== 0;
}

await runMain(async () => {
  const { values } = parseCommand(spec);
  const [size, seed] = [Number(values.sample), Number(values.seed)];
  if (!Number.isInteger(size) || size < 1)
    throw new UserError(`--sample ${values.sample} is no number.`, 'Write 20.');
  const parts = core.filter(({ source }) => !values.only || `${values.only}/`.startsWith(`${source}/`));
  if (parts.length === 0)
    throw new UserError(
      `${values.only} is not in the core.`,
      `The core: ${core.map(({ source }) => source).join(', ')}.`,
    );
  let survived = 0;
  for (const { source, tests } of parts) {
    const places = filesIn(inProject(values.only ?? source)).flatMap((file): Place[] =>
      mutantsOf(readFileSync(file, 'utf8')).map((mutant) => ({ ...mutant, file })),
    );
    const tried = sample(places, size, seed);
    say(`${source}: ${tried.length} of ${places.length} changes`);
    for (const place of tried) {
      if (await isNoticed(place, tests)) continue;
      survived += 1;
      console.log(
        `survived: ${projectPath(place.file)}:${place.line} ${place.change.replaceAll(/\s+/g, ' ')}`,
      );
    }
  }
  say(`${survived} survived.`);
  return survived === 0 ? 0 : 1;
});
