import { type FakeRequest, type FakeResponse, json } from '../wire/types.ts';
import { deniedLegacy, may } from './auth.ts';
import type { GrafanaState, StoredAnnotation, Token } from './state.ts';

/** `tags_length` of Grafana's configuration, as it is by default. */
const longestTags = 500;

/** `/api/annotations…`; undefined for every other path. Nothing stops the same annotation from being made twice. */
export function annotations(
  state: GrafanaState,
  token: Token,
  request: FakeRequest,
): FakeResponse | undefined {
  const { method, path, query } = request;
  const id = /^\/api\/annotations\/(\d+)$/.exec(path)?.[1];
  if (path !== '/api/annotations' && id === undefined) return undefined;
  if (path === '/api/annotations' && method === 'GET') {
    const tags = query.getAll('tags');
    const found = state.annotations
      .filter((a) => tags.every((tag) => a.tags.includes(tag)))
      .sort((a, b) => b.time - a.time)
      .slice(0, Number(query.get('limit') ?? 100));
    return json(200, found);
  }
  if (!(token.annotates || may(token, 'Editor')) || token.folder !== undefined)
    return deniedLegacy(method === 'DELETE' ? 'annotations:delete' : 'annotations:create');
  if (id !== undefined && method === 'DELETE') {
    const index = state.annotations.findIndex((a) => a.id === Number(id));
    if (index === -1) return json(404, { message: 'Could not find annotation' });
    state.annotations.splice(index, 1);
    return json(200, { message: 'Annotation deleted' });
  }
  if (method !== (id === undefined ? 'POST' : 'PATCH')) return json(404, { message: 'Not found' });
  const body = JSON.parse(request.body) as Partial<StoredAnnotation>;
  if (JSON.stringify(body.tags ?? []).length > longestTags)
    return json(400, { message: `tags length exceeds the maximum allowed (${longestTags})` });
  if (id !== undefined) {
    const index = state.annotations.findIndex((a) => a.id === Number(id));
    if (index === -1) return json(404, { message: 'Could not find annotation' });
    state.annotations[index] = { ...state.annotations[index]!, ...body, id: Number(id) };
    return json(200, { message: 'Annotation patched' });
  }
  if (!body.text)
    return json(400, { message: 'Failed to save annotation', error: 'text field should not be empty' });
  // Milliseconds; seconds would lie in 1970.
  if (body.time !== undefined && body.time < 1e12)
    return json(400, { message: 'time is no time in milliseconds' });
  const time = body.time ?? state.now();
  const { text, tags = [], timeEnd = time } = body;
  const made = { id: state.nextId(), time, timeEnd, text, tags };
  state.annotations.push(made);
  return json(200, { message: 'Annotation added', id: made.id });
}
