import { type Answer, type HttpClient, HttpFailure } from '../../lib/http.ts';
import type { Shape } from '../../lib/shapes.ts';
import { accepted, type Purpose } from './refusal.ts';

/** Required shape of an answer. */
export interface Wanted<T> {
  readonly shape: Shape<T>;
  /** As people call it: `a list of folders`. */
  readonly what: string;
}

/**
 * Content of a 2xx answer. Something else may stand behind the address, or between it and Grafana, and answer with JSON
 * as well.
 * @param request as it is told: `GET /api/folders`
 * @throws GrafanaRefusal when it is no 2xx; HttpFailure when it does not hold what it must
 */
export function parseAnswer<T>(
  client: HttpClient,
  answer: Answer,
  purpose: Purpose,
  request: string,
  { shape, what }: Wanted<T>,
): T {
  const { json } = accepted(client, answer, purpose);
  if (shape(json)) return json;
  const { base } = client.options;
  // A write may have been carried out all the same: what then is there tells.
  throw new HttpFailure(
    'unexpected',
    `Grafana at ${base.host} answered ${request} with something else than ${what}. Check GRAFANA_URL and its path prefix, and what stands between.`,
    { perhapsDone: true },
  );
}
