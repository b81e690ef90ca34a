import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { durationSeconds } from '../lib/duration.ts';
import { UserError } from '../lib/errors.ts';
import { projectPath } from '../lib/root.ts';
import { type RecordedRule, recordingRules } from '../simulator/index.ts';

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

/** A selector of a recorded metric: those have colons in their names, and no others do. */
const recordedSelector = /\b([a-z_]\w*(?::\w+)+)(?:\{([^}]*)\})?/g;

/** True when an expression reads what this rule records: its metric, and with no other value of the rule's labels. */
const reads = (expr: string, { record, labels }: RecordedRule): boolean =>
  [...expr.matchAll(recordedSelector)].some(([, name, matchers = '']) => {
    if (name !== record) return false;
    const exact = [...matchers.matchAll(/(\w+)="([^"]*)"/g)];
    return exact.every(([, label = '', value]) => labels[label] === undefined || labels[label] === value);
  });

/** The rules that record what these expressions read, and what those rules read in turn, in the given order. */
export function rulesBehind(rules: readonly RecordedRule[], exprs: readonly string[]): RecordedRule[] {
  const wanted = new Set<RecordedRule>();
  const add = (expr: string): void => {
    for (const rule of rules) {
      if (wanted.has(rule) || !reads(expr, rule)) continue;
      wanted.add(rule);
      add(rule.expr);
    }
  };
  exprs.forEach(add);
  return rules.filter((rule) => wanted.has(rule));
}
