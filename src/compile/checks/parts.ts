import { alertProblems } from '../../alerts/index.ts';
import { projectPath } from '../../lib/root.ts';
import type { Problem } from '../../pipeline/index.ts';
import { objectiveProblems } from '../../slo/index.ts';
import { alertFile, alertGroup } from '../alerts/rules.ts';
import type { Check, Found, Location } from './check.ts';
import { metricProblems } from './metric-shape.ts';

function* found(problems: readonly Problem[], { place, file }: Location): Iterable<Found> {
  for (const { place: part, problem, fix } of problems)
    yield { summary: `${part}: ${problem}`, place: [...place, part], file, fix: fix || 'Correct it.' };
}

const fileOf = (source: unknown, otherwise: string): string =>
  typeof source === 'string' && source !== '' ? projectPath(source) : otherwise;

export const alertParts: Check = {
  id: 'alert-parts',
  severity: 'error',
  summary:
    'An alert has all its parts: the reason of its hold, its sentences, its runbook, and examples both ways.',
  why: 'Rules, tests and the runbook are made from them; an alert without one is in none of these.',
  *run({ allFamilies }) {
    for (const { alerts, source } of allFamilies)
      for (const alert of alerts)
        yield* found(alertProblems(alert), {
          place: [`${alertFile}.yml`, alertGroup, String(alert?.name ?? 'an alert')],
          file: fileOf(source, 'alerts/index.ts'),
        });
  },
};

export const objectiveParts: Check = {
  id: 'objective-parts',
  severity: 'error',
  summary: 'An SLO has all its parts: what it counts, its objective, its budget and its burn alerts.',
  why: 'Recording rules, alerts, the dashboard and OpenSLO are made from them.',
  *run({ allObjectives }) {
    const ids = allObjectives.map((objective) => objective?.id);
    for (const objective of allObjectives) {
      const at = {
        place: ['objectives', String(objective?.id ?? 'an SLO')],
        file: fileOf(objective?.source, 'slo/index.ts'),
      };
      const { budget } = objective;
      yield* found(objectiveProblems(objective), at);
      if (budget?.kind === 'tied' && budget.to && !ids.includes(budget.to))
        yield {
          ...at,
          summary: `Its budget is tied to "${budget.to}", and there is no such SLO.`,
          fix: `Use one of ${ids.filter((id) => id !== objective.id).join(', ')}.`,
        };
    }
  },
};

export const metricParts: Check = {
  id: 'metric-parts',
  severity: 'error',
  summary:
    'A metric of the catalogue has a type, a unit, a help text, labels and who emits it, of the known sorts.',
  why: 'Panels take their unit from it, expressions their labels, and the doctor whom to ask when it is missing.',
  *run({ allMetrics }) {
    for (const [name, definition] of Object.entries(allMetrics))
      yield* found(metricProblems(definition), {
        place: ['catalogue', name],
        file: 'src/metrics/catalogue.ts',
      });
  },
};
