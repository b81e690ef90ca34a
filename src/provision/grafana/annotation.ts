import type { HttpClient } from '../../lib/http.ts';
import { fields, isNumber, isText, listOf, maybe } from '../../lib/shapes.ts';
import type { PlannedChange } from '../model.ts';
import { annotationTag } from '../names.ts';
import { type Owner, ownerText } from '../owner.ts';
import { parseAnswer, type Wanted } from './parse-answer.ts';
import { purposes } from './purposes.ts';
import { accepted } from './refusal.ts';

interface Annotation {
  readonly id: number;
  readonly time?: number | null | undefined;
  readonly tags: readonly string[];
}

const list: Wanted<readonly Annotation[]> = {
  what: 'a list of annotations',
  shape: listOf(fields<Annotation>({ id: isNumber, time: maybe(isNumber), tags: listOf(isText) })),
};

/** Content of an annotation: the version that was applied, and its owner. */
export interface Marked {
  readonly version: string;
  readonly owner: Owner;
}

const ownerTag = (owner: Owner): string => `owner:${ownerText(owner)}`;
const versionTag = (version: string): string => `bundle:${version}`;
const asked = 50;

/** Our annotations, newest first: by their ids, because their times are by another machine's clock. */
async function annotations(client: HttpClient, owner: Owner): Promise<Annotation[]> {
  const query = { tags: [annotationTag, ownerTag(owner)], type: 'annotation', limit: String(asked) };
  const answer = await client.read('api/annotations', { query });
  const all = parseAnswer(client, answer, purposes.readAnnotation, 'GET /api/annotations', list);
  return [...all].sort((a, b) => b.id - a.id);
}

/** Those of the newest application, if that was of the given version: one, or several when two runs raced. */
function newest(all: readonly Annotation[], version: string): Annotation[] {
  const end = all.findIndex((a) => !a.tags.includes(versionTag(version)));
  return end === -1 ? [...all] : all.slice(0, end);
}

/** Earlier applies, from annotations. */
export interface History {
  /** Whether the newest one says this version. */
  readonly annotated: boolean;
  /** When this version was applied before (Unix milliseconds), and which one since; undefined when it was not, or is the newest. */
  readonly before: { readonly at: number; readonly since: string } | undefined;
}

/** Reads which versions were applied. */
export async function readHistory(client: HttpClient, { version, owner }: Marked): Promise<History> {
  const all = await annotations(client, owner);
  const annotated = newest(all, version).length > 0;
  const earlier = annotated ? undefined : all.find((a) => a.tags.includes(versionTag(version)));
  const since = all[0]?.tags.find((tag) => tag.startsWith(versionTag('')))?.slice(versionTag('').length);
  return { annotated, before: earlier && since ? { at: earlier.time ?? 0, since } : undefined };
}

/** Note for a person who applies a version that was replaced by another one. */
export const goingBack = ({ before }: History, version: string): string[] =>
  before === undefined
    ? []
    : [
        `version ${version} is an older one: it was applied at ${new Date(before.at).toISOString()}, and ${before.since} since`,
      ];

/** Whether the newest annotation says this version. */
export async function isAnnotated(client: HttpClient, { version, owner }: Marked): Promise<boolean> {
  return newest(await annotations(client, owner), version).length > 0;
}

/** The annotation's line of the plan. It is never drift: it records an apply, and Grafana may forget old ones. */
export function planAnnotation(version: string, annotated: boolean): PlannedChange {
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
export async function annotate(client: HttpClient, mark: Marked, text: string): Promise<'done' | 'already'> {
  const { version, owner } = mark;
  if (await isAnnotated(client, mark)) return 'already';
  // Without a time, so that Grafana takes its own.
  const json = { text, tags: [annotationTag, ownerTag(owner), versionTag(version)] };
  await client.write<true>(
    async () => {
      accepted(client, await client.once('POST', 'api/annotations', { json }), purposes.writeAnnotation);
      return true;
    },
    async () => ((await isAnnotated(client, mark)) ? true : undefined),
  );
  const twins = newest(await annotations(client, owner), version).map((a) => a.id);
  const [first, ...later] = twins.sort((a, b) => a - b);
  if (first === undefined || later.length === 0) return 'done';
  for (const id of later) await takeBack(client, owner, id);
  return 'done';
}

async function takeBack(client: HttpClient, owner: Owner, id: number): Promise<void> {
  await client.write<true>(
    async () => {
      const answer = await client.once('DELETE', `api/annotations/${id}`);
      if (answer.status !== 404) accepted(client, answer, purposes.deleteAnnotation);
      return true;
    },
    async () => ((await annotations(client, owner)).some((a) => a.id === id) ? undefined : true),
  );
}
