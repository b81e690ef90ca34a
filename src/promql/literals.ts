const units = { y: 31_536_000_000, w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

const durationPattern = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** The longest duration that Prometheus can hold: 2^63 nanoseconds, in milliseconds. */
const longest = 9_223_372_036_854;

/** Milliseconds of a duration such as `1h30m`; undefined when it is none, or longer than 292 years. */
export function parseDuration(text: string): number | undefined {
  const match = durationPattern.exec(text);
  if (!match || text === '') return undefined;
  const total = Object.values(units).reduce((sum, unit, i) => sum + Number(match[i + 1] ?? 0) * unit, 0);
  return total > longest ? undefined : total;
}

/** A duration as Prometheus prints it: 90s is 1m30s; years and weeks only when nothing is left over. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  if (milliseconds < 0) return `-${formatDuration(-milliseconds)}`;
  let rest = milliseconds;
  let text = '';
  for (const [unit, size] of Object.entries(units)) {
    if ((unit === 'y' || unit === 'w') && rest % size !== 0) continue;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}

/** A number literal without sign: decimal, `0x` hexadecimal, leading-zero octal, `Inf`, `NaN`. */
export function parseNumber(text: string): number {
  const plain = text.replaceAll('_', '').toLowerCase();
  if (plain === 'inf') return Number.POSITIVE_INFINITY;
  if (plain === 'nan') return Number.NaN;
  if (/^0[0-7]+$/.test(plain)) return Number.parseInt(plain, 8);
  return Number(plain);
}

/** Whether a literal of the grammar's number token is a duration, `5m`, rather than a number. */
export const isDuration = (text: string): boolean => /^\d.*[ywdhms]$/.test(text) && !/^0x/i.test(text);

/** A number as Prometheus prints it: never with an exponent. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const text = String(value);
  return text.includes('e') ? withoutExponent(text) : text;
}

function withoutExponent(text: string): string {
  const [mantissa = '', exponent = '0'] = text.split('e');
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}
