import { HttpFailure } from '../lib/http.ts';
import { PrometheusError } from '../lib/prometheus.ts';

/** Prometheus answers with at most 11,000 points a series; and fewer at once keep it from timing out. */
const most = 2_000;

/** A proxy's or a server's time is up, or it may not load so much: less at once may be answered. */
const tooMuch = (error: unknown): boolean =>
  (error instanceof HttpFailure && error.kind === 'timeout') ||
  (error instanceof PrometheusError &&
    (error.status === 503 ||
      error.status === 504 ||
      /timed? ?out|too many samples|11,000 points|maximum resolution/i.test(error.message)));

/**
 * Asks for a time in pieces that the server allows: of a piece that is too much for it, and of all that follow, half.
 * @param ask is given the first and the last moment of a piece
 * @throws what `ask` throws when it is another reason, or when a single moment is too much
 */
export async function inPieces(
  { from, to, step }: { readonly from: number; readonly to: number; readonly step: number },
  ask: (start: number, end: number) => Promise<void>,
): Promise<void> {
  let size = most;
  for (let start = from; start <= to; ) {
    const left = Math.floor((to - start) / step) + 1;
    const moments = Math.min(size, left);
    try {
      const end = start + (moments - 1) * step;
      await ask(start, end);
      start = end + step;
    } catch (error) {
      if (moments === 1 || !tooMuch(error)) throw error;
      size = Math.floor(moments / 2);
    }
  }
}
