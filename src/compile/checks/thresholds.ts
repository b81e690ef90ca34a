import type { Threshold } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Check, LocatedPanel } from './check.ts';

const overrideSteps = ({ panel }: LocatedPanel): Threshold[][] =>
  (panel.fieldConfig?.overrides ?? []).flatMap((o) =>
    o.properties
      .filter((p) => p.id === 'thresholds')
      .map((p) => ((p.value as { steps?: Threshold[] } | undefined)?.steps ?? []) as Threshold[]),
  );

function problem(steps: readonly Threshold[]): string | undefined {
  if (steps.length === 0) return undefined;
  if (steps[0]?.value !== null) return `The first threshold is ${steps[0]?.value} and not the base (null).`;
  const values = steps.slice(1).map((s) => s.value);
  if (values.some((value) => value === null)) return 'Only the first threshold may be the base (null).';
  const wrong = values.findIndex((value, i) => i > 0 && (value ?? 0) <= (values[i - 1] ?? 0));
  return wrong === -1 ? undefined : `Threshold ${values[wrong]} comes after ${values[wrong - 1]}.`;
}

export const thresholdsOrder: Check = {
  id: 'thresholds-order',
  severity: 'error',
  summary: 'Thresholds begin with the base and rise.',
  why: 'Grafana takes the last one that is passed; out of order, a colour is never shown, or always.',
  *run({ panels }) {
    for (const located of panels)
      for (const steps of [
        located.panel.fieldConfig?.defaults.thresholds?.steps ?? [],
        ...overrideSteps(located),
      ]) {
        const summary = problem(steps);
        if (summary)
          yield { summary, place: located.place, file: located.file, fix: 'Order them from low to high.' };
      }
  },
};

/** The highest value that a panel can show. */
function topOf({ panel }: LocatedPanel): number {
  const { unit, max } = panel.fieldConfig?.defaults ?? {};
  return max ?? (unit === 'percentunit' ? 1 : unit === 'percent' ? 100 : Number.POSITIVE_INFINITY);
}

export const thresholdsReached: Check = {
  id: 'thresholds-reached',
  severity: 'error',
  summary: 'A threshold lies below the top of its panel: its max, 1 for a share, 100 for a percentage.',
  why: 'Its colour is never shown: a share of 0.97 stays below 95.',
  *run({ panels }) {
    for (const located of panels) {
      const top = topOf(located);
      const steps = located.panel.fieldConfig?.defaults.thresholds?.steps ?? [];
      const above = steps.find(({ value }) => (value ?? 0) > top);
      if (above)
        yield {
          summary: `The threshold ${above.value} is above ${top}, the top of the panel.`,
          place: located.place,
          file: located.file,
          fix: 'Lower it, or set the max that the panel needs.',
        };
    }
  },
};
