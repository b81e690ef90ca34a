import { fields, isLabels, isNumber, isRecord, isText, listOf, maybe, type Shape } from '../../lib/shapes.ts';
import type { JsonObject } from '../model.ts';
import type { ActualDashboard, ActualFolder } from './api.ts';
import { folderManager, managerOf } from './managers.ts';
import { generationAnnotation } from './ownership.ts';
import type { Wanted } from './parse-answer.ts';

type Maybe<T> = T | null | undefined;
/** Metadata of an object. */
export interface Metadata {
  readonly name: string;
  /** The object's own id: another one after it was deleted and restored. */
  readonly uid?: Maybe<string>;
  readonly resourceVersion?: Maybe<string>;
  readonly generation?: Maybe<number>;
  readonly labels?: Maybe<Readonly<Record<string, string>>>;
  readonly annotations?: Maybe<Readonly<Record<string, string>>>;
}
interface Conversion {
  readonly storedVersion?: Maybe<string>;
  readonly failed?: Maybe<boolean>;
}
/** An object of Grafana's newer APIs. */
export interface Resource {
  readonly metadata: Metadata;
  readonly spec?: Maybe<JsonObject>;
  readonly status?: Maybe<{ readonly conversion?: Maybe<Conversion> }>;
}
interface ResourceList {
  readonly metadata?: Maybe<{ readonly continue?: Maybe<string> }>;
  readonly items: Maybe<readonly Resource[]>;
}

const isFlag = (data: unknown): data is boolean => typeof data === 'boolean';
const isResource = fields<Resource>({
  metadata: fields<Metadata>({
    name: isText,
    uid: maybe(isText),
    resourceVersion: maybe(isText),
    generation: maybe(isNumber),
    labels: maybe(isLabels),
    annotations: maybe(isLabels),
  }),
  spec: maybe(isRecord as Shape<JsonObject>),
  status: maybe(
    fields<{ conversion?: Maybe<Conversion> }>({
      conversion: maybe(fields<Conversion>({ storedVersion: maybe(isText), failed: maybe(isFlag) })),
    }),
  ),
});
const isList = fields<ResourceList>({
  metadata: maybe(fields<{ continue?: Maybe<string> }>({ continue: maybe(isText) })),
  items: maybe(listOf(isResource)),
});
/** An answer that is one object. */
export const one = (kind: 'dashboard' | 'folder'): Wanted<Resource> => ({
  what: `a ${kind}`,
  shape: isResource,
});
/** A list says that it is empty: nothing at all is none. */
export const many = (kind: 'dashboard' | 'folder'): Wanted<ResourceList> => ({
  what: `a list of ${kind}s`,
  shape: (data): data is ResourceList => isList(data) && 'items' in data,
});

/** Annotation that holds the folder's uid. */
export const folderKey = 'grafana.app/folder';
const managerKey = 'grafana.app/managedBy';
/** Notes that a write gave the object its present state; `ahead` counts the generations that the write is to add. */
export const noteOf = ({ uid, generation }: Metadata, ahead: number): string =>
  `${uid ?? ''}/${(generation ?? 0) + ahead}`;
/** The note of an object that is made: the server gives it its id, which a second write then notes. */
export const noteOfNew = 'new';

/** The root is missing, empty or `general`, depending on Grafana's release. */
export const rootless = (folder: string | undefined): string =>
  folder === undefined || folder === 'general' ? '' : folder;

/** The dashboard that an object is. */
export function toDashboard({ metadata, spec: own }: Resource): ActualDashboard {
  const spec = own ?? {};
  const notes = metadata.annotations ?? {};
  const manager = managerOf(notes[managerKey]);
  const by = notes['grafana.app/updatedBy'] ?? notes['grafana.app/createdBy'];
  const asWritten = [noteOf(metadata, 0), metadata.generation === 1 ? noteOfNew : ''].includes(
    notes[generationAnnotation] ?? '-',
  );
  return {
    uid: metadata.name,
    title: typeof spec.title === 'string' ? spec.title : metadata.name,
    folder: rootless(notes[folderKey]),
    spec,
    seen: metadata.resourceVersion ?? '',
    ...(manager !== undefined && { managedBy: manager }),
    ...(asWritten && { asWritten }),
    ...(by !== undefined && { savedBy: by }),
  };
}

/** The folder that an object is. */
export const toFolder = ({ metadata, spec }: Resource): ActualFolder => ({
  uid: metadata.name,
  title: typeof spec?.title === 'string' ? spec.title : metadata.name,
  seen: metadata.resourceVersion ?? '',
  ...folderManager(metadata.annotations?.[managerKey]),
});
