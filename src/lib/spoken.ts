/** Numbers as texts say them, so that a text names the number that the rule beside it uses. */

const words = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
] as const;

/** "two", "ten", "40". */
export const spokenCount = (count: number): string => words[count] ?? String(count);

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** The largest unit in which the seconds are a whole number, and how many of it. Two days stay 48 hours. */
function inUnit(seconds: number): readonly [number, string] {
  const [unit, length] = units.find(([, one]) => seconds % one === 0 && seconds / one >= 1) ?? ['second', 1];
  return [seconds / length, unit];
}

const said = (count: number | string, unit: string): string =>
  `${count} ${unit}${count === 1 || count === 'one' ? '' : 's'}`;

/** "ten minutes", "90 seconds". */
export const spoken = (seconds: number): string => {
  const [count, unit] = inUnit(seconds);
  return said(spokenCount(count), unit);
};

/** "10 minutes". */
export const spokenDigits = (seconds: number): string => said(...inUnit(seconds));

/** "five-minute", for what lasts that long. */
export const spokenLong = (seconds: number): string => {
  const [count, unit] = inUnit(seconds);
  return `${spokenCount(count)}-${unit}`;
};

/** "95 %", "99.5 %". */
export const percentText = (share: number): string => `${Number((share * 100).toFixed(3))} %`;

/** "Two deployments": the first letter in capitals. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "p95": the quantile that a share of events is below. */
export const quantileText = (share: number): string => `p${Number((share * 100).toFixed(3))}`;
