import type { HttpClient } from '../../lib/http.ts';
import { fields, isNumber, isText, listOf } from '../../lib/shapes.ts';
import type { Change } from '../model.ts';
import { annotationTag } from '../names.ts';
import { purposes } from './purposes.ts';
import { accepted } from './refusal.ts';
import { understood, type Wanted } from './understood.ts';

interface Annotation {
  readonly id: number;
  readonly time: number;
  readonly tags: readonly string[];
}

const list: Wanted<readonly Annotation[]> = {
  what: 'a list of annotations',
  shape: listOf(fields<Annotation>({ id: isNumber, time: isNumber, tags: listOf(isText) })),
};

const versionTag = (version: string): string => `bundle:${version}`;
const asked = 50;

/** Our annotations, newest first. */
async function annotations(client: HttpClient): Promise<Annotation[]> {
  const query = { tags: annotationTag, type: 'annotation', limit: String(asked) };
  const answer = await client.read('api/annotations', { query });
  const all = understood(client, answer, purposes.readAnnotation, 'GET /api/annotations', list);
  return [...all].sort((a, b) => b.time - a.time || b.id - a.id);
}

/** Those of the newest application, if that was of the given version: one, or several when two runs raced. */
function newest(all: readonly Annotation[], version: string): Annotation[] {
  const end = all.findIndex((a) => !a.tags.includes(versionTag(version)));
  return end === -1 ? [...all] : all.slice(0, end);
}

/** Whether the newest annotation says this version. */
export async function isAnnotated(client: HttpClient, version: string): Promise<boolean> {
  return newest(await annotations(client), version).length > 0;
}

/** The annotation's line of the plan. It is never drift: it records an apply, and Grafana may forget old ones. */
export function planAnnotation(version: string, annotated: boolean): Change {
  return {
    target: 'grafana',
    kind: 'annotation',
    id: versionTag(version),
    title: `version ${version} applied`,
    action: annotated ? 'unchanged' : 'create',
    details: [],
  };
}

/**
 * Marks on Grafana's time line that a version was applied. Annotations have no key that would make a second one
 * impossible: so the server is asked before one is sent (again), and of two that raced, the later one is taken back.
 */
export async function annotate(
  client: HttpClient,
  version: string,
  text: string,
): Promise<'done' | 'already'> {
  if (await isAnnotated(client, version)) return 'already';
  const json = { text, time: client.clock.now(), tags: [annotationTag, versionTag(version)] };
  await client.write<true>(
    async () => {
      accepted(client, await client.once('POST', 'api/annotations', { json }), purposes.writeAnnotation);
      return true;
    },
    async () => ((await isAnnotated(client, version)) ? true : undefined),
  );
  const twins = newest(await annotations(client), version).map((a) => a.id);
  const [first, ...later] = twins.sort((a, b) => a - b);
  if (first === undefined || later.length === 0) return 'done';
  for (const id of later) await takeBack(client, id);
  return 'done';
}

async function takeBack(client: HttpClient, id: number): Promise<void> {
  await client.write<true>(
    async () => {
      const answer = await client.once('DELETE', `api/annotations/${id}`);
      if (answer.status !== 404) accepted(client, answer, purposes.deleteAnnotation);
      return true;
    },
    async () => ((await annotations(client)).some((a) => a.id === id) ? undefined : true),
  );
}
