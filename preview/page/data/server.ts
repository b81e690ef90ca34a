import {
  type Ask,
  type Dashboard,
  decodeResult,
  type PreviewState,
  parseDashboard,
  type WireAnswer,
} from '../../../src/panels/index.ts';

const gone = 'The preview’s server does not answer. Is npm run preview still running?';

/** Asks the preview's own server; credentials of Prometheus never come here. */
export const ask: Ask = async (request) => {
  try {
    const response = await fetch('/api/query', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    if (!response.ok) return { ok: false, error: await response.text() };
    const answer = (await response.json()) as WireAnswer;
    return answer.ok ? { ok: true, result: decodeResult(answer.result) } : answer;
  } catch {
    return { ok: false, error: gone };
  }
};

async function getJson<T>(path: string): Promise<T> {
  const response = await fetch(path).catch(() => undefined);
  if (!response) throw new Error(gone);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}

/** The preview's dashboards and their source. */
export const loadState = (): Promise<PreviewState> => getJson('/api/state');

/** The last dashboard and its text: the same text gives the same object, so that nothing is drawn anew for nothing. */
let last: { readonly text: string; readonly dashboard: Dashboard } | undefined;

/** A dashboard as it is now. @throws Error when there is none of that uid */
export async function loadDashboard(uid: string): Promise<Dashboard> {
  const text = JSON.stringify(await getJson<unknown>(`/api/dashboards/${encodeURIComponent(uid)}`));
  if (text === 'null') throw new Error(`There is no dashboard "${uid}".`);
  if (last?.text !== text) last = { text, dashboard: parseDashboard(text) };
  return last.dashboard;
}

/** Calls back when the server says that a dashboard was written again. @returns how to stop listening */
export function onReload(callback: () => void): () => void {
  const events = new EventSource('/api/events');
  events.addEventListener('reload', callback);
  return () => events.close();
}
