import type { Threshold, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { MappingType, SpecialValueMatch } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  currencyMark,
  gateHindsight,
  gateVerdicts,
  outcomes,
  rollbackReasons,
  stageStatuses,
} from '../metrics/index.ts';

/**
 * Meaning of colours, everywhere. A panel is dark or white, as its reader chose: all but `warning` and `skipped` can be
 * read as small text on both (WCAG AA, 4.5:1). No yellow can: this one is for areas and large numbers (3:1), and small
 * text that is neither good nor bad is `neutral`.
 */
export const colour = {
  good: 'semi-dark-green',
  warning: '#A97B00',
  bad: 'red',
  running: 'blue',
  neutral: 'text',
  skipped: 'gray',
  unknown: 'purple',
} as const;

/** The unit of money; the pipeline's currency is put in when something is built. */
export const currencyUnit = currencyMark;

/** Units as Grafana names them. */
export type GrafanaUnit =
  | 'bytes'
  | 'decbytes'
  | 'percentunit'
  | 'percent'
  | 's'
  | 'ms'
  | 'm'
  | 'dthms'
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

/**
 * Threshold steps that judge a number: below the lowest that it can be, and where there is no number, nothing is judged.
 * @param lowest the least value that it can have
 */
export const graded = (
  lowest: number,
  first: string,
  ...rest: readonly (readonly [value: number, color: string])[]
): Threshold[] => steps(colour.neutral, [lowest, first], ...rest);

/** A word in place of an address that no column is wide enough for. */
export const openMapping = (text: string): ValueMapping => ({
  type: MappingType.RegexToText,
  options: { pattern: '.+', result: { text, index: 0 } },
});

/** "6 of 6" as good, anything less as bad, and none as neither. */
export const checkMappings: ValueMapping[] = [
  {
    type: MappingType.SpecialValue,
    options: { match: SpecialValueMatch.Null, result: { text: '–', color: colour.neutral, index: 2 } },
  },
  {
    type: MappingType.RegexToText,
    options: { pattern: '^(\\d+) of \\1$', result: { text: '✓ $1 of $1', color: colour.good, index: 0 } },
  },
  {
    type: MappingType.RegexToText,
    options: { pattern: '^(\\d+ of \\d+)$', result: { text: '✗ $1', color: colour.bad, index: 1 } },
  },
];

interface Look {
  readonly text: string;
  readonly color: string;
}
/** Codes as coloured words. */
export const codeMapping = <N extends string>(
  codes: Readonly<Record<N, number>>,
  look: (name: N) => Look,
): ValueMapping[] => [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries<number>(codes).map(([name, code], index) => [
        String(code),
        { ...look(name as N), index },
      ]),
    ),
  },
];

const words = (name: string): string => name.replaceAll('_', ' ');
/** Beside the word, for readers who cannot tell red from green. */
const signs: Readonly<Record<string, string>> = {
  running: '▶',
  success: '✓',
  failure: '✗',
  rolled_back: '↩',
  abandoned: '?',
  cancelled: '–',
};
const outcomeColours: Readonly<Record<string, string>> = {
  running: colour.running,
  success: colour.good,
  failure: colour.bad,
  rolled_back: colour.bad,
  abandoned: colour.unknown,
  cancelled: colour.neutral,
};
const statusColours: Readonly<Record<string, string>> = {
  running: colour.running,
  success: colour.good,
  skipped: colour.neutral,
  cancelled: colour.neutral,
  failure: colour.bad,
};

/** Outcome codes as coloured words. */
export const outcomeMappings: ValueMapping[] = codeMapping(outcomes, (name) => ({
  text: `${signs[name] ?? ''} ${words(name)}`,
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

/** Codes as coloured words, a look for each. */
export const lookMapping = <N extends string>(
  codes: Readonly<Record<N, number>>,
  looks: Readonly<Record<N, Look>>,
): ValueMapping[] => codeMapping(codes, (name) => looks[name]);

/** Answers of the gate as coloured words. */
export const gateMappings = lookMapping(gateVerdicts, {
  pass: { text: 'passed', color: colour.good },
  fail: { text: '✗ refused', color: colour.bad },
  inconclusive: { text: 'could not say', color: colour.neutral },
  error: { text: 'could not ask', color: colour.neutral },
  would_pass: { text: 'would have passed', color: colour.good },
  would_fail: { text: '✗ would have refused', color: colour.bad },
  would_inconclusive: { text: 'could not say', color: colour.neutral },
  would_error: { text: 'could not ask', color: colour.neutral },
});
/** Who was right in the end, as coloured words. */
export const hindsightMappings = lookMapping(gateHindsight, {
  open: { text: 'not known yet', color: colour.neutral },
  right: { text: '✓ right: it went wrong', color: colour.good },
  false_alarm: { text: '✗ false alarm: it went well', color: colour.neutral },
  missed: { text: '✗ missed: it went wrong', color: colour.bad },
  refused: { text: 'refused in earnest', color: colour.neutral },
});
