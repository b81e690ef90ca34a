import type { Prometheus } from '../lib/prometheus.ts';
import { type Answer, type Ask, asking, decodeResult, requestKey } from '../panels/index.ts';
import type { Recording } from './recording.ts';

/** Where the preview's numbers come from. */
export interface Source {
  readonly kind: 'live' | 'recording';
  /** Its name on the page. Never an address with credentials. */
  readonly label: string;
  /** Unix milliseconds that count as now. */
  readonly now: () => number;
  /** Now stays where it is, and asking again answers the same. */
  readonly frozen: boolean;
  readonly ask: Ask;
}

/** Asks a Prometheus. Its credentials stay in this process. */
export function liveSource(prometheus: Prometheus, label: string, at?: number): Source {
  return {
    kind: 'live',
    label,
    now: () => at ?? Date.now(),
    frozen: at !== undefined,
    ask: asking(prometheus),
  };
}

/** Text of a panel whose query is not in the recording. */
export const notRecorded =
  'Not in the recording: this query, time range or choice was not recorded. Use --prometheus URL, or record again.';

const nowhere: Ask = async () => ({ ok: false, error: notRecorded });

/**
 * Replays recordings; what the first does not hold is looked up in the next.
 * @param otherwise answers what none of them holds
 */
export function recordedSource(
  recordings: readonly [Recording, ...Recording[]],
  otherwise: Ask = nowhere,
): Source {
  const answers = new Map(
    [...recordings].reverse().flatMap((r) => r.responses.map((one) => [requestKey(one.request), one.result])),
  );
  const [{ time }] = recordings;
  return {
    kind: 'recording',
    label: `recording of ${new Date(time * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    now: () => time * 1_000,
    frozen: true,
    ask: async (request): Promise<Answer> => {
      const found = answers.get(requestKey(request));
      return found ? { ok: true, result: decodeResult(found) } : await otherwise(request);
    },
  };
}
