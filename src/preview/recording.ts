import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sortKeys } from '../lib/canonical.ts';
import { UserError } from '../lib/errors.ts';
import { projectPath } from '../lib/root.ts';
import { type QueryRequest, requestKey, type WireNumber, type WireResult } from '../panels/index.ts';

/** One look at a dashboard that a recording holds; the first of a dashboard is shown when nothing else is asked for. */
export interface RecordedView {
  /** Uid of the dashboard. */
  readonly dashboard: string;
  readonly name: string;
  /** The address's query: `var-environment=production&from=now-7d&to=now`. */
  readonly search: string;
}

/** Prometheus' answers to every query of the dashboards at one moment. */
export interface Recording {
  readonly format: 1;
  /** Unix seconds that count as now. */
  readonly time: number;
  readonly views: readonly RecordedView[];
  readonly responses: readonly { readonly request: QueryRequest; readonly result: WireResult }[];
}

/** The recording beside a pipeline file, used when no Prometheus is given. */
export const recordingBeside = (pipelineFile: string): string =>
  join(dirname(pipelineFile), 'preview', 'fixture.json');

/** Digits that no panel shows are dropped, so that a recording stays small; a time as a value keeps its milliseconds. */
function roundNumber(value: WireNumber): WireNumber {
  if (typeof value !== 'number') return value;
  return Math.abs(value) >= 1e6 ? Math.round(value * 1e3) / 1e3 : Number(value.toPrecision(6));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byLabels = (a: readonly [object, unknown], b: readonly [object, unknown]): number =>
  compare(JSON.stringify(a[0]), JSON.stringify(b[0]));

/** Expressions whose result has an order that means something. */
const ordered = /\b(sort|sort_desc|sort_by_label|sort_by_label_desc|topk|bottomk)\b/;

/** The result with rounded numbers, sorted by labels where the order means nothing: Prometheus promises none. */
function tidy(request: QueryRequest, result: WireResult): WireResult {
  if ('samples' in result) {
    const samples = result.samples.map(([labels, value]) => [sortKeys(labels), roundNumber(value)] as const);
    const keepsOrder = request.kind === 'instant' && ordered.test(request.expr);
    return { samples: keepsOrder ? samples : samples.sort(byLabels) };
  }
  if ('values' in result) return { values: [...result.values].sort(compare) };
  const series = result.series
    .map(([labels, values]) => {
      const rounded = values.map((item) => {
        if (item === null) return null;
        if (typeof item !== 'object') return roundNumber(item);
        return [item[0] === null ? null : roundNumber(item[0]), item[1]] as const;
      });
      return [sortKeys(labels), rounded] as const;
    })
    .sort(byLabels);
  return { ...result, series };
}

/** A recording as text: the same for the same answers, one response on each line so that a diff can be read. */
export function writeRecording(recording: Recording): string {
  const responses = recording.responses
    .map(({ request, result }) => ({
      key: requestKey(request),
      line: JSON.stringify({ request, result: tidy(request, result) }),
    }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ line }) => line);
  const head = { format: recording.format, time: recording.time };
  const views = recording.views.map((view) => JSON.stringify(view));
  return [
    `${JSON.stringify(head).slice(0, -1)},`,
    `"views":[\n${views.join(',\n')}\n],`,
    `"responses":[\n${responses.join(',\n')}\n]}\n`,
  ].join('\n');
}

/** Reads the text of a recording. @throws Error in words when it is none */
export function parseRecording(text: string): Recording {
  const value = JSON.parse(text) as Partial<Recording>;
  if (value.format !== 1 || !Array.isArray(value.responses) || typeof value.time !== 'number')
    throw new Error('it is no recording of this preview (format 1)');
  return { ...value, views: value.views ?? [] } as Recording;
}

/** Reads a recording. @throws UserError when the file is missing or is none */
export async function readRecording(file: string): Promise<Recording> {
  const name = projectPath(file);
  if (!existsSync(file))
    throw new UserError(
      `There is no recording at ${name}.`,
      'Show live data with: npm run preview -- --prometheus URL, or make a recording with the same --pipeline: npm run preview -- --record simulation',
    );
  try {
    return parseRecording(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UserError(`${name} cannot be read: ${(error as Error).message}.`, 'Record it again.');
  }
}
