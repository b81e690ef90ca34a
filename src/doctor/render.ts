import { findingText } from '../lib/finding.ts';
import { paint } from '../lib/terminal.ts';
import { counted } from '../lib/words.ts';
import type { Finding, Report, Severity, Step } from './model.ts';

const order: readonly Severity[] = ['error', 'warning', 'note'];

const indented = (finding: Finding): string => findingText(finding).replaceAll(/^/gm, '  ');

function stepText({ title, seen, findings }: Step): string {
  const worst = order.find((severity) => findings.some((f) => f.severity === severity));
  const mark =
    worst === 'error' ? paint('✗', 'red') : worst === 'warning' ? paint('!', 'yellow') : paint('✓', 'green');
  const sorted = [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  return [`${mark} ${paint(title, 'bold')}  ${seen}`, ...sorted.map(indented)].join('\n');
}

/** The report as a person reads it. */
export function reportText({ healthy, steps }: Report): string {
  const all = steps.flatMap(({ findings }) => findings);
  const number = (severity: Severity): number => all.filter((f) => f.severity === severity).length;
  const verdict = healthy
    ? `Telemetry flows${number('warning') > 0 ? `, with ${counted(number('warning'), 'warning')}` : ''}.`
    : `Telemetry does not flow: ${counted(number('error'), 'error')}, ${counted(number('warning'), 'warning')}. Fix the first one first.`;
  return `${steps.map(stepText).join('\n')}\n\n${verdict}`;
}
