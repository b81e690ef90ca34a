import { inOneUnit } from '../lib/duration.ts';
import {
  firstOf,
  formatVariable,
  interpolate,
  type Resolve,
  resolveFrom,
  type Values,
} from './interpolate.ts';
import { rateIntervalMs } from './step.ts';
import type { TimeSpan } from './time.ts';

/** Context of the built-in variables. */
export interface Surroundings {
  readonly span: TimeSpan;
  readonly values: Values;
  readonly dashboard: { readonly uid: string; readonly title: string };
  readonly timeZone?: string;
  /** Milliseconds that the reader's clock is ahead of UTC; default 0. */
  readonly utcOffsetMs?: number;
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** A time in the format after `date`: ISO by default, `seconds`, or a pattern such as `YYYY-MM-DD HH:mm:ss`; in UTC. */
function dateText(ms: number, format: string | undefined): string {
  const date = new Date(ms);
  if (format === undefined || format === '' || format === 'iso') return date.toISOString();
  if (format === 'seconds') return String(Math.floor(ms / 1_000));
  const parts: Readonly<Record<string, string>> = {
    YYYY: String(date.getUTCFullYear()),
    MM: pad(date.getUTCMonth() + 1),
    DD: pad(date.getUTCDate()),
    HH: pad(date.getUTCHours()),
    mm: pad(date.getUTCMinutes()),
    ss: pad(date.getUTCSeconds()),
  };
  return format.replace(/YYYY|MM|DD|HH|mm|ss/g, (token) => parts[token] ?? token);
}

const timeIn = (ms: number, format: string | undefined): string =>
  format?.startsWith('date') ? dateText(ms, format.slice('date:'.length)) : String(ms);

/** Variables of the time range, the dashboard and the person, which need no panel. */
export const surroundingsOf =
  ({ span, values, dashboard, timeZone = 'utc' }: Surroundings): Resolve =>
  (name, path, format) => {
    switch (name) {
      case '__from':
        return timeIn(span.from, format);
      case '__to':
        return timeIn(span.to, format);
      case '__url_time_range':
        return `from=${encodeURIComponent(span.raw.from)}&to=${encodeURIComponent(span.raw.to)}`;
      case '__all_variables':
        return Object.entries(values)
          .map(([key, value]) => formatVariable(key, value, 'queryparam'))
          .join('&');
      case '__dashboard':
        return path === '.uid' ? dashboard.uid : dashboard.title;
      case '__org':
        return path === '.id' ? '1' : 'Main Org.';
      case '__user':
        return path === '.id' ? '1' : 'preview';
      case '__timezone':
      case 'timezone':
        return timeZone;
      case '__range':
        return `${Math.round((span.to - span.from) / 1_000)}s`;
      case '__range_s':
        return String(Math.round((span.to - span.from) / 1_000));
      case '__range_ms':
        return String(span.to - span.from);
      default:
        return undefined;
    }
  };

/** `$__interval` and its relatives, which depend on the panel and the query. */
export const intervalsOf =
  (stepMs: number, target: { readonly interval?: string } = {}): Resolve =>
  (name) => {
    switch (name) {
      case '__interval':
        return inOneUnit(stepMs);
      case '__interval_ms':
        return String(stepMs);
      case '__rate_interval':
        return inOneUnit(rateIntervalMs(stepMs, target));
      case '__rate_interval_ms':
        return String(rateIntervalMs(stepMs, target));
      default:
        return undefined;
    }
  };

/** A query's expression as Prometheus gets it. */
export const expressionOf = (expr: string, around: Surroundings, intervals: Resolve): string =>
  interpolate(expr, firstOf(intervals, surroundingsOf(around), resolveFrom(around.values, 'promql')));
