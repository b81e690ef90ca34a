import { UserError } from '../lib/errors.ts';

/** Options of the demo. */
export interface DemoOptions {
  readonly seed: number;
  /** Days of deployments that lie behind it when it begins; 0 for none. */
  readonly days: number;
  readonly perDay: number;
  /** Seconds from one new deployment to the next, on average. */
  readonly every: number;
  /** How many times faster than life the new deployments go on. */
  readonly speed: number;
  readonly json: boolean;
}

/** An option that must be a number. */
interface Range {
  readonly min: number;
  readonly max: number;
  readonly whole?: true;
}

const ranges = {
  seed: { min: 0, max: 2 ** 31, whole: true },
  days: { min: 0, max: 35, whole: true },
  'per-day': { min: 1, max: 100 },
  every: { min: 5, max: 86_400 },
  speed: { min: 1, max: 30 },
} as const satisfies Record<string, Range>;

/**
 * The options as numbers.
 * @throws UserError naming everything that is no number or out of range
 */
export function demoOptions(
  given: Record<keyof typeof ranges, string> & { readonly json: boolean },
): DemoOptions {
  const problems: string[] = [];
  const read = (name: keyof typeof ranges): number => {
    const { min, max, whole }: Range = ranges[name];
    const text = given[name];
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!(value >= min && value <= max) || (whole && !Number.isInteger(value)))
      problems.push(`--${name} "${text}" is no ${whole ? 'whole number' : 'number'} from ${min} to ${max}.`);
    return value;
  };
  const options = {
    seed: read('seed'),
    days: read('days'),
    perDay: read('per-day'),
    every: read('every'),
    speed: read('speed'),
    json: given.json,
  };
  if (problems.length > 0) throw new UserError(problems.join('\n'), 'See: npm run demo -- --help');
  return options;
}
