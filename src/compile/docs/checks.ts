import { markdownTable } from '../../lib/terminal.ts';
import type { Check } from '../checks/check.ts';
import { checks } from '../checks/index.ts';

const ruleRows = (check: Check): string[][] =>
  (check.rules ?? []).map(({ id, summary }) => [`\`${id}\``, `\`${check.id}\``, summary]);

/** Reference of the build's checks, with their reasons. */
export const checksPage = (): string =>
  [
    '# Checks',
    '',
    'What `npm run build` demands of every definition, generated from `src/compile/checks/`. An error writes nothing and ends the build with 1; a warning is shown. `npm run build -- --json` gives findings as data.',
    '',
    markdownTable([
      ['Check', 'Severity', 'Demands', 'Because'],
      ...checks.map(({ id, severity, summary, why }) => [`\`${id}\``, severity, summary, why]),
    ]),
    '',
    '## Rules of expressions and annotations',
    '',
    'Findings of `promql` and `alert-template` carry the id of the rule that was broken. Some are only warnings, where a part of an expression is useless rather than wrong.',
    '',
    markdownTable([['Id', 'Check', 'Finds'], ...checks.flatMap(ruleRows)]),
    '',
    '## promtool',
    '',
    'Where `promtool` is installed (`npm run servers -- --fetch` gets it), it has the last word on the rule files: a finding `promtool` is something that none of the checks above knew.',
    '',
  ].join('\n');
