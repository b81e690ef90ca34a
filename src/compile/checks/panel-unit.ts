import type { MetricDefinition } from '../../metrics/index.ts';
import type { Check, Found, LocatedPanel } from './check.ts';
import { treeOf } from './tree.ts';
import { unitOf } from './unit-of.ts';

type Unit = MetricDefinition['unit'];

/** Grafana's units that say what a number is, and the units of the catalogue that it may be. */
const shownAs: Readonly<Record<string, readonly Unit[]>> = {
  percentunit: ['ratio', 'boolean'],
  percent: ['percent'],
  s: ['seconds'],
  dthms: ['seconds'],
  ms: ['milliseconds'],
  m: [],
  min: [],
  bytes: ['bytes'],
  decbytes: ['bytes'],
  // Milliseconds since 1970, which no metric is in.
  dateTimeAsIso: [],
  dateTimeFromNow: [],
};
const allowedBy = (unit: string): readonly Unit[] | undefined =>
  unit.startsWith('currency') ? ['currency'] : shownAs[unit.replace(/^suffix: ?/, '')];

/** Whether all that a panel asks is shown in its own unit, as it was answered. */
const isPlain = ({ panel }: LocatedPanel): boolean =>
  (panel.transformations ?? []).length === 0 &&
  !(panel.fieldConfig?.overrides ?? []).some(({ properties }) => properties.some(({ id }) => id === 'unit'));

export const panelUnitFits: Check = {
  id: 'panel-unit-fits',
  severity: 'error',
  summary: 'A panel shows numbers in the unit in which they are.',
  why: 'Ninety seconds that are shown as 90 ms, or 0.9 as 0.9 %, mislead without looking wrong.',
  *run(view): Iterable<Found> {
    const plain = new Set(view.panels.filter(isPlain).map(({ placed }) => placed));
    for (const expression of view.expressions) {
      const { usage, place, file } = expression;
      if (usage.kind !== 'panel' || !plain.has(usage.panel)) continue;
      const shown = usage.panel.panel.fieldConfig?.defaults.unit ?? '';
      const allowed = allowedBy(shown);
      const tree = allowed && treeOf(expression, view);
      const unit = tree && unitOf(tree, (name) => view.metrics[name]?.unit);
      if (unit && !allowed.includes(unit))
        yield {
          summary: `It answers ${unit}, and the panel shows "${shown}".`,
          place,
          file,
          fix: 'Set the unit in which the numbers are, or convert them: times(…), binary(…).',
        };
    }
  },
};
