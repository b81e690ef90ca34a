/** A request as a fake server sees it. */
export interface FakeRequest {
  readonly method: string;
  /** Not decoded: percent-encoding is kept. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface FakeResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A fake server: a function of one request. It keeps its state itself. */
export type Handler = (request: FakeRequest) => FakeResponse;

/** A JSON answer. */
export const json = (status: number, body: unknown, headers: Record<string, string> = {}): FakeResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** A plain text answer. */
export const text = (status: number, body: string, type = 'text/plain'): FakeResponse => ({
  status,
  headers: { 'content-type': type },
  body,
});
