import { projectPath } from '../../lib/root.ts';
import { markdownTable } from '../../lib/terminal.ts';
import { burnsAs, burnWindows, factorOf, leastBadDeployments, type Objective } from '../../slo/index.ts';

const percent = (ratio: number): string => `${Number((ratio * 100).toFixed(4))} %`;

/** Events of a month that may fail, in words. */
const allowance = (o: Objective): string =>
  o.objective === 1
    ? 'none'
    : `1, or ${percent(1 - o.objective)} of the month’s events where that is more (of 100: ${Math.max(1, Math.round((1 - o.objective) * 100))}, of 1,000: ${Math.round((1 - o.objective) * 1_000)})`;

function burnTable(o: Objective): string {
  const own = burnWindows.filter((w) => burnsAs(o, w.severity));
  if (own.length === 0) return 'No burn alerts: every bad event is said at once.';
  return markdownTable([
    ['Alert', 'Long window', 'Short window', 'Burn rate', 'At least'],
    ...own.map((w) => [
      w.severity,
      w.long,
      w.short,
      `${factorOf(w)}×`,
      `${leastBadDeployments[w.severity]} deployments gone wrong`,
    ]),
  ]);
}

const section = (o: Objective): string =>
  [
    `## ${o.title}`,
    '',
    `${o.question} Defined in \`${projectPath(o.source)}\`.`,
    '',
    markdownTable([
      ['', ''],
      ['Objective', `${o.text} (${percent(o.objective)})`],
      ['SLA', o.agreement ? `${o.agreement.text}. ${o.agreement.consequence}` : 'none'],
      ['Events', o.indicator.events],
      ['Good', o.indicator.good],
      ['May fail', allowance(o)],
      ['Budget', o.budget.text],
    ]),
    '',
    burnTable(o),
    '',
  ].join('\n');

/** The page of all SLOs: what is promised, how it is counted, and what follows when it is not kept. */
export const slosPage = (objectives: readonly Objective[]): string =>
  [
    '# Service level objectives',
    '',
    'Generated from `slo/`. Windows are calendar months (UTC): on the first everything begins anew. Shown on the dashboard `deployment-slo`; as OpenSLO in `generated/openslo/`.',
    '',
    ...objectives.map(section),
  ].join('\n');
