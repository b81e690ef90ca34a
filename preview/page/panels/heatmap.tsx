import {
  dateTimeFormat,
  FieldType,
  formattedValueToString,
  type GrafanaTheme2,
  getValueFormat,
} from '@grafana/data';
import {
  defaultOptions,
  type Options,
} from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import { VizTooltipColorIndicator } from '@grafana/ui';
import * as schemes from 'd3-scale-chromatic';
import { NoData } from '../app/NoData.tsx';
import { type TimeGeometry, TimeGrid } from './timeGrid.tsx';
import type { PanelKind, ViewProps } from './types.ts';

/** Counts by bucket (lowest first) and time. */
interface Buckets {
  readonly times: readonly number[];
  readonly names: readonly string[];
  readonly counts: readonly (readonly (number | null)[])[];
}

function bucketsOf({ frames }: ViewProps<Options>): Buckets | undefined {
  const frame = frames[0];
  const time = frame?.fields.find((f) => f.type === FieldType.time);
  const numbers = frame?.fields.filter((f) => f.type === FieldType.number) ?? [];
  if (!time || numbers.length === 0) return undefined;
  return {
    times: time.values as number[],
    names: numbers.map((f) => f.config.displayName ?? f.config.displayNameFromDS ?? f.name),
    counts: numbers.map((f) => f.values as (number | null)[]),
  };
}

/** A bucket's upper bound in the unit of the axis. */
function boundText(name: string, { yAxis }: Options): string {
  const value = Number(name === '+Inf' ? Number.POSITIVE_INFINITY : name);
  if (Number.isNaN(value)) return name;
  return Number.isFinite(value)
    ? formattedValueToString(getValueFormat(yAxis?.unit ?? 'short')(value, yAxis?.decimals))
    : '+Inf';
}

/** Schemes whose pale end would glare on a dark page, as Grafana turns them around. */
const diverging =
  /^(BrBG|PRGn|PiYG|PuOr|RdBu|RdGy|RdYlBu|RdYlGn|Spectral|Rainbow|Sinebow|Turbo|Cividis|Viridis|Magma|Inferno|Plasma)$/;

/** The colour of a share (0..1) of the highest count. */
function colorsOf({ color }: Options, theme: GrafanaTheme2): (share: number) => string {
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: the dashboard names the scheme
  const paint = schemes[`interpolate${color.scheme}` as keyof typeof schemes] as unknown;
  const named = typeof paint === 'function' ? (paint as (t: number) => string) : schemes.interpolateOranges;
  const turned = color.reverse !== (theme.isDark && !diverging.test(color.scheme));
  return (share) => {
    const scaled = share ** (color.exponent ?? 0.5);
    return named(turned ? 1 - scaled : scaled);
  };
}

interface CellsProps {
  readonly buckets: Buckets;
  readonly props: ViewProps<Options>;
  readonly geometry: TimeGeometry;
}

const stepOf = ({ times }: Buckets): number =>
  Math.min(...times.slice(1).map((time, i) => time - (times[i] ?? 0)), Number.POSITIVE_INFINITY);

function Cells({ buckets, props, geometry }: CellsProps) {
  const { options, theme, range } = props;
  const { times, counts } = buckets;
  const step = Number.isFinite(stepOf(buckets)) ? stepOf(buckets) : range.to.valueOf() - range.from.valueOf();
  const most = Math.max(0, ...counts.flat().map((count) => count ?? 0));
  const least = options.filterValues?.le ?? 1e-9;
  const color = colorsOf(options, theme);
  const gap = options.cellGap ?? 1;
  return counts.map((row, bucket) =>
    row.map((count, i) => {
      if (count === null || count <= least) return null;
      const end = times[i] ?? 0;
      const left = Math.max(geometry.left, geometry.x(end - step));
      const right = Math.min(geometry.right, geometry.x(end));
      const y = geometry.top(counts.length - 1 - bucket);
      return (
        <rect
          key={`${bucket} ${end}`}
          x={left}
          y={y + gap / 2}
          width={Math.max(0.5, right - left - gap)}
          height={Math.max(0.5, geometry.band - gap)}
          fill={color(count / most)}
        />
      );
    }),
  );
}

function Heatmap(props: ViewProps<Options>) {
  const { options, fieldConfig, timeZone, theme } = props;
  if (options.calculate)
    return <div className="preview-centre">The preview draws heatmaps of ready-made buckets only.</div>;
  const buckets = bucketsOf(props);
  if (!buckets) return <NoData fieldConfig={fieldConfig} />;
  const labels = buckets.names.map((name) => boundText(name, options)).reverse();
  const format = getValueFormat(options.cellValues?.unit ?? 'short');
  const describe = (row: number, at: number) => {
    const bucket = buckets.counts.length - 1 - row;
    const i = buckets.times.findIndex((time) => time >= at);
    const count = buckets.counts[bucket]?.[i];
    if (count === null || count === undefined) return undefined;
    return {
      title: dateTimeFormat(buckets.times[i] ?? 0, { timeZone }),
      items: [
        {
          label: `≤ ${labels[row]}`,
          value: formattedValueToString(format(count, options.cellValues?.decimals)),
          color: colorsOf(options, theme)(1),
          colorIndicator: VizTooltipColorIndicator.value,
        },
      ],
    };
  };
  return (
    <TimeGrid view={props} labels={labels} describe={describe}>
      {(geometry) => <Cells buckets={buckets} props={props} geometry={geometry} />}
    </TimeGrid>
  );
}

/** Counts of a histogram's buckets over time. */
export const heatmap: PanelKind<Options> = {
  options: { ...defaultOptions, yAxis: {} } as unknown as Partial<Options>,
  approximate:
    'Heatmap drawn by the preview: counts and buckets are the data’s; Grafana’s shows a colour scale too.',
  view: Heatmap,
};
