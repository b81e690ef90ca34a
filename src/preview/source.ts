import type { Prometheus, Series } from '../lib/prometheus.ts';
import {
  type Answer,
  type Ask,
  decodeResult,
  type QueryRequest,
  type QueryResult,
  requestKey,
} from '../panels/index.ts';
import type { Recording } from './recording.ts';

/** Where the preview's numbers come from. */
export interface Source {
  readonly kind: 'live' | 'recording';
  /** What the page says of it. Never an address with credentials. */
  readonly label: string;
  /** Unix milliseconds that count as now. */
  readonly now: () => number;
  /** Now stays where it is, and asking again answers the same. */
  readonly frozen: boolean;
  readonly ask: Ask;
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

async function askPrometheus(prometheus: Prometheus, request: QueryRequest): Promise<QueryResult> {
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

/** Asks a Prometheus. Its credentials stay in this process. */
export function liveSource(prometheus: Prometheus, label: string, at?: number): Source {
  return {
    kind: 'live',
    label,
    now: () => at ?? Date.now(),
    frozen: at !== undefined,
    ask: async (request): Promise<Answer> => {
      try {
        return { ok: true, result: await askPrometheus(prometheus, request) };
      } catch (error) {
        return { ok: false, error: (error as Error).message };
      }
    },
  };
}

/** Said in a panel whose query nobody recorded. */
export const notRecorded =
  'Not in the recording: this query, time range or choice was not recorded. Use --prometheus URL, or record again.';

/** Replays recordings; what the first does not hold is looked up in the next. */
export function recordedSource(recordings: readonly [Recording, ...Recording[]]): Source {
  const answers = new Map(
    [...recordings].reverse().flatMap((r) => r.responses.map((one) => [requestKey(one.request), one.result])),
  );
  const [{ time }] = recordings;
  return {
    kind: 'recording',
    label: `recording of ${new Date(time * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    now: () => time * 1_000,
    frozen: true,
    ask: async (request): Promise<Answer> => {
      const found = answers.get(requestKey(request));
      return found ? { ok: true, result: decodeResult(found) } : { ok: false, error: notRecorded };
    },
  };
}
