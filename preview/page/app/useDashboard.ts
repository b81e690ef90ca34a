import { useEffect, useState } from 'react';
import {
  annotationRequest,
  annotationsOf,
  type Dashboard,
  type Look,
  type Mark,
  marksOf,
  type ResolvedVariable,
  repeated,
  type Surroundings,
  surroundingsOfLook,
} from '../../../src/panels/index.ts';
import { ask, loadDashboard } from '../data/server.ts';
import { useBusy } from './ready.ts';

/** A dashboard with everything that its panels share. */
export interface Loaded {
  readonly dashboard: Dashboard;
  readonly around: Surroundings;
  readonly variables: readonly ResolvedVariable[];
  readonly marks: readonly Mark[];
  /** Errors outside the panels: variables and annotations. */
  readonly problems: readonly string[];
}

async function askMarks(
  dashboard: Dashboard,
  around: Surroundings,
): Promise<{ marks: Mark[]; problems: string[] }> {
  const found = await Promise.all(
    annotationsOf(dashboard).map(async (annotation) => {
      const answer = await ask(annotationRequest(annotation, around).request);
      if (!answer.ok) return { marks: [], problems: [`Annotation “${annotation.name}”: ${answer.error}`] };
      return { marks: marksOf(annotation, answer.result), problems: [] };
    }),
  );
  return { marks: found.flatMap((f) => f.marks), problems: found.flatMap((f) => f.problems) };
}

async function load(uid: string, look: Look, now: number): Promise<Loaded> {
  const written = await loadDashboard(uid);
  const { around, variables } = await surroundingsOfLook(written, look, now, ask);
  const dashboard = repeated(written, around.values);
  const { marks, problems } = await askMarks(dashboard, around);
  const broken = variables.flatMap((v) => (v.error ? [`Variable “${v.variable.name}”: ${v.error}`] : []));
  return { dashboard, around, variables, marks, problems: [...broken, ...problems] };
}

/**
 * Loads a dashboard for a look at it, and again whenever `revision` changes.
 * @param now Unix milliseconds, asked at each load
 */
export function useDashboard(
  uid: string,
  { chosen, time }: Look,
  now: () => number,
  revision: number,
): { loaded?: Loaded; error?: string; loading: boolean } {
  const [result, setResult] = useState<{ key?: string; loaded?: Loaded; error?: string }>({});
  const key = JSON.stringify([uid, chosen, time, revision]);
  // The key stands for everything that is asked.
  useEffect(() => {
    let current = true;
    load(uid, { chosen, ...(time && { time }) }, now())
      .then((loaded) => current && setResult({ key, loaded }))
      .catch((error: Error) => current && setResult((old) => ({ ...old, key, error: error.message })));
    return () => {
      current = false;
    };
  }, [key]);
  const loading = result.key !== key;
  useBusy('dashboard', loading);
  return { ...result, loading };
}
