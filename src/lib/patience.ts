/** A server that asks for more patience than this is left alone: a person waits for the answer. */
export const longestWaitMs = 60_000;

const baseDelayMs = 500;

/** Milliseconds of a `Retry-After` header (seconds or a date); undefined without one. @param now Unix milliseconds */
export function retryAfterMs(header: string | null | undefined, now: number): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * Milliseconds to wait before the next attempt: as long as the server asks for, else twice as long each time, with
 * jitter. Undefined when it asks for too much.
 * @param attempt attempts made so far, from 1
 * @param random a number in [0, 1)
 */
export function waitBefore(attempt: number, asked: number | undefined, random: number): number | undefined {
  if (asked !== undefined) return asked > longestWaitMs ? undefined : asked;
  return baseDelayMs * 2 ** (attempt - 1) * (0.5 + random / 2);
}

/** Whether a code of the system means that the server's certificate is not trusted, which does not pass. */
export const isCertificateError = (code: string): boolean =>
  /CERT|TLS|SELF_SIGNED|LEAF_SIGNATURE|UNABLE_TO_VERIFY/.test(code);
