import type { ErrorObject } from 'ajv';
import { projectPath } from '../../lib/root.ts';
import { openSlo } from '../openslo.ts';
import { groupObject } from '../rules.ts';
import dashboardSchemaJson from '../schema/dashboard.schema.json' with { type: 'json' };
import { openSloSchema } from '../schema/openslo.ts';
import ruleSchemaJson from '../schema/rules.schema.json' with { type: 'json' };
import { validatorOf } from '../schema/validator.ts';
import type { Check, Found } from './check.ts';

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

export const dashboardSchema: Check = {
  id: 'dashboard-schema',
  severity: 'error',
  summary: 'A dashboard’s JSON has the shape that Grafana reads.',
  why: 'Grafana ignores what it does not know, or refuses the dashboard.',
  *run({ dashboards }): Iterable<Found> {
    const validate = validatorOf(dashboardSchemaJson);
    for (const { dashboard, place, file } of dashboards)
      if (!validate(dashboard.json))
        for (const error of telling(validate.errors ?? []))
          yield {
            summary: `The JSON is wrong: ${words(error)}.`,
            place,
            file,
            fix: 'Build it with the functions of dashboards/lib.',
          };
  },
};

export const ruleSchema: Check = {
  id: 'rule-schema',
  severity: 'error',
  summary: 'A rule file has the shape that Prometheus loads.',
  why: 'Prometheus refuses a file with one unknown key, and does not start with it.',
  *run({ groups }): Iterable<Found> {
    const validate = validatorOf(ruleSchemaJson);
    for (const { group, place, file } of groups)
      if (!validate(groupObject(group)))
        for (const error of telling(validate.errors ?? []))
          yield {
            summary: `The group is wrong: ${words(error)}.`,
            place,
            file,
            fix: 'Mend the rule’s definition.',
          };
  },
};

export const openSloDocument: Check = {
  id: 'openslo-schema',
  severity: 'error',
  summary: 'An SLO, written as OpenSLO, is what the specification of OpenSLO v1 allows.',
  why: 'Tools that read OpenSLO refuse what it does not allow.',
  *run({ objectives }): Iterable<Found> {
    const validate = validatorOf(openSloSchema);
    for (const objective of objectives)
      if (!validate(openSlo(objective)))
        for (const error of telling(validate.errors ?? []))
          yield {
            summary: `Its OpenSLO document is wrong: ${words(error)}.`,
            place: ['openslo', objective.id],
            file: projectPath(objective.source),
            fix: 'Mend the objective, or what scripts/build/openslo.ts makes of it.',
          };
  },
};
