import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { durationSeconds } from '../lib/duration.ts';
import { UserError } from '../lib/errors.ts';
import { projectPath } from '../lib/root.ts';
import { type RecordedRule, readerOf, recordingRules } from '../simulator/index.ts';

/** A generated rule file. */
export interface RuleFile {
  readonly name: string;
  readonly text: string;
}

/** Longest interval, in seconds: two minutes are too long to wait in a demo. */
const slowest = 15;

const faster = (text: string): string =>
  text.replaceAll(/^( +interval: )(\S+)$/gm, (line, start: string, interval: string) =>
    (durationSeconds(interval) ?? 0) > slowest ? `${start}${slowest}s` : line,
  );

/** The rules in the folder of what was built, evaluated at least every 15 s. @throws UserError when nothing was built */
export function generatedRules(generated: string): RuleFile[] {
  const folder = join(generated, 'prometheus', 'rules');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.yml')) : [];
  if (names.length === 0)
    throw new UserError(
      `There are no rules in ${projectPath(folder)}.`,
      'Run: npm run build, with the same --pipeline',
    );
  return names.sort().map((name) => ({ name, text: faster(readFileSync(`${folder}/${name}`, 'utf8')) }));
}

/** All recording rules of rule files, the files in order of their names. */
export const recordedBy = (files: readonly RuleFile[]): RecordedRule[] =>
  files.flatMap(({ text }) => recordingRules(text));

/** The rules that record what these expressions read, and what those rules read in turn, in the given order. */
export function rulesBehind(rules: readonly RecordedRule[], exprs: readonly string[]): RecordedRule[] {
  const wanted = new Set<RecordedRule>();
  const add = (expr: string): void => {
    const reads = readerOf(expr);
    for (const rule of rules) {
      if (wanted.has(rule) || !reads(rule)) continue;
      wanted.add(rule);
      add(rule.expr);
    }
  };
  exprs.forEach(add);
  return rules.filter((rule) => wanted.has(rule));
}
