import type { ErrorObject } from 'ajv';
import { projectPath } from '../../lib/root.ts';
import { openSlo } from '../openslo.ts';
import { groupObject } from '../rules.ts';
import dashboardSchemaJson from '../schema/dashboard.schema.json' with { type: 'json' };
import { openSloSchema } from '../schema/openslo.ts';
import ruleSchemaJson from '../schema/rules.schema.json' with { type: 'json' };
import { validatorOf } from '../schema/validator.ts';
import type { Check, Found, Location, View } from './check.ts';

/** Errors that only say that something inside is wrong. */
const wrappers: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'if', 'propertyNames']);

/**
 * A union that fails reports each of its branches; the deepest errors say what is really wrong, and a constant that
 * does not match says only that its branch was not meant.
 */
function telling(errors: readonly ErrorObject[]): ErrorObject[] {
  const real = errors.filter((e) => !wrappers.has(e.keyword));
  if (real.length === 0) return errors.slice(0, 1);
  const deepest = Math.max(0, ...real.map((e) => e.instancePath.split('/').length));
  const deep = real.filter((e) => e.instancePath.split('/').length === deepest);
  const meant = deep.filter((e) => e.keyword !== 'const');
  const kept = meant.length > 0 ? meant : deep;
  return [...new Map(kept.map((e) => [words(e), e])).values()];
}

function words({ instancePath, message = '', params, propertyName }: ErrorObject): string {
  const { additionalProperty } = params as { additionalProperty?: string };
  const name = additionalProperty ?? propertyName;
  return `${instancePath || '/'} ${message}${name === undefined ? '' : ` ("${name}")`}`;
}

/** A value that a schema describes, and where it comes from. */
interface Described extends Location {
  readonly value: unknown;
}

/** A check that holds values of the bundle to a schema. @param what is wrong, for its sentences: `The group` */
const schemaCheck = (
  texts: Pick<Check, 'id' | 'summary' | 'why'>,
  schema: object,
  valuesOf: (view: View) => readonly Described[],
  { what, fix }: { readonly what: string; readonly fix: string },
): Check => ({
  ...texts,
  severity: 'error',
  *run(view): Iterable<Found> {
    const validate = validatorOf(schema);
    for (const { value, place, file } of valuesOf(view))
      if (!validate(value))
        for (const error of telling(validate.errors ?? []))
          yield { summary: `${what} is wrong: ${words(error)}.`, place, file, fix };
  },
});

export const dashboardSchema: Check = schemaCheck(
  {
    id: 'dashboard-schema',
    summary: 'A dashboard’s JSON has the shape that Grafana reads.',
    why: 'Grafana ignores what it does not know, or refuses the dashboard.',
  },
  dashboardSchemaJson,
  ({ dashboards }) =>
    dashboards.map(({ dashboard, place, file }) => ({ value: dashboard.json, place, file })),
  { what: 'The JSON', fix: 'Build it with the functions of src/dashboards.' },
);

export const ruleSchema: Check = schemaCheck(
  {
    id: 'rule-schema',
    summary: 'A rule file has the shape that Prometheus loads.',
    why: 'Prometheus refuses a file with one unknown key, and does not start with it.',
  },
  ruleSchemaJson,
  ({ groups }) => groups.map(({ group, place, file }) => ({ value: groupObject(group), place, file })),
  { what: 'The group', fix: 'Fix the rule’s definition.' },
);

export const openSloDocument: Check = schemaCheck(
  {
    id: 'openslo-schema',
    summary: 'An SLO, written as OpenSLO, is what the specification of OpenSLO v1 allows.',
    why: 'Tools that read OpenSLO refuse what it does not allow.',
  },
  openSloSchema,
  ({ objectives }) =>
    objectives.map((objective) => ({
      value: openSlo(objective),
      place: ['openslo', objective.id],
      file: projectPath(objective.source),
    })),
  { what: 'Its OpenSLO document', fix: 'Fix the objective, or what src/compile/openslo.ts makes of it.' },
);
