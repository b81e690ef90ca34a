import type { Check, LocatedPanel } from './check.ts';
import { targetsOf } from './targets.ts';

interface Override {
  readonly matcher: { readonly id: string; readonly options?: unknown };
}

/** Why an override applies to nothing; undefined where it may. */
function problem({ matcher }: Override, references: readonly string[]): string | undefined {
  const name = String(matcher.options);
  if (matcher.id === 'byFrameRefID')
    return references.includes(name) ? undefined : `The panel has no query "${name}".`;
  if (matcher.id !== 'byRegexp') return undefined;
  try {
    RegExp(name);
    return undefined;
  } catch {
    return `"${name}" is no regular expression.`;
  }
}

const referencesOf = ({ panel }: LocatedPanel): string[] => targetsOf(panel).map(({ refId }) => refId ?? '');

export const overrideUnknown: Check = {
  id: 'override-unknown',
  severity: 'error',
  summary: 'An override names a query of its panel, or a regular expression that can be read.',
  why: 'Grafana applies it to nothing: unit, colour and links of that series are those of all others.',
  *run({ panels }) {
    for (const located of panels)
      for (const override of (located.panel.fieldConfig?.overrides ?? []) as Override[]) {
        const summary = problem(override, referencesOf(located));
        if (summary) yield { summary, place: located.place, file: located.file, fix: 'Correct its name.' };
      }
  },
};

export const panelScale: Check = {
  id: 'panel-scale',
  severity: 'error',
  summary: 'The lower end of a panel’s scale is below the upper one.',
  why: 'Grafana then chooses a scale of its own, and bars and dials mean something else.',
  *run({ panels }) {
    for (const { panel, place, file } of panels) {
      const { min, max } = panel.fieldConfig?.defaults ?? {};
      if (typeof min === 'number' && typeof max === 'number' && min >= max)
        yield { summary: `min is ${min} and max ${max}.`, place, file, fix: 'Swap or correct them.' };
    }
  },
};
