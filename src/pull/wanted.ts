import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { isRecord } from '../lib/shapes.ts';

/** A value that was changed in Grafana, by the name that it has in a definition. */
export interface Wanted {
  /** Property of the definition: `unit`. */
  readonly key: string;
  readonly before: string | number;
  readonly after: string | number;
}

const isValue = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number';

/** A property, when both sides have it and differ in it. */
const changedValue = (key: string, before: unknown, after: unknown): Wanted[] =>
  isValue(before) && isValue(after) && before !== after ? [{ key, before, after }] : [];

/** Grafana shows in one description the two properties of a definition: what the panel shows, and why it may be empty. */
const descriptionOf = (panel: Panel): string => (panel.description ?? '').split('\n\n**')[0] ?? '';

const record = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});
const records = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.map(record) : [];

/** Thresholds that only have other numbers or colours; one more or one fewer is no change of a value. */
function steps(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Wanted[] {
  const [from, to] = [before, after].map((defaults) => records(record(defaults.thresholds).steps));
  if (from === undefined || to === undefined || from.length !== to.length) return [];
  return from.flatMap((step, i) => [
    ...changedValue('thresholds', step.value, to[i]?.value),
    ...changedValue('thresholds', step.color, to[i]?.color),
  ]);
}

/** The queries' legends; expressions are made by code, and are told in words. */
function legends(before: Panel, after: Panel): Wanted[] {
  const others = records(after.targets);
  return records(before.targets).flatMap((target) => {
    const other = others.find(({ refId }) => refId === target.refId);
    return changedValue('legend', target.legendFormat, other?.legendFormat);
  });
}

/** Values of a panel that a definition may hold as they are. */
export function panelValues(before: Panel, after: Panel): Wanted[] {
  const [from, to] = [before, after].map((panel) => record(panel.fieldConfig?.defaults));
  return [
    ...changedValue('title', before.title, after.title),
    ...changedValue('description', descriptionOf(before), descriptionOf(after)),
    ...changedValue('width', before.gridPos?.w, after.gridPos?.w),
    ...changedValue('height', before.gridPos?.h, after.gridPos?.h),
    ...changedValue('timeFrom', before.timeFrom, after.timeFrom),
    ...changedValue('interval', before.interval, after.interval),
    ...changedValue('maxDataPoints', before.maxDataPoints, after.maxDataPoints),
    ...(['unit', 'decimals', 'min', 'max'] as const).flatMap((key) =>
      changedValue(key, from?.[key], to?.[key]),
    ),
    ...changedValue('noData', from?.noValue, to?.noValue),
    ...steps(from ?? {}, to ?? {}),
    ...legends(before, after),
  ];
}

/** Values of a dashboard itself that a definition may hold as they are. */
export const dashboardValues = (before: Dashboard, after: Dashboard): Wanted[] => [
  ...changedValue('title', before.title, after.title),
  ...changedValue('description', before.description, after.description),
  ...changedValue('refresh', before.refresh, after.refresh),
  ...changedValue('timezone', before.timezone, after.timezone),
  ...changedValue('from', before.time?.from, after.time?.from),
];
