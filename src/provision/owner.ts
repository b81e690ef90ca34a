import { createHash } from 'node:crypto';

/** Whose an object is: the bundle that made it, and the environment for which it did. */
export interface Owner {
  readonly bundle: string;
  /** As `--environment` names it; undefined when it was not given. */
  readonly environment: string | undefined;
}

/** Grafana takes tags of 50 characters, and an owner is written into one, `owner:` before it. */
const mostOfBundle = 31;
const mostOfEnvironment = 12;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 6);

/** A name as it is written on objects: with the characters of an identifier, and cut with a hash where it is too long. */
function written(name: string, most: number): string {
  const slug = name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^-+|-+$/g, '') || digest(name);
  return slug.length <= most ? slug : `${slug.slice(0, most - 7)}_${digest(name)}`;
}

/** The owner in the form in which objects carry it. */
export const owner = (bundle: string, environment: string | undefined): Owner => ({
  bundle: written(bundle, mostOfBundle),
  environment: environment === undefined ? undefined : written(environment, mostOfEnvironment),
});

/** `relay/production`, or `relay` alone without an environment. */
export const ownerText = ({ bundle, environment }: Owner): string =>
  environment === undefined ? bundle : `${bundle}/${environment}`;

/** The owner that such a text names. */
export function parseOwner(text: string): Owner {
  const [bundle = '', environment] = text.split('/');
  return { bundle, environment };
}

/** How the owner of an object relates to the one that provisions. */
export type Relation =
  /** The same bundle and environment, or an environment that was not named when the object was made. */
  'same' | 'other bundle' | 'other environment';

/** @param theirs owner of an object @param ours owner that provisions */
export function relation(theirs: Owner, ours: Owner): Relation {
  if (theirs.bundle !== ours.bundle) return 'other bundle';
  return theirs.environment === undefined || theirs.environment === ours.environment
    ? 'same'
    : 'other environment';
}
