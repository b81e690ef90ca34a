import { type FieldDisplay, formattedValueToString, type GrafanaTheme2, ThresholdsMode } from '@grafana/data';
import {
  defaultOptions,
  type Options,
} from '@grafana/schema/dist/esm/raw/composable/gauge/panelcfg/x/GaugePanelCfg_types.gen';
import { calculateFontSize, measureText, VizRepeater } from '@grafana/ui';
import { angleOf, arcFrom, arcPath, arcTo } from '../draw/arc.ts';
import { fit } from '../draw/text.ts';
import { Linked } from './linked.tsx';
import { displayValues, singleDefaults } from './single.ts';
import type { PanelKind, ViewProps } from './types.ts';

interface Step {
  readonly color: string;
  readonly from: number;
  readonly to: number;
}

/** The stretches of the outer ring, in the values of the gauge. */
function thresholdSteps({ field }: FieldDisplay, min: number, max: number, theme: GrafanaTheme2): Step[] {
  const { thresholds } = field;
  const steps = thresholds?.steps ?? [];
  const at = (value: number): number =>
    thresholds?.mode === ThresholdsMode.Percentage ? min + (value / 100) * (max - min) : value;
  const ends = steps.map(({ value }) =>
    Math.min(max, Math.max(min, value === Number.NEGATIVE_INFINITY ? min : at(value))),
  );
  return steps.map(({ color }, i) => ({
    color: theme.visualization.getColorByName(color),
    from: ends[i] ?? min,
    to: ends[i + 1] ?? max,
  }));
}

interface DialProps {
  readonly value: FieldDisplay;
  readonly width: number;
  readonly height: number;
  readonly theme: GrafanaTheme2;
  readonly markers: boolean;
  readonly named: boolean;
}

/** Sizes of a dial in pixels. */
interface Measures {
  readonly cx: number;
  readonly cy: number;
  readonly radius: number;
  /** Width of the ring of thresholds; 0 for none. */
  readonly ring: number;
  /** Width and radius of the arc. */
  readonly thick: number;
  readonly inner: number;
  readonly titleSize: number;
}

function measuresOf({ width, height, markers }: DialProps, title: string): Measures {
  const titleSize = title === '' ? 0 : Math.max(10, Math.min(16, height * 0.11));
  const radius = Math.max(10, Math.min(width / 2 - 4, (height - titleSize - 4) / 1.52));
  const ring = markers ? Math.max(2, radius * 0.05) : 0;
  const thick = Math.max(4, radius * 0.22);
  const inner = radius - ring - 2 - thick / 2;
  const cy = (height - titleSize - radius * 1.5) / 2 + radius;
  return { cx: width / 2, cy, radius, ring, thick, inner, titleSize };
}

interface ArcProps {
  readonly measures: Measures;
  readonly value: FieldDisplay;
  readonly theme: GrafanaTheme2;
}

const range = ({ field }: FieldDisplay): [number, number] => [field.min ?? 0, field.max ?? 100];

/** The arc of the value, and the track that it runs on. */
function ValueArc({ measures, value, theme }: ArcProps) {
  const { cx, cy, inner, thick } = measures;
  const { numeric, color } = value.display;
  const end = Number.isFinite(numeric) ? angleOf(numeric, ...range(value)) : arcFrom;
  const common = { strokeWidth: thick, fill: 'none' };
  return (
    <>
      <path {...common} d={arcPath(cx, cy, inner, arcFrom, arcTo)} stroke={theme.colors.action.hover} />
      {end > arcFrom ? <path {...common} d={arcPath(cx, cy, inner, arcFrom, end)} stroke={color} /> : null}
    </>
  );
}

/** The colours of the thresholds around the arc. */
function ThresholdRing({ measures, value, theme }: ArcProps) {
  const { cx, cy, radius, ring } = measures;
  const [min, max] = range(value);
  if (ring === 0) return null;
  return thresholdSteps(value, min, max, theme)
    .filter((step) => step.to > step.from)
    .map((step) => {
      const [from, to] = [angleOf(step.from, min, max), angleOf(step.to, min, max)];
      const d = arcPath(cx, cy, radius - ring / 2, from, to);
      return (
        <path key={`${step.from} ${step.color}`} d={d} stroke={step.color} strokeWidth={ring} fill="none" />
      );
    });
}

function Dial(props: DialProps) {
  const { value, width, height, theme, named } = props;
  const { display } = value;
  const text = formattedValueToString(display);
  const title = named ? (display.title ?? '') : '';
  const measures = measuresOf(props, title);
  const { cx, cy, inner, radius, titleSize } = measures;
  const neutral = theme.colors.text.primary;
  const size = calculateFontSize(text, inner * 1.5, inner * 0.8, 1, 60);
  const color = Number.isFinite(display.numeric) ? display.color : neutral;
  const centred = { x: cx, textAnchor: 'middle' as const };
  return (
    <svg width={width} height={height} role="img" aria-label={[title, text].filter(Boolean).join(': ')}>
      <ValueArc {...{ measures, value, theme }} />
      <ThresholdRing {...{ measures, value, theme }} />
      <text {...centred} y={cy} dominantBaseline="central" fontSize={size} fontWeight={500} fill={color}>
        {text}
      </text>
      {title === '' ? null : (
        <text {...centred} y={cy + radius * 0.5 + titleSize} fontSize={titleSize} fill={neutral}>
          {fit(title, width, (words) => measureText(words, titleSize).width)}
        </text>
      )}
    </svg>
  );
}

function GaugePanel(props: ViewProps<Options>) {
  const { options, frames, width, height, theme } = props;
  return (
    <VizRepeater
      getValues={() => displayValues(props)}
      source={frames}
      width={width}
      height={height}
      renderCounter={0}
      autoGrid
      orientation={options.orientation}
      renderValue={({ value, width: w, height: h, count }) => (
        <Linked value={value}>
          <Dial
            value={value}
            width={w}
            height={h}
            theme={theme}
            markers={options.showThresholdMarkers}
            named={count > 1 && options.textMode !== 'value'}
          />
        </Linked>
      )}
    />
  );
}

/** A dial for each value. */
export const gauge: PanelKind<Options> = {
  options: { ...singleDefaults, ...defaultOptions },
  drawsNoData: true,
  approximate:
    'Gauge drawn by the preview: value, colour and thresholds are the data’s, the shape of Grafana’s differs.',
  view: GaugePanel,
};
