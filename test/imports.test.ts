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

it.each<[rule: string, files: Readonly<Record<string, string>>]>([
  [
    'no-upward-import-from-lib',
    { 'src/lib/a.ts': "import '../record/index.ts';", 'src/record/index.ts': '' },
  ],
  [
    'no-circles',
    {
      'src/lib/a.ts': "import type { B } from './b.ts'; export type A = B;",
      'src/lib/b.ts': "import type { A } from './a.ts'; export type B = A;",
    },
  ],
  ['rooms-through-doors', { 'src/record/a.ts': "import '../promql/ast.ts';", 'src/promql/ast.ts': '' }],
  ['doors-from-outside', { 'alerts/a.ts': "import '../src/promql/ast.ts';", 'src/promql/ast.ts': '' }],
  ['machinery-below-definitions', { 'src/alerts/a.ts': "import '../../alerts/b.ts';", 'alerts/b.ts': '' }],
  ['definitions-below-commands', { 'slo/a.ts': "import '../scripts/b.ts';", 'scripts/b.ts': '' }],
  ['no-tests-outside-tests', { 'scripts/a.ts': "import '../test/b.ts';", 'test/b.ts': '' }],
  ['known-rooms', { 'src/lib/a.ts': "import '../attic/b.ts';", 'src/attic/b.ts': '' }],
])('a breach is found: %s', async (rule, files) => {
  const folder = mkdtempSync(join(tmpdir(), 'imports-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const found = await cruise(folder, [...new Set(Object.keys(files).map((path) => path.split('/')[0]!))]);
    expect(found.violations.map((violation) => violation.rule.name)).toContain(rule);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
