import { UserError } from '../lib/errors.ts';
import {
  type Ask,
  askEverything,
  type Dashboard,
  encodeResult,
  parseView,
  type QueryRequest,
  requestKey,
} from '../panels/index.ts';
import type { RecordedView, Recording } from './recording.ts';
import { notRecorded, recordedSource, type Source } from './source.ts';

/** `uid`, `uid?search` or `Name=uid?search` on the command line. @throws UserError for a dashboard that does not exist */
export function parseRecordedView(text: string, dashboards: readonly Dashboard[]): RecordedView {
  const [, name, uid = '', search = ''] = /^(?:([^=?]+)=)?([^?]+)(?:\?(.*))?$/s.exec(text) ?? [];
  const dashboard = dashboards.find((d) => d.uid === uid);
  if (!dashboard)
    throw new UserError(
      `--view ${text} names no dashboard.`,
      `There are: ${dashboards.map((d) => d.uid).join(', ')}`,
    );
  return { dashboard: uid, name: name ?? dashboard.title, search };
}

/** Queries that a page would ask and that a recording does not hold, as `dashboard › place`; one line for each. */
export async function missingFrom(recording: Recording, dashboards: readonly Dashboard[]): Promise<string[]> {
  const { failures } = await record(recordedSource([recording]), dashboards, recording.views);
  return [...new Set(failures.map((failure) => failure.replace(`: ${notRecorded}`, '')))];
}

/** Every dashboard is recorded at least as it opens. */
export function withDefaultViews(
  views: readonly RecordedView[],
  dashboards: readonly Dashboard[],
): RecordedView[] {
  return dashboards.flatMap((dashboard) => {
    const own = views.filter((view) => view.dashboard === dashboard.uid);
    return own.length > 0 ? own : [{ dashboard: dashboard.uid, name: dashboard.title, search: '' }];
  });
}

/**
 * Asks every query of every view and keeps the answers.
 * @returns the recording, and what could not be recorded, as `dashboard › place: reason`
 */
export async function record(
  source: Source,
  dashboards: readonly Dashboard[],
  views: readonly RecordedView[],
): Promise<{ recording: Recording; failures: string[] }> {
  const kept = new Map<string, { request: QueryRequest; result: ReturnType<typeof encodeResult> }>();
  const time = Math.floor(source.now() / 1_000);
  const ask: Ask = async (request) => {
    const answer = await source.ask(request);
    if (answer.ok) kept.set(requestKey(request), { request, result: encodeResult(answer.result) });
    return answer;
  };
  const failures: string[] = [];
  const all = withDefaultViews(views, dashboards);
  for (const view of all) {
    const dashboard = dashboards.find((d) => d.uid === view.dashboard) as Dashboard;
    const look = parseView(`/d/${view.dashboard}`, view.search);
    const failed = await askEverything(dashboard, look, time * 1_000, ask);
    failures.push(...failed.map((failure) => `${dashboard.uid} › ${failure}`));
  }
  return { recording: { format: 1, time, views: all, responses: [...kept.values()] }, failures };
}
