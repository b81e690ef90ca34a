import type { Finding } from '../lib/finding.ts';
import { say } from '../lib/terminal.ts';
import type { Artefacts } from './artefacts.ts';
import type { Bundle } from './bundle.ts';
import { findingsOf } from './checks/index.ts';
import { judgeWithPromtool } from './promtool.ts';

/** promtool would only say again, and less well, what was found in a rule. */
const isAboutRules = ({ severity, place }: Finding): boolean =>
  severity === 'error' && (place[0] ?? '').endsWith('.yml');

/** Our own checks, and promtool's word on rules that they find nothing in, where it is installed. */
export async function validate(bundle: Bundle, artefacts: Artefacts): Promise<Finding[]> {
  const judging = judgeWithPromtool(artefacts);
  const own = findingsOf(bundle);
  const judgement = await judging;
  if (judgement.kind === 'not installed') {
    say(
      'promtool is not installed: the rules were checked in process only. "npm run servers -- --fetch" gets it.',
    );
    return own;
  }
  return own.some(isAboutRules) ? own : [...own, ...judgement.findings];
}
