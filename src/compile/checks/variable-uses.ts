import type { BuiltDashboard } from '../../dashboards/index.ts';
import type { Check, Found, Location, View } from './check.ts';
import { unknownVariables, variableNames } from './variable-text.ts';

/** A text that Grafana fills in, other than queries and links, which have their own checks. */
interface LocatedText extends Location {
  readonly dashboard: BuiltDashboard;
  readonly text: string;
}

function* textsOf({ rows, panels, dashboards }: View): Iterable<LocatedText> {
  for (const located of rows) yield { ...located, text: located.row.title };
  for (const { panel, ...located } of panels) {
    const { content = '' } = (panel.options ?? {}) as { content?: string };
    const words = [panel.title, panel.description, panel.fieldConfig?.defaults.noValue, content];
    for (const text of words) if (text && typeof text === 'string') yield { ...located, text };
  }
  for (const located of dashboards)
    for (const { name, title, text = '' } of located.dashboard.definition.annotations)
      for (const words of [title, text])
        yield { ...located, place: [...located.place, 'annotations', name], text: words };
}

export const textVariable: Check = {
  id: 'text-variable',
  severity: 'error',
  summary: 'Titles, descriptions, texts and annotations use only variables that the dashboard has.',
  why: 'Grafana leaves an unknown variable as it is, and people read a dollar sign.',
  *run(view): Iterable<Found> {
    for (const { dashboard, text, place, file } of textsOf(view))
      for (const { name, from, to } of unknownVariables(text, variableNames(dashboard)))
        yield {
          summary: `The dashboard declares no variable ${name}.`,
          place,
          file,
          fix: 'Declare it, or fix its name.',
          source: { text, from, to },
        };
  },
};

export const repeatVariable: Check = {
  id: 'repeat-variable',
  severity: 'error',
  summary: 'Rows and panels are repeated for a variable that the dashboard has.',
  why: 'Grafana shows them once, for no value at all.',
  *run({ rows, panels }): Iterable<Found> {
    const repeating = [
      ...rows.map((located) => ({ ...located, repeat: located.row.repeat })),
      ...panels.map((located) => ({ ...located, repeat: located.panel.repeat })),
    ];
    for (const { repeat, dashboard, place, file } of repeating)
      if (repeat && !variableNames(dashboard).has(repeat))
        yield {
          summary: `It is repeated for ${repeat}, which the dashboard does not declare.`,
          place,
          file,
          fix: 'Name a variable of the dashboard.',
        };
  },
};
