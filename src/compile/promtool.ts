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

/** Lets a program judge files by name. @param args given before the paths @param refusal what its words are turned into */
async function judge(
  name: 'promtool' | 'amtool',
  args: readonly string[],
  files: Readonly<Record<string, string>>,
  refusal: (text: string) => Finding,
): Promise<Judgement> {
  const program = findProgram(name);
  if (program === undefined) return { kind: 'not installed' };
  const folder = mkdtempSync(join(tmpdir(), 'judged-'));
  try {
    const paths = Object.entries(files).map(([file, text]) => {
      const path = join(folder, file);
      writeFileSync(path, text);
      return path;
    });
    const { failed, text } = await run(program, [...args, ...paths]);
    return { kind: 'judged', findings: failed ? [refusal(text.replaceAll(`${folder}/`, ''))] : [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * `promtool check rules`, where promtool is installed: the last word on what Prometheus loads.
 * @param files texts of rule files by name
 */
export const judgeWithPromtool = (files: Readonly<Record<string, string>>): Promise<Judgement> =>
  judge('promtool', ['check', 'rules'], files, rulesRefused);

/** `amtool check-config`, where amtool is installed: the last word on what Alertmanager loads. */
export const judgeWithAmtool = (text: string): Promise<Judgement> =>
  judge('amtool', ['check-config'], { 'alertmanager.yml': text }, routingRefused);

const detailsOf = (text: string): string => text.trim().split('\n').slice(0, 20).join('\n  ');

const rulesRefused = (text: string): Finding => ({
  id: 'promtool',
  severity: 'error',
  summary: 'promtool refuses the rule files.',
  details: detailsOf(text),
  place: ['generated', 'prometheus', 'rules'],
  file: 'slo/index.ts',
  fix: 'Fix the rule that it names. If the other checks said nothing, they lack a check: please report it.',
});

const routingRefused = (text: string): Finding => ({
  id: 'amtool',
  severity: 'error',
  summary: 'amtool refuses Alertmanager’s configuration.',
  details: detailsOf(text),
  place: ['generated', 'alertmanager', 'alertmanager.yml'],
  file: 'src/compile/alerts/alertmanager.ts',
  fix: 'Fix the receiver or the alert that it names. If the other checks said nothing, they lack a check: please report it.',
});
