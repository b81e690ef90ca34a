import { canonicalJson } from '../../lib/canonical.ts';
import type { Json, JsonObject } from '../model.ts';

/** Values that Grafana fills in when a dashboard leaves them out, or drops because they say nothing. */
const dashboardDefaults: JsonObject = {
  editable: true,
  fiscalYearStartMonth: 0,
  graphTooltip: 0,
  liveNow: false,
  preload: false,
  time: { from: 'now-6h', to: 'now' },
};
const timepickerDefaults: JsonObject = {
  hidden: false,
  refresh_intervals: ['5s', '10s', '30s', '1m', '5m', '15m', '30m', '1h', '2h', '1d'],
};
const panelDefaults: JsonObject = {
  transparent: false,
  collapsed: false,
  gridPos: { h: 3, w: 6, x: 0, y: 0 },
  targets: [{ refId: 'A' }],
};
const variableDefaults: JsonObject = {
  hide: 0,
  skipUrlSync: false,
  multi: false,
  includeAll: false,
  sort: 0,
};
const targetDefaults: JsonObject = { hide: false, exemplar: false };

/** Keys that the server or the browser owns; they carry nothing that we define. */
const dashboardRuntime = [
  'id',
  'uid',
  'version',
  'iteration',
  'snapshot',
  'gnetId',
  'schemaVersion',
  'revision',
];
const panelRuntime = ['pluginVersion', 'scopedVars', 'repeatIteration', 'repeatPanelId', 'repeatedByRow'];

/** Whether a value is an object, and no list. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** The value as a list; empty when it is none. */
export const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
/** The objects in a list; empty when the value is none. */
export const objectsOf = (value: Json | undefined): readonly JsonObject[] => listOf(value).filter(isObject);

const says = (value: Json): boolean =>
  value !== null &&
  value !== '' &&
  !(Array.isArray(value) && value.length === 0) &&
  !(isObject(value) && Object.keys(value).length === 0);

/** Leaves out what says nothing (null, empty text, empty list, empty object), from the inside out. */
function prune(value: Json): Json {
  if (Array.isArray(value)) return value.map(prune);
  if (!isObject(value)) return value;
  const entries = Object.entries(value)
    .map(([key, v]) => [key, prune(v)] as const)
    .filter(([, v]) => says(v));
  return Object.fromEntries(entries);
}

const without = (object: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

const withoutDefaults = (object: JsonObject, defaults: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object).filter(
      ([key, v]) => !(key in defaults) || canonicalJson(v) !== canonicalJson(defaults[key]!),
    ),
  );

/** The mark that Grafana itself adds to every dashboard. */
const isBuiltIn = (annotation: Json): boolean => isObject(annotation) && annotation.builtIn === 1;

const mapList = (value: Json | undefined, one: (item: JsonObject) => Json): Json =>
  listOf(value).map((item) => (isObject(item) ? one(item) : item));

function panel(source: JsonObject): JsonObject {
  const own = without(source, panelRuntime);
  return withoutDefaults(
    {
      ...own,
      ...(own.targets !== undefined && {
        targets: mapList(own.targets, (t) => withoutDefaults(t, targetDefaults)),
      }),
      ...(own.panels !== undefined && { panels: mapList(own.panels, panel) }),
    },
    panelDefaults,
  );
}

/**
 * A dashboard reduced to its author's decisions: defaults that the server fills in, keys that it owns and values that
 * say nothing are left out, so that what was sent and what is read back compare equal.
 * @param spec the classic dashboard JSON, from a file or from a server @param ignoreTag tags for which it is true are left out
 */
export function normalise(spec: JsonObject, ignoreTag: (tag: string) => boolean = () => false): JsonObject {
  const own = prune(without(spec, dashboardRuntime)) as JsonObject;
  const templating = isObject(own.templating) ? own.templating : {};
  const annotations = isObject(own.annotations) ? own.annotations : {};
  const timepicker = isObject(own.timepicker) ? withoutDefaults(own.timepicker, timepickerDefaults) : {};
  const shaped: JsonObject = {
    ...own,
    tags: listOf(own.tags).filter((tag) => typeof tag !== 'string' || !ignoreTag(tag)),
    panels: mapList(own.panels, panel),
    templating: { list: mapList(templating.list, (v) => withoutDefaults(v, variableDefaults)) },
    annotations: { list: listOf(annotations.list).filter((a) => !isBuiltIn(a)) },
    timepicker,
  };
  return prune(withoutDefaults(shaped, dashboardDefaults)) as JsonObject;
}
