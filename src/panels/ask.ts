import type { Answer, Ask, Labels, QueryRequest, QueryResult } from './query.ts';

interface Series {
  readonly labels: Labels;
  readonly points: readonly (readonly [time: number, value: number])[];
}

/** The part of a Prometheus client that panels need; written out so that a browser can import this room. Times are Unix seconds. */
export interface QueryServer {
  query(expr: string, time?: number): Promise<readonly { readonly labels: Labels; readonly value: number }[]>;
  queryRange(expr: string, start: number, end: number, step: number): Promise<readonly Series[]>;
  get<T>(path: string, query: Record<string, string>): Promise<T>;
}

/** Values on the grid of a range query, with gaps where Prometheus sent nothing. */
function onGrid(series: Series, { start, end, step }: { start: number; end: number; step: number }) {
  const length = Math.floor((end - start) / step + 1e-9) + 1;
  const values: (number | null)[] = Array(length).fill(null);
  for (const [time, value] of series.points) {
    const i = Math.round((time - start) / step);
    if (i >= 0 && i < length) values[i] = value;
  }
  return { labels: series.labels, values };
}

async function answer(prometheus: QueryServer, request: QueryRequest): Promise<QueryResult> {
  switch (request.kind) {
    case 'instant': {
      const samples = await prometheus.query(request.expr, request.time);
      return { kind: 'instant', samples: samples.map(({ labels, value }) => ({ labels, value })) };
    }
    case 'range': {
      const { start, end, step } = request;
      const series = await prometheus.queryRange(request.expr, start, end, step);
      return { kind: 'range', start, step, series: series.map((one) => onGrid(one, request)) };
    }
    case 'labelValues': {
      const { label, match, start, end } = request;
      const values = await prometheus.get<string[]>(`api/v1/label/${encodeURIComponent(label)}/values`, {
        start: String(start),
        end: String(end),
        ...(match !== '' && { 'match[]': match }),
      });
      return { kind: 'labelValues', values };
    }
  }
}

/** Asks a Prometheus, and turns a failure into an answer. */
export const asking =
  (prometheus: QueryServer): Ask =>
  async (request): Promise<Answer> => {
    try {
      return { ok: true, result: await answer(prometheus, request) };
    } catch (error) {
      return { ok: false, error: (error as Error).message };
    }
  };
