import { parseLooseDuration } from '../lib/duration.ts';
import { expressionOf, intervalsOf, type Surroundings } from './builtins.ts';
import {
  type Annotation,
  annotationsOf,
  asksPrometheus,
  type Dashboard,
  dataPanels,
  type Panel,
  type Target,
} from './dashboard.ts';
import type { Ask, QueryRequest } from './query.ts';
import { repeated } from './repeat.ts';
import { alignedRange, stepOf } from './step.ts';
import { resolveSpan, type TimeSpan } from './time.ts';
import { type Chosen, type ResolvedVariable, resolveVariables, valuesOf } from './variables.ts';

/** A query of a panel as it is sent, and what is needed to turn the answer into frames. */
export interface PanelRequest {
  readonly target: Target;
  readonly request: QueryRequest;
  readonly stepMs: number;
  readonly span: TimeSpan;
}

/** The range that a panel shows: its own, when it has one and the dashboard's is relative. */
export function spanOf(panel: Pick<Panel, 'timeFrom'>, span: TimeSpan): TimeSpan {
  const own = panel.timeFrom;
  if (!own || !span.raw.from.startsWith('now') || parseLooseDuration(own) === undefined) return span;
  return resolveSpan({ from: `now-${own}`, to: 'now' }, span.to);
}

/** Every query of a panel that is not hidden, with variables replaced and times resolved. */
export function panelRequests(panel: Panel, whole: Surroundings): PanelRequest[] {
  const { span, values } = { span: spanOf(panel, whole.span), values: { ...whole.values, ...panel.scope } };
  const around = { ...whole, span, values };
  return (panel.targets ?? [])
    .filter((target) => !target.hide && target.expr && asksPrometheus(panel, target))
    .flatMap((target) => {
      const minimum = target.interval
        ? { interval: expressionOf(target.interval, around, () => undefined) }
        : {};
      const stepMs = stepOf(panel, minimum, span);
      const expr = expressionOf(target.expr, around, intervalsOf(stepMs, minimum));
      const instant = { kind: 'instant', expr, time: Math.floor(span.to / 1_000) } as const;
      const range = { kind: 'range', expr, ...alignedRange(span, stepMs, whole.utcOffsetMs) } as const;
      const wanted = target.instant ? (target.range ? [range, instant] : [instant]) : [range];
      return wanted.map((request) => ({ target, request, stepMs, span }));
    });
}

/** The query of an annotation. A sample that is not zero is an event. */
export function annotationRequest(annotation: Annotation, around: Surroundings): PanelRequest {
  const interval = annotation.target?.interval;
  const least = interval === undefined ? undefined : parseLooseDuration(interval);
  // An annotation spans the whole page, and its default step is a minute.
  const page = { gridPos: { x: 0, y: 0, w: 24, h: 1 } };
  const stepMs = stepOf(page, { interval: `${least ?? 60_000}ms` }, around.span);
  const target = { refId: 'Anno', expr: annotation.target?.expr ?? '' };
  const expr = expressionOf(target.expr, around, intervalsOf(stepMs));
  return {
    target,
    request: { kind: 'range', expr, ...alignedRange(around.span, stepMs, around.utcOffsetMs) },
    stepMs,
    span: around.span,
  };
}

/** A view of a dashboard: which variables are chosen, which time it shows. */
export interface Look {
  readonly chosen: Chosen;
  readonly time?: { readonly from: string; readonly to: string };
}

/** The time range of a look: its own, else the dashboard's, else the last six hours. */
export const spanOfLook = (dashboard: Dashboard, look: Look, now: number): TimeSpan =>
  resolveSpan(look.time ?? dashboard.time ?? { from: 'now-6h', to: 'now' }, now);

/** The surroundings of every panel of a dashboard for one look, with its variables resolved. */
export async function surroundingsOfLook(
  dashboard: Dashboard,
  look: Look,
  now: number,
  ask: Ask,
): Promise<{ around: Surroundings; variables: readonly ResolvedVariable[] }> {
  const span = spanOfLook(dashboard, look, now);
  const variables = await resolveVariables(dashboard, look.chosen, span, ask);
  return { around: { span, values: valuesOf(variables), dashboard }, variables };
}

/**
 * Asks everything that a dashboard asks for one look: variables, panels and annotations. A recorder passes an
 * `ask` that keeps the answers; the page then finds them under the very same requests.
 * @returns what could not be answered, as `place: reason`
 */
export async function askEverything(
  dashboard: Dashboard,
  look: Look,
  now: number,
  ask: Ask,
): Promise<string[]> {
  const { around, variables } = await surroundingsOfLook(dashboard, look, now, ask);
  const failures = variables.flatMap((v) => (v.error ? [`variable ${v.variable.name}: ${v.error}`] : []));
  const panels = dataPanels(repeated(dashboard, around.values)).flatMap((panel) =>
    panelRequests(panel, around).map((r) => ({
      place: `${panel.title ?? panel.id} ${r.target.refId}`,
      ...r,
    })),
  );
  const annotations = annotationsOf(dashboard).map((a) => ({
    place: `annotation ${a.name}`,
    ...annotationRequest(a, around),
  }));
  for (const { place, request } of [...panels, ...annotations]) {
    const answer = await ask(request);
    if (!answer.ok) failures.push(`${place}: ${answer.error}`);
  }
  return failures;
}
