import type { Finding } from '../lib/finding.ts';
import { alertmanagerFile } from './alerts/alertmanager.ts';
import type { Bundle } from './bundle.ts';
import { findingsOf } from './checks/index.ts';
import { type Judgement, judgeWithAmtool, judgeWithPromtool } from './promtool.ts';
import { bundleInfoFile, ruleFileText } from './rules.ts';

/** promtool would only say again, and less well, what was found in a rule. */
const isAboutRules = ({ severity, place }: Finding): boolean =>
  severity === 'error' && (place[0] ?? '').endsWith('.yml');

/** The rule files as they will be written; the version is not known yet, and any will do. */
const ruleTexts = ({ ruleFiles }: Bundle): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(ruleFiles).map(([name, groups]) => [`${name}.yml`, ruleFileText(groups)]),
  ),
  'bundle.yml': bundleInfoFile({ version: '0'.repeat(12) }),
});

/** Findings of the checks, and notes for their reader. */
export interface Validation {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** A program's findings, and the note where it is not installed. */
const said = (judged: Judgement, name: string, what: string): Validation =>
  judged.kind === 'judged'
    ? { findings: judged.findings, notes: [] }
    : {
        findings: [],
        notes: [
          `${name} is not installed: ${what} checked in process only. "npm run servers -- --fetch" gets it.`,
        ],
      };

/** Our own checks, and the word of promtool and amtool, where they are installed, on what these find nothing in. */
export async function validate(bundle: Bundle): Promise<Validation> {
  const judging = Promise.all([
    judgeWithPromtool(ruleTexts(bundle)),
    judgeWithAmtool(Object.values(alertmanagerFile(bundle.families, bundle.pipeline)).join('')),
  ]);
  // It fails where it is awaited, also when the checks do not come that far.
  judging.catch(() => {});
  const own = findingsOf(bundle);
  const [promtool, amtool] = await judging;
  const rules = said(promtool, 'promtool', 'the rules were');
  const routing = said(amtool, 'amtool', 'Alertmanager’s configuration was');
  return {
    findings: [...own, ...(own.some(isAboutRules) ? [] : rules.findings), ...routing.findings],
    notes: [...rules.notes, ...routing.notes],
  };
}
