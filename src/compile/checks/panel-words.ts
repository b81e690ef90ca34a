import type { Check, Found, LocatedPanel } from './check.ts';

/** A check of a text that every panel must carry. */
const demands = (
  id: string,
  what: string,
  why: string,
  missing: (located: LocatedPanel) => boolean,
  fix: string,
): Check => ({
  id,
  severity: 'error',
  summary: `Every panel has ${what}.`,
  why,
  *run({ panels }): Iterable<Found> {
    for (const located of panels)
      if (missing(located))
        yield {
          summary: `The panel has no ${what.replace(/^an? /, '')}.`,
          place: located.place,
          file: located.file,
          fix,
        };
  },
});

const blank = (text: string | undefined): boolean => (text ?? '').trim() === '';
const isText = ({ panel }: LocatedPanel): boolean => panel.type === 'text';

export const panelTitle: Check = demands(
  'panel-title',
  'a title',
  'A panel without a title cannot be talked about, and links to it cannot be named.',
  // A strip above all rows has no room for one.
  ({ panel, dashboard, placed }) => blank(panel.title) && dashboard.definition.top !== placed.row,
  'Give it a title.',
);

export const panelDescription: Check = demands(
  'panel-description',
  'a description',
  'Who is woken at night has to know what the number means and how it is counted.',
  ({ panel }) => blank(panel.description),
  'Say what the number means, in the definition’s description.',
);

export const panelUnit: Check = demands(
  'panel-unit',
  'a unit',
  'A number without a unit is misread.',
  (located) => !isText(located) && blank(located.panel.fieldConfig?.defaults.unit),
  'Set unit; "none" for words and plain counts.',
);

export const panelNoData: Check = demands(
  'panel-no-data',
  'a text for no data',
  'A blank panel does not say whether all is well or nothing is measured.',
  (located) => !isText(located) && blank(located.panel.fieldConfig?.defaults.noValue),
  'Set noData: what is missing, and who emits it.',
);
