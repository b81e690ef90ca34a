import { getDisplayValueAlignmentFactors } from '@grafana/data';
import {
  defaultOptions,
  type Options,
} from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import { BarGauge, VizRepeater } from '@grafana/ui';
import { Linked } from './linked.tsx';
import { displayValues, singleDefaults } from './single.ts';
import type { PanelKind, ViewProps } from './types.ts';

function BarGaugePanel(props: ViewProps<Options>) {
  const { options, frames, theme, width, height } = props;
  const spacing = options.displayMode === 'lcd' ? 2 : 10;
  return (
    <VizRepeater
      getValues={() => displayValues(props)}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      source={frames}
      width={width}
      height={height}
      renderCounter={0}
      orientation={options.orientation}
      itemSpacing={spacing}
      minVizWidth={options.minVizWidth}
      minVizHeight={options.minVizHeight}
      maxVizHeight={options.maxVizHeight}
      renderValue={({ value, orientation, alignmentFactors, width: w, height: h }) => {
        const bar = (
          <BarGauge
            value={value.display}
            width={w}
            height={h}
            orientation={orientation}
            field={value.field}
            text={options.text}
            display={value.view?.getFieldDisplayProcessor(value.colIndex ?? 0) ?? undefined}
            theme={theme}
            itemSpacing={spacing}
            lcdCellWidth={orientation === 'vertical' ? 12 : 8}
            displayMode={options.displayMode}
            alignmentFactors={alignmentFactors}
            showUnfilled={options.showUnfilled}
            valueDisplayMode={options.valueMode}
            namePlacement={options.namePlacement}
          />
        );
        return <Linked value={value}>{bar}</Linked>;
      }}
    />
  );
}

/** Horizontal or vertical bars, one for each value. */
export const bargauge: PanelKind<Options> = {
  options: { ...singleDefaults, ...defaultOptions },
  drawsNoData: true,
  view: BarGaugePanel,
};
