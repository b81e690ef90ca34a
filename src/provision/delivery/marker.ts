import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../../lib/errors.ts';
import { isRecord, isText } from '../../lib/shapes.ts';
import { type Owner, ownerText, parseOwner, relation } from '../owner.ts';

/** Name of the file in which we note which rule files of a directory are ours. No `.yml`, so that Prometheus does not read it. */
export const markerFile = '.deployment-observability.json';

/** Our files or groups, each with the hashes that it may have: one, or while a delivery is under way the old and the new one. */
export type Marker = Readonly<Record<string, readonly string[]>>;

/** Note in a place to which rules are delivered. */
export interface Note {
  readonly marker: Marker;
  /** Undefined where an earlier version delivered, or none. */
  readonly owner: Owner | undefined;
}

/** The marker in parsed JSON: names with lists of hashes. Everything else in it is dropped. */
export const markerIn = (parsed: unknown, isName: (name: string) => boolean): Marker =>
  Object.fromEntries(
    Object.entries(isRecord(parsed) ? parsed : {}).flatMap(([name, hashes]) =>
      isName(name) && Array.isArray(hashes) ? [[name, hashes.filter(isText)]] : [],
    ),
  );

/** Names of rule files in the directory itself: an edited marker must not make us delete elsewhere. */
const isRuleFile = (name: string): boolean => name === basename(name) && /^[^/\\]+\.ya?ml$/.test(name);

/** A directory's note; empty when we never delivered to it. */
export function readNote(directory: string): Note {
  try {
    const parsed = JSON.parse(readFileSync(join(directory, markerFile), 'utf8')) as unknown;
    const { files, owner } = isRecord(parsed) ? parsed : {};
    return {
      marker: markerIn(files, isRuleFile),
      owner: isText(owner) ? parseOwner(owner) : undefined,
    };
  } catch {
    return { marker: {}, owner: undefined };
  }
}

/** The note's text. */
export const noteText = (files: Marker, owner: Owner): string =>
  `${JSON.stringify({ comment: 'Rule files that npm run provision made. Do not edit.', owner: ownerText(owner), files }, null, 2)}\n`;

/**
 * A place holds the rules of one bundle and one environment: those of another would be taken for ours, and pruned.
 * @param place in words @param elsewhere what to set @throws UserError
 */
export function checkOwner(theirs: Owner | undefined, ours: Owner, place: string, elsewhere: string): void {
  if (theirs === undefined || relation(theirs, ours) === 'same') return;
  const named =
    ours.environment === undefined && theirs.bundle === ours.bundle
      ? `, or name that with --environment ${theirs.environment}`
      : '';
  throw new UserError(
    `${place} holds the rules of ${ownerText(theirs)}, and these are of ${ownerText(ours)}.`,
    `Give each its own: set ${elsewhere}${named}.`,
  );
}
