import type { Threshold, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import { currencyMark, errorTypes, outcomes, rollbackReasons, stageStatuses } from '../metrics/index.ts';

/** What colours mean, everywhere. */
export const colour = {
  good: 'green',
  warning: 'yellow',
  bad: 'red',
  running: 'blue',
  neutral: 'text',
  skipped: 'gray',
  abandoned: 'semi-dark-orange',
} as const;

/** The unit of money; the pipeline's currency is put in when something is built. */
export const currencyUnit = currencyMark;

/** Units as Grafana names them. */
export type GrafanaUnit =
  | 'percentunit'
  | 'percent'
  | 's'
  | 'ms'
  | 'short'
  | 'none'
  | typeof currencyUnit
  | 'dateTimeAsIso'
  | 'dateTimeFromNow'
  | 'reqps'
  | 'string'
  | 'bool'
  | `suffix:${string}`;

/** Threshold steps: the first colour from minus infinity on, then each from its value on. */
export const steps = (
  first: string,
  ...rest: readonly (readonly [value: number, color: string])[]
): Threshold[] => [{ color: first, value: null }, ...rest.map(([value, color]) => ({ color, value }))];

/** Codes as coloured words. */
export const codeMapping = (
  codes: Readonly<Record<string, number>>,
  look: (name: string) => { text: string; color: string },
): ValueMapping[] => [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(codes).map(([name, code], index) => [String(code), { ...look(name), index }]),
    ),
  },
];

const words = (name: string): string => name.replaceAll('_', ' ');
const outcomeColours: Readonly<Record<string, string>> = {
  running: colour.running,
  success: colour.good,
  failure: colour.bad,
  rolled_back: colour.bad,
  abandoned: colour.abandoned,
  cancelled: colour.skipped,
};
const statusColours: Readonly<Record<string, string>> = {
  running: colour.running,
  success: colour.good,
  skipped: colour.skipped,
  cancelled: colour.skipped,
  failure: colour.bad,
};

/** Outcome codes as coloured words. */
export const outcomeMappings: ValueMapping[] = codeMapping(outcomes, (name) => ({
  text: words(name),
  color: outcomeColours[name] ?? colour.neutral,
}));
/** Stage status codes as coloured words. */
export const statusMappings: ValueMapping[] = codeMapping(stageStatuses, (name) => ({
  text: words(name),
  color: statusColours[name] ?? colour.neutral,
}));
/** Rollback reason codes as words. */
export const reasonMappings: ValueMapping[] = codeMapping(rollbackReasons, (name) => ({
  text: name === 'none' ? '' : words(name),
  color: name === 'none' ? colour.neutral : colour.bad,
}));
/** Error type codes as words. */
export const errorMappings: ValueMapping[] = codeMapping(errorTypes, (name) => ({
  text: name === 'none' ? '' : words(name),
  color: colour.bad,
}));
