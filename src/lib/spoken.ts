/** Numbers as texts say them, so that a text names the number that the rule beside it uses. */

/** Lengths of time that have a name of their own. */
const named = new Map([
  [900, 'a quarter of an hour'],
  [1_800, 'half an hour'],
  [3_600, 'an hour'],
  [60, 'a minute'],
  [1, 'a second'],
]);

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
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
  'twenty',
] as const;

/** "two", "ten", "40". */
export const spokenCount = (count: number): string => words[count] ?? String(count);

type Unit = 'day' | 'hour' | 'minute' | 'second';
const units: readonly (readonly [Unit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** The largest unit in which the seconds are a whole number, and how many of it. Two days stay 48 hours. */
function inUnit(seconds: number): readonly [number, Unit] {
  const [unit, length] = units.find(([, one]) => seconds % one === 0) ?? (['second', 1] as const);
  return [seconds / length, unit];
}

const said = (count: number | string, unit: string): string =>
  `${count} ${unit}${count === 1 || count === 'one' ? '' : 's'}`;

/** "ten minutes", "90 seconds". */
export const spoken = (seconds: number): string => {
  const name = named.get(seconds);
  if (name !== undefined) return name;
  const [count, unit] = inUnit(seconds);
  return said(spokenCount(count), unit);
};

/** "quarter of an hour", "ten minutes": after "the" or "the last". */
export const spokenSpan = (seconds: number): string => spoken(seconds).replace(/^an? /, '');

/** "10 minutes". */
export const spokenDigits = (seconds: number): string => said(...inUnit(seconds));

/** "twice", "three times". */
export const spokenTimes = (factor: number): string =>
  factor === 2 ? 'twice' : `${spokenCount(factor)} times`;

/** "95 %", "99.5 %". */
export const percentText = (share: number): string => `${Number((share * 100).toFixed(3))} %`;

/** "Two deployments": the first letter in capitals. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "p95": the quantile that a share of events is below. */
export const quantileText = (share: number): string => `p${Number((share * 100).toFixed(3))}`;
