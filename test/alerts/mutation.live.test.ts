import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Alert } from '../../src/alerts/alert.ts';
import { alertFile, keepFiringFor } from '../../src/compile/alerts/rules.ts';
import { inProject } from '../../src/lib/root.ts';
import { obtainPrograms } from '../../src/servers/find.ts';
import { alerts } from '../relay.ts';
import { type Mutant, mutantsOf } from './mutants.ts';

const generated = inProject('generated', 'prometheus');

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly RecordedRule[] }[];
}
interface RecordedRule {
  readonly record?: string;
  readonly expr: string;
}
interface ExpectedAlert {
  readonly exp_labels: Readonly<Record<string, string>>;
}
interface TestFile {
  readonly rule_files: readonly string[];
  readonly tests: readonly {
    readonly alert_rule_test: readonly {
      readonly eval_time: string;
      readonly alertname: string;
      readonly exp_alerts: readonly ExpectedAlert[];
    }[];
  }[];
}

const namesIn = (expr: string): string[] => expr.match(/\b[a-z][a-z0-9_]*:[a-z0-9_]+:[a-z0-9_]+/g) ?? [];

/** The rules that an expression reads, directly or not: the others would only be evaluated at every step. */
function needed(files: readonly RuleFile[], exprs: readonly string[]): ReadonlySet<string> {
  const rules = files.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  const seen = new Set<string>();
  const waiting = exprs.flatMap(namesIn);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    waiting.push(...rules.filter(({ record }) => record === name).flatMap(({ expr }) => namesIn(expr)));
  }
  return seen;
}

/** The name under which a mutant runs beside the others, or the expression as it is. */
const nameOf = (alert: Alert, i: number): string => `${alert.name}${i < 0 ? '' : `M${i}`}`;

/** The alert and its mutants as rules; one that asks about itself asks about the mutant. */
const ruleFile = (alert: Alert, mutants: readonly Mutant[]): object => ({
  groups: [
    {
      name: 'deployment-alerts',
      rules: [alert.expr.text, ...mutants.map(({ expr }) => expr)].map((expr, i) => ({
        alert: nameOf(alert, i - 1),
        expr: expr.replaceAll(`"${alert.name}"`, `"${nameOf(alert, i - 1)}"`),
        ...(alert.for && { for: alert.for }),
        ...(keepFiringFor(alert) && { keep_firing_for: keepFiringFor(alert) }),
        labels: { severity: alert.severity },
      })),
    },
  ],
});

/** The generated test, asked of the alert and of each mutant; whom it names is what counts, not what it says. */
const testFile = (test: TestFile, alert: Alert, mutants: readonly Mutant[]): object => ({
  ...test,
  tests: test.tests.map((one) => ({
    ...one,
    alert_rule_test: one.alert_rule_test.flatMap(({ eval_time, exp_alerts }) =>
      [-1, ...mutants.keys()].map((i) => ({
        eval_time,
        alertname: nameOf(alert, i),
        exp_alerts: exp_alerts.map(({ exp_labels }) => ({ exp_labels })),
      })),
    ),
  })),
});

describe('alerts in which one thing is wrong', () => {
  let folder = '';
  let promtool = '';
  beforeAll(async () => {
    promtool = (await obtainPrograms(['promtool'])).promtool;
    folder = mkdtempSync(join(tmpdir(), 'mutants-'));
    for (const part of ['rules', 'tests']) mkdirSync(join(folder, part));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Names of the alerts of a file that do not do what its stories say. */
  const failing = (name: string, alert: Alert, mutants: readonly Mutant[]): Promise<string[]> => {
    const test = parse(readFileSync(join(generated, 'tests', name), 'utf8')) as TestFile;
    const recorded = test.rule_files.filter((path) => !path.endsWith(`/${alertFile}.yml`));
    const files = recorded.map(
      (path) => parse(readFileSync(join(generated, 'tests', path), 'utf8')) as RuleFile,
    );
    const names = needed(files, [alert.expr.text]);
    for (const [i, { groups }] of files.entries()) {
      const own = groups.map((g) => ({
        ...g,
        rules: g.rules.filter(({ record = '' }) => names.has(record)),
      }));
      writeFileSync(join(folder, 'tests', recorded[i] ?? ''), stringify({ groups: own }));
    }
    writeFileSync(join(folder, 'rules', `${alertFile}.yml`), stringify(ruleFile(alert, mutants)));
    writeFileSync(join(folder, 'tests', name), stringify(testFile(test, alert, mutants)));
    return new Promise((resolve) => {
      execFile(
        promtool,
        ['test', 'rules', join(folder, 'tests', name)],
        { maxBuffer: 1e9 },
        (_, stdout, stderr) =>
          resolve([...`${stdout}${stderr}`.matchAll(/alertname: (\w+),/g)].map((match) => match[1] ?? '')),
      );
    });
  };

  it.each(alerts.map((alert) => [alert.name, alert] as const))(
    '%s: a test fails for each',
    async (_, alert) => {
      const mutants = mutantsOf(alert.expr.text);
      const own = new RegExp(`^${alert.name}(-\\d+)?\\.yml$`);
      const killed = new Set<string>();
      for (const name of readdirSync(join(generated, 'tests')).filter((file) => own.test(file)))
        for (const found of await failing(name, alert, mutants)) killed.add(found);
      expect(killed, 'the alert as it is').not.toContain(alert.name);
      const survivors = mutants.filter((_, i) => !killed.has(nameOf(alert, i)));
      expect(survivors.map(({ change }) => change).join('\n')).toBe('');
    },
    300_000,
  );
});
