import {
  applyFieldOverrides,
  cacheFieldDisplayNames,
  createDataFrame,
  type DataFrame,
  type DataTransformerConfig,
  type FieldConfigSource,
  FieldType,
  type GrafanaTheme2,
  type InterpolateFunction,
  standardTransformersRegistry,
  transformDataFrame,
} from '@grafana/data';
import { lastValueFrom } from 'rxjs';
import {
  type Ask,
  asksPrometheus,
  type Panel,
  type PanelRequest,
  type PlainFrame,
  panelRequests,
  type Surroundings,
  toFrames,
} from '../../../src/panels/index.ts';
import { fieldRegistry } from './fieldRegistry.ts';

/** The answers to a panel's queries, before transformations, and what went wrong. */
export interface Answers {
  readonly frames: readonly PlainFrame[];
  readonly errors: readonly string[];
}

/** One line for all queries that failed for the same reason. */
const queryError = (refIds: readonly string[], error: string): string =>
  `${refIds.length === 1 ? 'Query' : 'Queries'} ${[...refIds].sort().join(', ')}: ${error}`;

/** Asks all queries of a panel at once; a query that fails leaves the others standing. */
export async function askPanel(panel: Panel, around: Surroundings, ask: Ask): Promise<Answers> {
  const requests = panelRequests(panel, around);
  const severalTargets = new Set(requests.map((r) => r.target.refId)).size > 1;
  const failed = new Map<string, string[]>();
  const frames = await Promise.all(
    requests.map(async ({ target, request, stepMs }: PanelRequest): Promise<PlainFrame[]> => {
      const answer = await ask(request);
      if (!answer.ok) {
        failed.set(answer.error, [...(failed.get(answer.error) ?? []), target.refId]);
        return [];
      }
      const time = request.kind === 'instant' ? request.time * 1_000 : around.span.to;
      return toFrames(answer.result, target, { time, stepMs, severalTargets });
    }),
  );
  return { frames: frames.flat(), errors: [...failed].map(([error, refIds]) => queryError(refIds, error)) };
}

const fieldTypes = { time: FieldType.time, number: FieldType.number, string: FieldType.string } as const;

const toDataFrame = (frame: PlainFrame): DataFrame =>
  createDataFrame({
    refId: frame.refId,
    ...(frame.name !== undefined && { name: frame.name }),
    fields: frame.fields.map((field) => ({
      name: field.name,
      type: fieldTypes[field.type],
      values: [...field.values],
      config: { ...field.config },
      ...(field.labels && { labels: { ...field.labels } }),
    })),
  });

/** Queries that do not go to Prometheus: the reader must not wait for their answer. */
export const foreignQueries = (panel: Panel): string[] =>
  (panel.targets ?? [])
    .filter((target) => !target.hide && !asksPrometheus(panel, target))
    .map((target) => {
      const { type = 'another data source' } = target.datasource ?? panel.datasource ?? {};
      return `Query ${target.refId} asks ${type}: the preview asks Prometheus only.`;
    });

/** Transformations that Grafana does not publish: the reader must not trust the panel. */
const unknownTransformations = (panel: Panel): string[] =>
  (panel.transformations ?? [])
    .filter((t) => !t.disabled && !standardTransformersRegistry.getIfExists(t.id))
    .map((t) => `The preview cannot do the transformation “${t.id}”: this panel shows untransformed data.`);

/** Data of a panel. */
export interface Prepared {
  readonly frames: DataFrame[];
  readonly errors: readonly string[];
}

export interface Preparation {
  readonly panel: Panel;
  readonly fieldConfig: FieldConfigSource;
  readonly theme: GrafanaTheme2;
  readonly replace: InterpolateFunction;
  readonly timeZone: string;
}

/** Transformations, then field options and overrides: both are Grafana's own code. */
export async function prepare(
  answers: Answers,
  { panel, fieldConfig, theme, replace, timeZone }: Preparation,
): Promise<Prepared> {
  const steps = (panel.transformations ?? []) as DataTransformerConfig[];
  const interpolate = (text: string): string => replace(text);
  const data = answers.frames.map(toDataFrame);
  const transformed = await lastValueFrom(transformDataFrame(steps, data, { interpolate }));
  const frames = applyFieldOverrides({
    data: transformed,
    fieldConfig,
    fieldConfigRegistry: fieldRegistry(fieldConfig),
    replaceVariables: replace,
    theme,
    timeZone,
  });
  // Tables look their columns up by the cached name; without it every cell is empty.
  cacheFieldDisplayNames(frames);
  return { frames, errors: [...answers.errors, ...foreignQueries(panel), ...unknownTransformations(panel)] };
}
