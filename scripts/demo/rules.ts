import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { UserError } from '../lib/errors.ts';
import { durationSeconds } from '../lib/panel-queries.ts';
import { inProject } from '../lib/root.ts';
import { type RecordedRule, recordingRules } from '../simulator/backfill.ts';

/** A generated rule file. */
export interface RuleFile {
  readonly name: string;
  readonly text: string;
}

/** Nobody who watches a demo wants to wait four minutes for thirty days. */
const slowest = 15;

const faster = (text: string): string =>
  text.replaceAll(/^( +interval: )(\S+)$/gm, (line, start: string, interval: string) =>
    durationSeconds(interval) > slowest ? `${start}${slowest}s` : line,
  );

/** The generated rules, evaluated at least every 15 s. @throws UserError when nothing was built */
export function generatedRules(folder = inProject('generated', 'prometheus', 'rules')): RuleFile[] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.yml')) : [];
  if (names.length === 0) throw new UserError('There are no generated rules.', 'Run: npm run build');
  return names.sort().map((name) => ({ name, text: faster(readFileSync(`${folder}/${name}`, 'utf8')) }));
}

/** All recording rules of rule files, the files in order of their names. */
export const recordedBy = (files: readonly RuleFile[]): RecordedRule[] =>
  files.flatMap(({ text }) => recordingRules(text));

/**
 * The rules that record these metrics, and those that record what they read, in the given order. Rules of which the
 * metric is in `known` are left out: it is there already.
 */
export function rulesBehind(
  rules: readonly RecordedRule[],
  metrics: ReadonlySet<string>,
  known: ReadonlySet<string>,
): RecordedRule[] {
  const wanted = new Set([...metrics].filter((name) => !known.has(name)));
  // Until nothing new is found: a rule may read what a later file records.
  for (let before = -1; before !== wanted.size; ) {
    before = wanted.size;
    for (const { record, expr } of rules)
      if (wanted.has(record)) for (const name of recordedNames(expr)) if (!known.has(name)) wanted.add(name);
  }
  return rules.filter(({ record }) => wanted.has(record));
}

/** Names of recorded metrics in an expression: the only ones with colons. */
export const recordedNames = (expr: string): string[] => expr.match(/\b[a-z_]\w*(?::\w+)+/g) ?? [];
