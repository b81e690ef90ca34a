import { type DashboardCursorSync, EventBusSrv, type GrafanaTheme2 } from '@grafana/data';
import { useEffect, useMemo, useRef, useState } from 'react';
import { closedRows, type GridPos, layout, type Placed, panelKey } from '../../../src/panels/index.ts';
import { PanelFrame } from './PanelFrame.tsx';
import { RowHeader } from './RowHeader.tsx';
import { useBusy } from './ready.ts';
import type { Loaded } from './useDashboard.ts';

/** Grafana's grid: rows of 30 px with 8 px between, 24 columns; below this width panels stand under each other. */
const cell = 30;
const gap = 8;
const narrowBelow = 769;

interface Props {
  readonly loaded: Loaded;
  readonly theme: GrafanaTheme2;
  /** Opens every row. */
  readonly expand: boolean;
  readonly onZoom: (from: number, to: number) => void;
}

function useWidth(): readonly [React.RefObject<HTMLDivElement | null>, number] {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!ref.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}

/** A place of the grid in pixels; rounded, so that text and lines stay sharp. */
function boxOf(
  { x, y, w, h }: GridPos,
  width: number,
): { left: number; top: number; width: number; height: number } {
  const column = (width - 23 * gap) / 24;
  const left = Math.round(x * (column + gap));
  const right = Math.round((x + w) * (column + gap) - gap);
  return { left, top: y * (cell + gap), width: right - left, height: h * (cell + gap) - gap };
}

function useClosedRows(
  { dashboard }: Loaded,
  expand: boolean,
): readonly [ReadonlySet<string>, (key: string) => void] {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const closed = useMemo(() => {
    const initial = expand ? new Set<string>() : closedRows(dashboard);
    return new Set([...initial, ...toggled].filter((id) => initial.has(id) !== toggled.has(id)));
  }, [dashboard, expand, toggled]);
  const toggle = (id: string): void =>
    setToggled((old) => new Set(old.has(id) ? [...old].filter((one) => one !== id) : [...old, id]));
  return [closed, toggle];
}

/** Panels and rows at their places. */
export function Grid({ loaded, theme, expand, onZoom }: Props) {
  const [ref, width] = useWidth();
  const [closed, toggle] = useClosedRows(loaded, expand);
  // Panels tell for themselves that they are busy when they mount: until then the grid is.
  useBusy('grid', width === 0);
  const bus = useMemo(() => new EventBusSrv(), []);
  const { dashboard, around } = loaded;
  const placed = layout(dashboard, closed, width < narrowBelow);
  const bottom = placed.reduce((lowest, { pos }) => Math.max(lowest, pos.y + pos.h), 0);
  const sync = (dashboard.graphTooltip ?? 0) as DashboardCursorSync;
  const draw = ({ panel, pos }: Placed) => {
    const box = boxOf(pos, width);
    const key = panelKey(panel);
    return (
      <div key={`${panel.type} ${key}`} className="preview-place" style={box} data-panel-id={key}>
        {panel.type === 'row' ? (
          <RowHeader row={panel} around={around} closed={closed.has(key)} onToggle={() => toggle(key)} />
        ) : (
          <PanelFrame
            {...{ panel, loaded, theme, bus, sync, onZoom }}
            width={box.width}
            height={box.height}
          />
        )}
      </div>
    );
  };
  return (
    <div ref={ref} className="preview-grid" style={{ height: bottom * (cell + gap) }}>
      {width > 0 ? placed.map(draw) : null}
    </div>
  );
}
