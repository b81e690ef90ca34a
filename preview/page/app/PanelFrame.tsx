import {
  type DashboardCursorSync,
  dateTime,
  type EventBus,
  type GrafanaTheme2,
  LoadingState,
  type TimeRange,
} from '@grafana/data';
import {
  ErrorBoundaryAlert,
  PanelChrome,
  type PanelContext,
  PanelContextProvider,
  Tooltip,
} from '@grafana/ui';
import { useMemo, useState } from 'react';
import { type Panel, panelKey, spanOf, type TimeSpan } from '../../../src/panels/index.ts';
import { kinds } from '../panels/kinds.ts';
import type { AnyKind, ViewProps } from '../panels/types.ts';
import { AsTable } from './AsTable.tsx';
import { NoData } from './NoData.tsx';
import { PanelMenu } from './PanelMenu.tsx';
import type { Loaded } from './useDashboard.ts';
import { type PanelData, usePanelData } from './usePanelData.ts';

interface Props {
  readonly panel: Panel;
  readonly loaded: Loaded;
  readonly theme: GrafanaTheme2;
  readonly bus: EventBus;
  readonly sync: DashboardCursorSync;
  readonly width: number;
  readonly height: number;
  readonly onZoom: (from: number, to: number) => void;
}

function timeRange({ from, to, raw }: TimeSpan): TimeRange {
  return { from: dateTime(from), to: dateTime(to), raw: { ...raw } };
}

/** Small signs beside a panel's title. */
function Badges({ panel, kind }: { panel: Panel; kind: AnyKind | undefined }) {
  return (
    <>
      {panel.timeFrom ? <span className="preview-badge">Last {panel.timeFrom}</span> : null}
      {kind?.approximate ? (
        <Tooltip content={kind.approximate}>
          <button type="button" className="preview-badge" aria-label={kind.approximate}>
            ≈
          </button>
        </Tooltip>
      ) : null}
    </>
  );
}

interface BodyProps extends Omit<Props, 'loaded'> {
  readonly kind: AnyKind | undefined;
  readonly data: PanelData;
  readonly range: TimeRange;
  readonly marks: ViewProps<unknown>['marks'];
  readonly title: string;
  readonly asTable: boolean;
}

function Body({ kind, data, asTable, panel, ...rest }: BodyProps) {
  const { prepared, config, replace } = data;
  if (!kind)
    return <div className="preview-centre">The preview cannot draw panels of type “{panel.type}”.</div>;
  if (!prepared) return null;
  const { frames, errors } = prepared;
  const empty = frames.every((frame) => frame.length === 0);
  if (empty && errors.length > 0 && !(kind === kinds.text))
    return (
      <div className="preview-centre preview-error" role="alert">
        {errors.join('\n')}
      </div>
    );
  if (asTable) return <AsTable frames={frames} height={rest.height} title={rest.title} />;
  if (empty && !kind.drawsNoData) return <NoData fieldConfig={config.fieldConfig} />;
  const View = kind.view as (props: ViewProps<unknown>) => React.ReactNode;
  const props = { ...rest, ...config, frames, replace, timeZone: 'utc' };
  return <View {...props} />;
}

type ScopedBus = EventBus & {
  readonly newScopedBus: (key: string, filter: { onlyLocal: boolean }) => EventBus;
};

/** Context that Grafana's drawings need of the panel around them: where to report the mouse. */
function usePanelContext(panel: Panel, bus: EventBus, sync: DashboardCursorSync): PanelContext {
  return useMemo(() => {
    const eventBus = (bus as ScopedBus).newScopedBus(`panel-${panelKey(panel)}`, { onlyLocal: false });
    return { eventsScope: '__global_', eventBus, sync: () => sync };
  }, [panel, bus, sync]);
}

/** A panel with its title, its signs and its menu. */
export function PanelFrame({ panel, loaded, theme, bus, sync, width, height, onZoom }: Props) {
  const kind = kinds[panel.type];
  const data = usePanelData(panel, kind, loaded.around, theme);
  const [asTable, setAsTable] = useState(false);
  const context = usePanelContext(panel, bus, sync);
  const range = useMemo(() => timeRange(spanOf(panel, loaded.around.span)), [panel, loaded.around]);
  const title = data.replace(panel.title ?? '', undefined, 'text');
  const errors = data.prepared?.errors ?? [];
  const onTable = panel.type === 'text' ? undefined : setAsTable;
  const body = { kind, data, asTable, panel, theme, sync, onZoom, range, title, marks: loaded.marks };
  return (
    <PanelContextProvider value={context}>
      <PanelChrome
        title={title}
        hoverHeader={title.trim() === ''}
        description={panel.description ? () => data.replace(panel.description ?? '', undefined, 'html') : ''}
        width={width}
        height={height}
        padding={asTable ? 'none' : (kind?.padding ?? 'md')}
        displayMode={panel.transparent ? 'transparent' : 'default'}
        titleItems={<Badges panel={panel} kind={kind} />}
        menu={<PanelMenu {...{ panel, asTable, onTable }} replace={data.replace} />}
        loadingState={data.loading ? LoadingState.Loading : LoadingState.Done}
        statusMessage={errors.length > 0 ? errors.join('\n') : undefined}
      >
        {(innerWidth, innerHeight) => (
          <ErrorBoundaryAlert>
            {data.prepared ? <span data-drawn hidden /> : null}
            <Body {...body} bus={context.eventBus} width={innerWidth} height={innerHeight} />
          </ErrorBoundaryAlert>
        )}
      </PanelChrome>
    </PanelContextProvider>
  );
}
