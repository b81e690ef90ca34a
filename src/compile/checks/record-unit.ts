import type { Check, Found } from './check.ts';
import { treeOf } from './tree.ts';
import { unitOf } from './unit-of.ts';

/** Units in which a result may be recorded beside its own: a yes or no is also how many there were. */
const alsoFits: Readonly<Record<string, readonly string[]>> = {
  boolean: ['count', 'ratio'],
  none: ['boolean', 'count'],
};

export const recordUnit: Check = {
  id: 'record-unit',
  severity: 'error',
  summary: 'A rule records values of the unit that the catalogue declares.',
  why: 'Panels write the unit behind the number: seconds that are shown as a share mislead without looking wrong.',
  *run(view): Iterable<Found> {
    for (const expression of view.expressions) {
      const { usage, place, file } = expression;
      const tree =
        usage.kind === 'rule' && usage.rule.kind === 'record' ? treeOf(expression, view) : undefined;
      if (!tree || usage.kind !== 'rule' || usage.rule.kind !== 'record') continue;
      const declared = view.metrics[usage.rule.record]?.unit;
      const unit = unitOf(tree, (name) => view.metrics[name]?.unit);
      if (!declared || !unit || unit === declared || alsoFits[unit]?.includes(declared)) continue;
      yield {
        summary: `It records ${unit}, and the catalogue says that ${usage.rule.record} is ${declared}.`,
        place,
        file,
        fix: 'Record what the catalogue says, or correct the unit there.',
      };
    }
  },
};
