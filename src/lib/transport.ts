/** One HTTP request as it goes over the wire. Credentials are among the headers. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds until the answer must be there, body included. */
  readonly timeoutMs: number;
}

/** A complete answer. Redirects are answers like others: nothing follows them. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Sends a request. Rejects with a {@link TransportError} when no complete answer came. */
export type Transport = (request: WireRequest) => Promise<WireResponse>;

/** No complete answer: the system's code (`ECONNRESET`), or `TIMEOUT`. */
export class TransportError extends Error {
  readonly code: string;
  constructor(code: string, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}

/** Codes that say that no connection came about, so that the request cannot have been carried out. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Whether a request that ended with this code may have been carried out all the same. */
export const mayHaveArrived = (code: string): boolean => !neverConnected.has(code);

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'TIMEOUT';
  const { cause } = error as { cause?: { code?: string; name?: string; errors?: { code?: string }[] } };
  if (cause?.name === 'TimeoutError') return 'TIMEOUT';
  return cause?.code ?? cause?.errors?.[0]?.code ?? (error as { code?: string }).code ?? 'ECONNRESET';
}

/** The cause of a failed request in words. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause as { code?: string; message?: string } | undefined;
  if (error.name === 'TimeoutError') return 'no answer in time';
  return cause?.code ?? (cause?.message || error.message);
}

/** The part of `fetch` that a transport needs. */
export type Fetch = (
  url: URL,
  options: RequestInit,
) => Promise<{ readonly status: number; readonly headers: Headers; text(): Promise<string> }>;

/** A transport that follows no redirect. @param fetchIt Node's own `fetch`, or one of its kind */
export const transportWith =
  (fetchIt: Fetch): Transport =>
  async ({ method, url, headers, body, timeoutMs }) => {
    try {
      const response = await fetchIt(url, {
        method,
        headers,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        ...(body !== undefined && { body }),
      });
      return { status: response.status, headers: response.headers, body: await response.text() };
    } catch (error) {
      throw new TransportError(codeOf(error), { cause: error });
    }
  };

/** Node's own `fetch`, which knows no proxy before Node 22.21. */
export const fetchTransport: Transport = transportWith((url, options) => fetch(url, options));
