import type { Finding } from '../lib/finding.ts';
import type { Bundle } from './bundle.ts';
import { findingsOf } from './checks/index.ts';
import { judgeWithPromtool } from './promtool.ts';
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

/** Our own checks, and promtool's word on rules that they find nothing in, where it is installed. */
export async function validate(bundle: Bundle): Promise<Validation> {
  const judging = judgeWithPromtool(ruleTexts(bundle));
  const own = findingsOf(bundle);
  const judgement = await judging;
  if (judgement.kind === 'not installed') {
    const note =
      'promtool is not installed: the rules were checked in process only. "npm run servers -- --fetch" gets it.';
    return { findings: own, notes: [note] };
  }
  return { findings: own.some(isAboutRules) ? own : [...own, ...judgement.findings], notes: [] };
}
