import type { Check, LocatedExpression } from './check.ts';
import { resultLabels } from './tree.ts';

/** Texts in which `{{label}}` stands for a label of the result. */
function textsOf({ usage }: LocatedExpression): readonly string[] {
  if (usage.kind === 'panel') return [usage.legend];
  return usage.kind === 'annotation' ? usage.texts : [];
}

/** Labels that a text asks for, and where. */
const asked = (text: string): { name: string; from: number; to: number }[] =>
  [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((m) => ({
    name: m[1] ?? '',
    from: m.index,
    to: m.index + m[0].length,
  }));

export const legendLabel: Check = {
  id: 'legend-label',
  severity: 'error',
  summary: 'Legends and annotations name only labels that the expression’s result has.',
  why: 'A label that was aggregated away is shown as nothing.',
  *run(view) {
    for (const expression of view.expressions)
      for (const text of textsOf(expression)) {
        const names = asked(text);
        const labels = names.length > 0 ? resultLabels(expression, view) : undefined;
        if (!labels) continue;
        const known = [...labels].filter((label) => label !== '__name__').sort();
        for (const { name, from, to } of names)
          if (!labels.has(name))
            yield {
              summary: `The result has no label ${name}; it has ${known.join(', ') || 'none'}.`,
              place: expression.place,
              file: expression.file,
              fix: 'Name one of those, or keep the label in the expression.',
              source: { text, from, to },
            };
      }
  },
};
