import { asking, type QueryServer } from './ask.ts';
import { expressionOf, intervalsOf, type Surroundings } from './builtins.ts';
import {
  type AnyDashboard,
  annotationsOf,
  type Dashboard,
  dataPanels,
  readable,
  type Variable,
  variablesOf,
} from './dashboard.ts';
import { formatVariable, type Values } from './interpolate.ts';
import { type Option, variableRequest } from './options.ts';
import { annotationRequest, type PanelRequest, panelRequests } from './requests.ts';
import { scrapeIntervalMs } from './step.ts';
import { offeredBy, queryText, resolveVariables, valuesOf } from './variables.ts';

/** Values of a dashboard's variables, as they stand in PromQL, and its time span in Unix seconds. */
export interface DashboardState {
  readonly variables: Readonly<Record<string, string>>;
  readonly from: number;
  readonly to: number;
  /** Seconds that the reader's clock is ahead of UTC; default 0. */
  readonly utcOffset?: number;
}

/** One query that Grafana sends when it opens a dashboard. */
export interface DashboardQuery {
  /** Title of the panel; name of the annotation or variable. */
  readonly panel: string;
  readonly panelId: number;
  readonly refId: string;
  readonly kind: 'range' | 'instant';
  readonly expr: string;
  /** Unix seconds; instant queries are evaluated at `to`. */
  readonly from: number;
  readonly to: number;
  /** Seconds. */
  readonly step: number;
}

const given = ({ variables }: DashboardState): Values =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, { value, text: value, verbatim: value }]),
  );

function surroundings(dashboard: Dashboard, state: DashboardState): Surroundings {
  const { from, to, utcOffset = 0 } = state;
  const raw = { from: `now-${Math.round(to - from)}s`, to: 'now' };
  const span = { from: from * 1_000, to: to * 1_000, raw };
  return { span, values: given(state), dashboard, utcOffsetMs: utcOffset * 1_000 };
}

type Place = Pick<DashboardQuery, 'panel' | 'panelId' | 'refId'>;

/** Label values are read from an index and no query. */
function asQuery(
  place: Place,
  { request, span, stepMs }: Pick<PanelRequest, 'request' | 'span' | 'stepMs'>,
): DashboardQuery[] {
  if (request.kind === 'labelValues') return [];
  const { kind, expr } = request;
  const ends =
    kind === 'range'
      ? { from: request.start, to: request.end }
      : { from: span.from / 1_000, to: request.time };
  return [{ ...place, kind, expr, ...ends, step: stepMs / 1_000 }];
}

/** Queries of every panel, those of closed rows included. */
export function panelQueries(dashboard: AnyDashboard, state: DashboardState): DashboardQuery[] {
  const read = readable(dashboard);
  const around = surroundings(read, state);
  return dataPanels(read).flatMap((panel) =>
    panelRequests(panel, around).flatMap((asked) => {
      const place = { panel: panel.title ?? '', panelId: panel.id ?? 0, refId: asked.target.refId };
      return asQuery(place, asked);
    }),
  );
}

/** Queries of the annotations. */
export function annotationQueries(dashboard: AnyDashboard, state: DashboardState): DashboardQuery[] {
  const read = readable(dashboard);
  const around = surroundings(read, state);
  return annotationsOf(read).flatMap((annotation) => {
    const asked = annotationRequest(annotation, around);
    return asQuery({ panel: annotation.name, panelId: 0, refId: asked.target.refId }, asked);
  });
}

/** Queries of the variables that take their values from a result. */
export function variableQueries(dashboard: AnyDashboard, state: DashboardState): DashboardQuery[] {
  const read = readable(dashboard);
  const around = surroundings(read, state);
  return variablesOf(read).flatMap((variable) => {
    const request = variable.type === 'query' ? variableRequest(queryText(variable), around) : '';
    const place = { panel: variable.name, panelId: 0, refId: 'Variable' };
    return typeof request === 'string'
      ? []
      : asQuery(place, { request, span: around.span, stepMs: scrapeIntervalMs });
  });
}

/** An expression with a state's variables and Grafana's built-in ones put in. @param step seconds */
export const fillIn = (expr: string, state: DashboardState, step: number): string =>
  expressionOf(expr, surroundings(readable({}), state), intervalsOf(step * 1_000));

/**
 * Options that a variable offers while those of the state are set.
 * @throws Error when its query fails
 */
export async function choicesOf(
  prometheus: QueryServer,
  dashboard: AnyDashboard,
  name: string,
  state: DashboardState,
): Promise<readonly Option[]> {
  const read = readable(dashboard);
  const variable = variablesOf(read).find((v) => v.name === name);
  if (!variable) throw new Error(`${read.uid} has no variable ${name}.`);
  const { span, values } = surroundings(read, state);
  const { options, error } = await offeredBy(variable, values, {
    dashboard: read,
    span,
    ask: asking(prometheus),
  });
  if (error !== undefined) throw new Error(`variable ${name}: ${error}`);
  return options;
}

/**
 * Gives the variables that the state leaves open the values with which Grafana opens the dashboard.
 * @throws Error when the query of a variable fails
 */
export async function resolveState(
  prometheus: QueryServer,
  dashboard: AnyDashboard,
  state: DashboardState,
): Promise<DashboardState> {
  const read = readable(dashboard);
  const { span, values } = surroundings(read, state);
  const list: readonly Variable[] = variablesOf(read).filter(({ name }) => !(name in values));
  const open = { ...read, templating: { list } };
  const resolved = await resolveVariables(open, {}, span, asking(prometheus), values);
  const failed = resolved.find(({ error }) => error !== undefined);
  if (failed) throw new Error(`variable ${failed.variable.name}: ${failed.error}`);
  const found = Object.entries(valuesOf(resolved)).map(([name, value]) => [
    name,
    formatVariable(name, value, 'promql'),
  ]);
  return { ...state, variables: { ...Object.fromEntries(found), ...state.variables } };
}
