import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createGenerator, type Schema } from 'ts-json-schema-generator';
import { sortKeys } from '../../lib/canonical.ts';
import { inProject } from '../../lib/root.ts';

/** Where the derived schema is kept; a test fails when the SDK's types no longer give it. */
export const schemaFile: string = inProject('src', 'compile', 'schema', 'dashboard.schema.json');

/** The folder of the SDK's types. */
const sdk = (): string =>
  dirname(dirname(createRequire(import.meta.url).resolve('@grafana/grafana-foundation-sdk/dashboard')));

const derive = (module: string, type: string): Schema =>
  createGenerator({
    path: join(sdk(), module, 'types.gen.d.ts'),
    type,
    skipTypeCheck: true,
    additionalProperties: false,
    expose: 'all',
    topRef: true,
  }).createSchema(type);

interface Definition {
  properties?: Record<string, unknown>;
  required?: string[];
  additionalProperties?: boolean;
}

/** Functions and marks of the SDK's classes are not in the JSON. */
function withoutMethods(definition: Definition): Definition {
  const own = (name: string): boolean => !name.startsWith('_') && name !== 'dataqueryType';
  return {
    ...definition,
    properties: Object.fromEntries(Object.entries(definition.properties ?? {}).filter(([name]) => own(name))),
    required: (definition.required ?? []).filter(own),
  };
}

/**
 * The JSON schema of a dashboard, from the SDK's own types. A panel's queries are Prometheus queries; an annotation's
 * built-in source has a shape of its own, and is left open.
 */
export function deriveDashboardSchema(): string {
  const dashboard = derive('dashboard', 'Dashboard');
  const prometheus = derive('prometheus', 'Dataquery');
  const definitions: Record<string, unknown> = { ...dashboard.definitions, ...prometheus.definitions };
  definitions.Dataquery = withoutMethods(definitions.Dataquery as Definition);
  const annotation = definitions.AnnotationQuery as Definition;
  definitions.AnnotationQuery = {
    ...annotation,
    properties: { ...annotation.properties, target: { type: 'object' } },
  };
  return `${JSON.stringify(sortKeys({ ...dashboard, definitions }), null, 1)}\n`;
}
