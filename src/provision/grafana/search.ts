import type { HttpClient } from '../../lib/http.ts';
import { fields, isText, listOf } from '../../lib/shapes.ts';
import type { ActualDashboard } from './api.ts';
import { managedTag } from './ownership.ts';
import { parseAnswer, type Wanted } from './parse-answer.ts';
import { purposes } from './purposes.ts';
import { GrafanaRefusal } from './refusal.ts';

const list: Wanted<readonly { readonly uid: string }[]> = {
  what: 'a list of dashboards',
  shape: listOf(fields({ uid: isText })),
};
const mostHits = 5000;

/**
 * Uids of all dashboards that carry our tag. Grafana's search lags behind writes and shows what the token may read,
 * so this finds candidates; what they are is judged on the objects themselves.
 */
export async function taggedUids(client: HttpClient): Promise<string[]> {
  const query = { tag: managedTag, type: 'dash-db', limit: String(mostHits) };
  const answer = await client.read('api/search', { query });
  // A later Grafana may drop this endpoint: what is defined is found by its uid all the same.
  if (answer.status === 404) return [];
  const hits = parseAnswer(client, answer, purposes.readDashboard, 'GET /api/search', list);
  return hits.map((hit) => hit.uid);
}

/**
 * Looks at a dashboard; when a token that is bound to some folders may not read it, that is what there is to say of it.
 */
export async function orUnreadable(
  uid: string,
  look: () => Promise<ActualDashboard | undefined>,
): Promise<ActualDashboard | undefined> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof GrafanaRefusal) || error.kind !== 'forbidden') throw error;
    return { uid, title: uid, folder: '', spec: {}, seen: '', unreadable: error.message };
  }
}
