import { barchart } from './barchart.tsx';
import { bargauge } from './bargauge.tsx';
import { gauge } from './gauge.tsx';
import { heatmap } from './heatmap.tsx';
import { stat } from './stat.tsx';
import { stateTimeline } from './stateTimeline.tsx';
import { tablePanel } from './table.tsx';
import { text } from './text.tsx';
import { timeseries } from './timeseries.tsx';
import type { AnyKind } from './types.ts';

/** Every type of panel that the preview can draw, by its id in dashboards. */
export const kinds: Readonly<Record<string, AnyKind>> = {
  barchart,
  bargauge,
  gauge,
  heatmap,
  stat,
  'state-timeline': stateTimeline,
  table: tablePanel,
  text,
  timeseries,
};
