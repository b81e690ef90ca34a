import { createHash } from 'node:crypto';
import { canonicalJson } from '../../lib/canonical.ts';
import type { Json, JsonObject } from '../model.ts';
import { type Owner, ownerText, parseOwner } from '../owner.ts';
import { listOf, normalise } from './normalise.ts';

/**
 * Who made a dashboard and what was applied to it last is written into three of its tags:
 *
 * - `managed:deployment-observability`: visible to people, and what a search can ask for;
 * - `owner:<bundle>/<environment>`: whose it is, among several bundles and environments in one Grafana;
 * - `applied:<uid>-<content>`: the beginnings of two hashes, of the uid and of what was applied.
 *
 * Tags, because nothing else survives everywhere: annotations and labels of the newer API are dropped by Grafana 12
 * with its old storage and wiped by every write through the older API; unknown keys in the JSON may be refused.
 * A dashboard is ours only if the mark fits its own uid, so that a copy ("Save as", tags included) is not ours.
 * A dashboard that does not hash to its mark was edited since.
 *
 * The hash is of the normalised content: a change of how dashboards are normalised makes every applied dashboard
 * look edited once on Grafana 11 and 12 (`--force`); on 13 the generation tells better.
 */
export const managedTag = 'managed:deployment-observability';
const ownerPattern = /^owner:(.+)$/;
const markPattern = /^applied:([0-9a-f]{8})-([0-9a-f]{16})$/;

/**
 * Annotation (newer API only) with the object's own id and the generation that our write was to give it. The server
 * counts generations when content or folder change and only then: while both fit, the object was not edited, also
 * when a newer Grafana filled in or left out something as it stored it. The id, because an object that is restored from the trash is
 * counted from 1 again.
 */
export const generationAnnotation = 'deployment-observability/generation';

const digest = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length);

/** True for the tags that this module adds. */
export const isOwnTag = (tag: string): boolean =>
  tag === managedTag || markPattern.test(tag) || ownerPattern.test(tag);

/** The tags of a dashboard's JSON. */
export const tagsOf = (spec: JsonObject): string[] =>
  listOf(spec.tags).filter((tag: Json): tag is string => typeof tag === 'string');

/** Hash of what a dashboard shows and where it lies; equal for everything that normalises to the same. */
export const contentHash = (spec: JsonObject, folder: string): string =>
  digest(`${folder}\n${canonicalJson(normalise(spec, isOwnTag))}`, 16);

/** The dashboard as it is sent: with our marks, and without what the server owns. */
export function marked(uid: string, spec: JsonObject, folder: string, owner: Owner): JsonObject {
  const { id: _id, uid: _uid, version: _version, ...own } = spec;
  const tags = tagsOf(spec).filter((tag) => !isOwnTag(tag));
  const mark = `applied:${digest(uid, 8)}-${contentHash(spec, folder)}`;
  return { ...own, tags: [...tags, managedTag, `owner:${ownerText(owner)}`, mark] };
}

/** Whose a dashboard is; undefined when its tags do not say, as those of earlier versions do not. */
export function ownerOf(spec: JsonObject): Owner | undefined {
  const [text] = tagsOf(spec).flatMap((tag) => ownerPattern.exec(tag)?.[1] ?? []);
  return text === undefined ? undefined : parseOwner(text);
}

/** The hash of what we applied last, from a dashboard's tags; undefined when it is not ours. */
export function appliedHash(uid: string, spec: JsonObject): string | undefined {
  const tags = tagsOf(spec);
  if (!tags.includes(managedTag)) return undefined;
  const marks = tags.flatMap((tag) => markPattern.exec(tag)?.slice(1) ?? []);
  return marks.length === 2 && marks[0] === digest(uid, 8) ? marks[1] : undefined;
}

/** Whether a dashboard of ours is as we left it. @param asWritten what the server's count of changes says, if it keeps one */
export function isUntouched(
  uid: string,
  dashboard: { readonly spec: JsonObject; readonly folder: string; readonly asWritten?: boolean },
): boolean {
  const applied = appliedHash(uid, dashboard.spec);
  if (applied === undefined) return false;
  return dashboard.asWritten === true || contentHash(dashboard.spec, dashboard.folder) === applied;
}
