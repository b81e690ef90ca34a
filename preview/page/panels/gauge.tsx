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

function Dial({ value, width, height, theme, markers, named }: DialProps) {
  const { display, field } = value;
  const [min, max] = [field.min ?? 0, field.max ?? 100];
  const text = formattedValueToString(display);
  const title = named ? (display.title ?? '') : '';
  const titleSize = title === '' ? 0 : Math.max(10, Math.min(16, height * 0.11));
  const radius = Math.max(10, Math.min(width / 2 - 4, (height - titleSize - 4) / 1.52));
  const ring = markers ? Math.max(2, radius * 0.05) : 0;
  const thick = Math.max(4, radius * 0.22);
  const inner = radius - ring - 2 - thick / 2;
  const [cx, cy] = [width / 2, (height - titleSize - radius * 1.5) / 2 + radius];
  const size = calculateFontSize(text, inner * 1.5, inner * 0.8, 1, 60);
  const known = Number.isFinite(display.numeric);
  return (
    <svg width={width} height={height} role="img" aria-label={[title, text].filter(Boolean).join(': ')}>
      <path
        d={arcPath(cx, cy, inner, arcFrom, arcTo)}
        stroke={theme.colors.action.hover}
        strokeWidth={thick}
        fill="none"
      />
      {known ? (
        <path
          d={arcPath(cx, cy, inner, arcFrom, angleOf(display.numeric, min, max))}
          stroke={display.color}
          strokeWidth={thick}
          fill="none"
        />
      ) : null}
      {ring > 0
        ? thresholdSteps(value, min, max, theme)
            .filter((step) => step.to > step.from)
            .map((step) => (
              <path
                key={`${step.from} ${step.color}`}
                d={arcPath(
                  cx,
                  cy,
                  radius - ring / 2,
                  angleOf(step.from, min, max),
                  angleOf(step.to, min, max),
                )}
                stroke={step.color}
                strokeWidth={ring}
                fill="none"
              />
            ))
        : null}
      <text
        x={cx}
        y={cy}
        dominantBaseline="central"
        textAnchor="middle"
        fontSize={size}
        fontWeight={500}
        fill={known ? display.color : theme.colors.text.primary}
      >
        {text}
      </text>
      {title === '' ? null : (
        <text
          x={cx}
          y={cy + radius * 0.5 + titleSize}
          textAnchor="middle"
          fontSize={titleSize}
          fill={theme.colors.text.primary}
        >
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
