import {
  type DisplayValueAlignmentFactors,
  type FieldDisplay,
  getDisplayValueAlignmentFactors,
} from '@grafana/data';
import {
  defaultOptions,
  type Options,
} from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import {
  BigValue,
  type BigValueColorMode,
  type BigValueGraphMode,
  type BigValueJustifyMode,
  type BigValueTextMode,
  VizRepeater,
} from '@grafana/ui';
import { Linked } from './linked.tsx';
import { displayValues, singleDefaults } from './single.ts';
import type { PanelKind, ViewProps } from './types.ts';

interface OneProps {
  readonly props: ViewProps<Options>;
  readonly value: FieldDisplay;
  readonly width: number;
  readonly height: number;
  readonly alignment: DisplayValueAlignmentFactors;
  readonly count: number;
}

function One({ props, value, width, height, alignment, count }: OneProps) {
  const { options, theme } = props;
  const big = (
    <BigValue
      value={value.display}
      count={count}
      sparkline={value.sparkline}
      colorMode={options.colorMode as unknown as BigValueColorMode}
      graphMode={options.graphMode as unknown as BigValueGraphMode}
      justifyMode={options.justifyMode as unknown as BigValueJustifyMode}
      textMode={options.textMode as unknown as BigValueTextMode}
      percentChangeColorMode={options.percentChangeColorMode}
      disableWideLayout={!options.wideLayout}
      alignmentFactors={alignment}
      text={options.text}
      width={width}
      height={height}
      theme={theme}
      hasLinks={value.hasLinks}
    />
  );
  return <Linked value={value}>{big}</Linked>;
}

function Stat(props: ViewProps<Options>) {
  const { options, frames, width, height } = props;
  const getValues = () =>
    displayValues(props, {
      sparkline: options.graphMode !== 'none',
      percentChange: options.showPercentChange,
    });
  return (
    <VizRepeater
      getValues={getValues}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      source={frames}
      width={width}
      height={height}
      renderCounter={0}
      autoGrid
      orientation={options.orientation}
      renderValue={({ alignmentFactors, ...one }) => (
        <One props={props} alignment={alignmentFactors} {...one} />
      )}
    />
  );
}

/** Numbers in large letters. */
export const stat: PanelKind<Options> = {
  options: { ...singleDefaults, ...defaultOptions },
  drawsNoData: true,
  view: Stat,
};
