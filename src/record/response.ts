import { isCertificateError, retryAfterMs } from '../lib/patience.ts';
import type { Redact } from '../lib/redact.ts';
import type { Answer } from './http.ts';
import type { Way } from './way.ts';

/** Result of a push attempt. */
export type Verdict =
  | { readonly kind: 'sent' }
  /** The gateway will never take this; sending it again would be of no use. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Not taken now; `again` says whether another attempt within seconds may help. */
  | { readonly kind: 'later'; readonly reason: string; readonly again: boolean; readonly waitMs?: number };

const isPage = (answer: Answer): boolean =>
  /\btext\/html\b/i.test(answer.headers['content-type'] ?? '') || /^\s*<(!doctype|html)/i.test(answer.body);

/** The gateway's own words, on one line. Half a credential is not recognised, so they are cut afterwards. */
const words = (answer: Answer, clean: Redact): string =>
  isPage(answer) ? '' : clean(answer.body.replace(/\s+/g, ' ').trim()).slice(0, 300);

/** A receiver of remote writes refuses samples that its own clock, or one before, does not allow. */
export const isOutOfTime = ({ status, body }: Answer): boolean =>
  status === 400 && /out of order|out of bounds|too old|too far|duplicate sample/i.test(body);
const clockFix =
  'The clock of a machine that writes this is wrong: synchronise it (NTP), and let the server take samples out of order (out_of_order_time_window: 30m).';

const later = (reason: string, again: boolean, waitMs?: number): Verdict => ({
  kind: 'later',
  reason,
  again,
  ...(waitMs !== undefined && { waitMs }),
});

/** Who answered, for the sentence that says why it was no good. */
export interface Answerer {
  readonly way: Pick<Way, 'prefix' | 'who' | 'server'>;
  readonly base: URL;
  readonly clean: Redact;
}

/**
 * Judges an answer. A good one is 200, 202 or 204 without a body; what can never be taken is answered 400 with the reason.
 * @param expected whether a good answer is empty, as that to a push is, or a list
 */
export function classifyResponse(
  answer: Answer,
  { way, base, clean }: Answerer,
  now: number,
  expected: 'nothing' | 'list' = 'nothing',
): Verdict {
  const gateway = `${way.who} at ${base.host}`;
  const variable = `${way.prefix}_URL`;
  const { status, headers } = answer;
  if (status === 200 || status === 202 || status === 204)
    return classifySuccess(answer, gateway, way, expected);
  const said = words(answer, clean);
  const because = said ? `: ${said}` : '';
  if (status >= 300 && status < 400)
    return later(
      `${gateway} redirects to ${target(headers.location)}; set ${variable} to the address that answers.`,
      false,
    );
  if (status === 401 || status === 403)
    return later(
      `${gateway} refused the credentials (${status}); check ${way.prefix}_USERNAME and ${way.prefix}_PASSWORD, or ${way.prefix}_TOKEN.`,
      false,
    );
  if (status === 404)
    return later(
      `${gateway} knows no such path (404)${because}; ${variable} may lack ${way.prefix === 'REMOTE_WRITE' ? 'its path, such as /api/v1/write' : 'a path prefix'}.`,
      false,
    );
  if (status === 429 || status === 503)
    return later(
      `${gateway} is busy (${status})${because}.`,
      true,
      retryAfterMs(headers['retry-after'], now),
    );
  if (status >= 500 || status === 408 || status === 425)
    return later(`${gateway} failed (${status})${because}.`, true);
  if (status >= 400 && !isPage(answer)) {
    const who = way.prefix === 'PUSHGATEWAY' ? 'The Pushgateway' : way.who;
    const fix = isOutOfTime(answer) ? ` ${clockFix}` : '';
    return {
      kind: 'refused',
      reason: `${who} refused it (${status})${because || ', without a reason'}.${fix}`,
    };
  }
  return later(`${gateway} answered ${status}, which is not an answer of ${way.server}.`, false);
}

/** An answer of 200 with a body comes from another server, which has stored nothing. */
function classifySuccess(
  answer: Answer,
  gateway: string,
  way: Answerer['way'],
  expected: 'nothing' | 'list',
): Verdict {
  if (isPage(answer))
    return later(
      `${gateway} answered with a web page: that is a proxy or a log-in page and not ${way.server.replace(/^a /, 'the ')}.`,
      false,
    );
  if (expected === 'nothing' && answer.body.trim() !== '')
    return later(
      `${gateway} answered ${answer.status} with a text, which ${way.server} does not do: ${way.prefix}_URL leads to another server.`,
      false,
    );
  return { kind: 'sent' };
}

/** Where a redirect leads, without anything that could be a secret. */
function target(location: string | undefined): string {
  try {
    return new URL(location ?? '').origin;
  } catch {
    return 'another path';
  }
}

const sentences: Readonly<Record<string, string>> = {
  TIMEOUT: 'did not answer in time',
  CUT_SHORT: 'broke the connection in the middle of its answer',
  ECONNRESET: 'broke the connection (ECONNRESET)',
  EPIPE: 'broke the connection (EPIPE)',
  ECONNREFUSED: 'cannot be reached: nothing listens there (ECONNREFUSED)',
  ENOTFOUND: 'cannot be reached: there is no such name (ENOTFOUND)',
  EAI_AGAIN: 'cannot be reached: its name could not be looked up (EAI_AGAIN)',
};

/** A verdict on an attempt that got no complete answer, from its code. @param who as the sentence begins */
export function classifyNoAnswer(code: string, host: string, who = 'The gateway'): Verdict {
  const certificate = isCertificateError(code);
  const sentence = certificate
    ? `has a certificate that is not trusted (${code})`
    : (sentences[code] ?? `cannot be reached (${code})`);
  return later(`${who} at ${host} ${sentence}.`, !certificate && code !== 'ABORTED');
}
