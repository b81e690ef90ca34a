import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { inProject } from '../src/lib/root.ts';

interface Report {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

const folders = [
  'alerts',
  'dashboards',
  'slo',
  'src',
  'scripts',
  'test',
  'definitions.ts',
  'pipeline.config.ts',
];

/** Runs dependency-cruiser with the project's rules in a folder. */
function cruise(cwd: string, paths: readonly string[]): Promise<Report['summary']> {
  const program = inProject('node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const args = ['--config', inProject('.dependency-cruiser.mjs'), '--output-type', 'json', ...paths];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, ...args], { cwd, maxBuffer: 64e6 }, (_, stdout, stderr) => {
      if (stdout === '') reject(new Error(stderr));
      else resolve((JSON.parse(stdout) as Report).summary);
    });
  });
}

const shown = ({ violations }: Report['summary']): string[] =>
  violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`);

it('imports run one way, through doors, without circles', async () => {
  const summary = await cruise(inProject(), folders);
  expect(shown(summary)).toEqual([]);
  // A tool that cannot read the files would find nothing wrong with them.
  expect(summary.totalCruised).toBeGreaterThanOrEqual(500);
});

/** The file that breaks a rule, what is in it, and the rule. */
const breaches: readonly (readonly [file: string, text: string, rule: string])[] = [
  ['src/lib/up.ts', "import '../record/index.ts';", 'no-upward-import-from-lib'],
  ['src/lib/a.ts', "import type { B } from './b.ts'; export type A = B;", 'no-circles'],
  ['src/record/past.ts', "import '../promql/ast.ts';", 'rooms-through-doors'],
  ['alerts/past.ts', "import '../src/promql/ast.ts';", 'doors-from-outside'],
  ['src/alerts/defined.ts', "import '../../alerts/none.ts';", 'machinery-below-definitions'],
  ['slo/commanded.ts', "import '../scripts/none.ts';", 'definitions-below-commands'],
  ['scripts/tested.ts', "import '../test/none.ts';", 'no-tests-outside-tests'],
  ['src/lib/unknown.ts', "import '../attic/none.ts';", 'known-rooms'],
];
const others = {
  'src/lib/b.ts': "import type { A } from './a.ts'; export type B = A;",
  ...Object.fromEntries(
    ['src/record/index', 'src/promql/ast', 'alerts/none', 'scripts/none', 'test/none', 'src/attic/none'].map(
      (name) => [`${name}.ts`, ''],
    ),
  ),
};

it('a breach of each rule is found, and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'imports-'));
  try {
    const files = { ...others, ...Object.fromEntries(breaches.map(([file, text]) => [file, text])) };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { violations } = await cruise(folder, ['alerts', 'scripts', 'slo', 'src', 'test']);
    const found = new Set(violations.map(({ from, rule }) => `${from}: ${rule.name}`));
    for (const [file, , rule] of breaches) expect([...found]).toContain(`${file}: ${rule}`);
    const wrong = ['src/lib/b.ts', ...breaches.map(([file]) => file)];
    expect(violations.map(({ from }) => from).filter((from) => !wrong.includes(from))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
