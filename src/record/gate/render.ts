import { type Check, exitCodes, type Report, type Verdict } from './verdict.ts';

const words: Readonly<Record<Report['question'], Readonly<Record<Verdict, string>>>> = {
  stay: {
    pass: 'may stay',
    fail: 'must not stay',
    inconclusive: 'cannot be judged yet',
    error: 'cannot be judged: not everything could be asked',
  },
  deploy: {
    pass: 'may be deployed to',
    fail: 'must not be deployed to',
    inconclusive: 'cannot be judged yet',
    error: 'cannot be judged: not everything could be asked',
  },
};

/** The answer as one line. */
export function headline({ question, environment, deployment_id, verdict }: Report): string {
  const what = question === 'stay' ? `Deployment ${deployment_id} in ${environment}` : `${environment}`;
  return `${verdict.toUpperCase()}: ${what} ${words[question][verdict]}.`;
}

const header = ['check', 'verdict', 'found', 'demanded'] as const;
const row = ({ name, verdict, found, demanded }: Check): readonly string[] => [
  name,
  verdict,
  found,
  demanded,
];

/** The answer for a terminal. */
export function reportText(report: Report): string {
  const rows = [header, ...report.checks.map(row)];
  const widths = header.map((_, i) => Math.max(...rows.map((cells) => cells[i]!.length)));
  const lines = rows.map((cells) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
  return `${headline(report)}\n\n${lines.join('\n')}\n`;
}

/** The answer for the summary page of a run. */
export function reportMarkdown(report: Report): string {
  const cells = (texts: readonly string[]): string =>
    `| ${texts.map((text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [
    `### Deployment gate`,
    '',
    headline(report),
    '',
    cells(header),
    cells(header.map(() => '---')),
    ...report.checks.map((check) => cells(row(check))),
    '',
    '',
  ].join('\n');
}

/** The answer for scripts; its shape is an interface. */
export const reportJson = (report: Report): string =>
  `${JSON.stringify({ ...report, exit_code: exitCodes[report.verdict] }, null, 2)}\n`;
