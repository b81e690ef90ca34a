import { dateTime, isDateTime, type RawTimeRange, type TimeRange } from '@grafana/data';
import { TimeRangePicker } from '@grafana/ui';
import type { TimeSpan } from '../../../src/panels/index.ts';

interface Props {
  readonly span: TimeSpan;
  readonly onChange: (time: { from: string; to: string }) => void;
}

/** A time as addresses write it. */
const written = (time: RawTimeRange['from']): string => (isDateTime(time) ? String(time.valueOf()) : time);

/** Chooses the time range, with Grafana's own picker. */
export function TimePicker({ span, onChange }: Props) {
  const { from, to, raw } = span;
  const relative = raw.from.startsWith('now') || raw.to.startsWith('now');
  const value: TimeRange = {
    from: dateTime(from),
    to: dateTime(to),
    raw: relative ? { ...raw } : { from: dateTime(from), to: dateTime(to) },
  };
  const length = to - from;
  const show = (start: number, end: number): void =>
    onChange({ from: String(Math.round(start)), to: String(Math.round(end)) });
  return (
    <TimeRangePicker
      value={value}
      timeZone="utc"
      onChange={(range) => onChange({ from: written(range.raw.from), to: written(range.raw.to) })}
      onChangeTimeZone={() => undefined}
      onMoveBackward={() => show(from - length / 2, to - length / 2)}
      onMoveForward={() => show(from + length / 2, to + length / 2)}
      onZoom={() => show(from - length / 2, to + length / 2)}
      isOnCanvas
    />
  );
}
