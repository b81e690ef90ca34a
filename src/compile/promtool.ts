import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../lib/finding.ts';
import { findProgram } from '../servers/index.ts';

/** promtool's findings, or that it is not installed. */
export type Judgement =
  | { readonly kind: 'judged'; readonly findings: readonly Finding[] }
  | { readonly kind: 'not installed' };

const run = (program: string, args: readonly string[]): Promise<{ failed: boolean; text: string }> =>
  new Promise((resolve) => {
    execFile(program, [...args], { encoding: 'utf8' }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, text: `${stdout}${stderr}` }),
    );
  });

/**
 * `promtool check rules`, where promtool is installed: the last word on what Prometheus loads.
 * @param files texts of rule files by name
 */
export async function judgeWithPromtool(files: Readonly<Record<string, string>>): Promise<Judgement> {
  const promtool = findProgram('promtool');
  if (promtool === undefined) return { kind: 'not installed' };
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  try {
    const paths = Object.entries(files).map(([name, text]) => {
      const file = join(folder, name);
      writeFileSync(file, text);
      return file;
    });
    const { failed, text } = await run(promtool, ['check', 'rules', ...paths]);
    return { kind: 'judged', findings: failed ? [refusal(text.replaceAll(`${folder}/`, ''))] : [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const refusal = (text: string): Finding => ({
  id: 'promtool',
  severity: 'error',
  summary: 'promtool refuses the rule files.',
  details: text.trim().split('\n').slice(0, 20).join('\n  '),
  place: ['generated', 'prometheus', 'rules'],
  file: 'slo/index.ts',
  fix: 'Mend the rule that it names. If the other checks said nothing, they lack a check: please report it.',
});
