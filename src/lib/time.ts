const isoWithZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;

/**
 * A point in time in milliseconds since 1970, from Unix seconds or ISO 8601 with a time zone; undefined when it is
 * neither. Numbers that can only be milliseconds are refused instead of being a date in the year 50,000.
 */
export function parseTime(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) {
    const seconds = Number(text);
    return seconds < 1e11 ? Math.round(seconds * 1000) : undefined;
  }
  if (!isoWithZone.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
