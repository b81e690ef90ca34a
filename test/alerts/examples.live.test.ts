import { beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Alert } from '../../src/alerts/alert.ts';
import { alertFile, keepFiringFor } from '../../src/compile/alerts/rules.ts';
import { type Generation, obtainPrograms } from '../../src/servers/find.ts';
import { byNight, isNight } from '../nightly.ts';
import { alerts } from '../relay.ts';
import { type Mutant, mutantsOf } from './mutants.ts';
import { judgeTexts, type Narrowed, narrowed } from './narrowed.ts';

interface RuleFile {
  readonly groups: readonly [{ readonly rules: readonly object[] }];
}
interface ExpectedAlert {
  readonly exp_labels: Readonly<Record<string, string>>;
}
interface TestFile {
  readonly tests: readonly {
    readonly alert_rule_test: readonly {
      readonly eval_time: string;
      readonly exp_alerts: readonly ExpectedAlert[];
    }[];
  }[];
}

/** The name under which a mutant runs beside its alert. */
const nameOf = (alert: Alert, i: number): string => `${alert.name}M${i}`;

/** An alert that asks about itself asks about the mutant. */
const mutantRule = (alert: Alert, { expr }: Mutant, i: number): object => ({
  alert: nameOf(alert, i),
  expr: expr.replaceAll(`"${alert.name}"`, `"${nameOf(alert, i)}"`),
  ...(alert.for && { for: alert.for }),
  ...(keepFiringFor(alert) && { keep_firing_for: keepFiringFor(alert) }),
  labels: { severity: alert.severity },
});

/** Asks of each mutant what is expected of the alert: for whom it fires counts, not what it says. */
function withMutants({ rules, tests }: Narrowed, alert: Alert, mutants: readonly Mutant[]): Narrowed {
  const file = `${alertFile}.yml`;
  const { groups } = parse(rules[file]!) as RuleFile;
  const all = [...groups[0].rules, ...mutants.map((mutant, i) => mutantRule(alert, mutant, i))];
  const ask = (text: string): string => {
    const test = parse(text) as TestFile;
    const asked = test.tests.map((one) => ({
      ...one,
      alert_rule_test: one.alert_rule_test.flatMap((own) => [
        own,
        ...mutants.map((_, i) => ({
          ...own,
          alertname: nameOf(alert, i),
          exp_alerts: own.exp_alerts.map(({ exp_labels }) => ({ exp_labels })),
        })),
      ]),
    }));
    return stringify({ ...test, tests: asked }, { aliasDuplicateObjects: false });
  };
  return {
    rules: { ...rules, [file]: stringify({ groups: [{ ...groups[0], rules: all }] }) },
    tests: Object.fromEntries(Object.entries(tests).map(([name, text]) => [name, ask(text)])),
  };
}

describe.each(byNight<Generation>('current', '2.42'))('promtool %s', (generation) => {
  let promtool = '';
  beforeAll(async () => {
    promtool = (await obtainPrograms(['promtool'], generation)).promtool;
  });

  describe.each(alerts.map((alert) => [alert.name, alert] as const))('%s', (name, alert) => {
    const mutants = isNight ? mutantsOf(alert.expr.text) : [];
    let output = '';
    beforeAll(async () => {
      output = await judgeTexts(promtool, withMutants(await narrowed(alert), alert, mutants));
    });

    it('does what its examples say', () => {
      // Of the mutants' failures, which are as they should be, only the alert's own are shown.
      const own = output.split(/(?=alertname: )/).filter((part) => !/^alertname: \w+M\d+,/.test(part));
      expect(own.slice(1).join('')).toBe('');
      expect(output).toContain(mutants.length > 0 ? `alertname: ${name}M` : '');
    });

    it.runIf(isNight)('has examples that tell it from each mutant', () => {
      const killed = new Set([...output.matchAll(/alertname: (\w+),/g)].map((match) => match[1]));
      const survivors = mutants.filter((_, i) => !killed.has(nameOf(alert, i)));
      expect(survivors.map(({ change }) => change).join('\n')).toBe('');
    });
  });
});
