import type { LegendPlacement, VizLegendOptions } from '@grafana/schema';
import { Pagination, VizLayout, VizLegend, type VizLegendItem } from '@grafana/ui';
import { type ReactNode, useState } from 'react';

const pagerHeight = 36;

interface PagedProps<T> {
  readonly rows: readonly T[];
  readonly perPage: number;
  readonly height: number;
  readonly children: (rows: readonly T[], height: number) => ReactNode;
}

/** So many rows at a time, with a pager below when there are more. */
export function Paged<T>({ rows, perPage, height, children }: PagedProps<T>) {
  const [page, setPage] = useState(1);
  const pages = Math.max(1, Math.ceil(rows.length / perPage));
  const current = Math.min(page, pages);
  if (pages === 1) return children(rows, height);
  return (
    <>
      {children(rows.slice((current - 1) * perPage, current * perPage), height - pagerHeight)}
      <div className="preview-pager">
        <Pagination currentPage={current} numberOfPages={pages} onNavigate={setPage} showSmallVersion />
      </div>
    </>
  );
}

interface LegendProps {
  readonly width: number;
  readonly height: number;
  readonly options: VizLegendOptions | undefined;
  readonly items: VizLegendItem[];
  readonly children: (width: number, height: number) => ReactNode;
}

/** A drawing with Grafana's legend below or beside it. */
export function WithLegend({ width, height, options, items, children }: LegendProps) {
  const placement = options?.placement ?? ('bottom' as LegendPlacement);
  const legend =
    options?.showLegend !== false && items.length > 0 ? (
      <VizLayout.Legend placement={placement}>
        <VizLegend placement={placement} items={items} displayMode={options?.displayMode} readonly />
      </VizLayout.Legend>
    ) : null;
  return (
    <VizLayout width={width} height={height} legend={legend}>
      {(w: number, h: number) => <>{children(w, h)}</>}
    </VizLayout>
  );
}
