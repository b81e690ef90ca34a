import { type Prometheus, PrometheusError } from '../lib/prometheus.ts';
import { fillIn } from '../panels/index.ts';
import { type Change, code } from './change.ts';

/** Everything a dashboard can be set to, at once; a window as it opens. */
const variables: Readonly<Record<string, string>> = { window: '7d' };
const shown = 3;
/** Answers of a Prometheus that are about the query: it cannot be read, evaluated, or evaluated in time. */
const badQuery: ReadonlySet<number> = new Set([400, 422, 503]);

/** An expression with its variables filled in: what is not known matches everything. */
const askable = (expr: string, now: number): string =>
  fillIn(expr, { variables, from: now - 86_400, to: now }, 60)
    .replaceAll(/="\$\{?\w+\}?"/g, '=~".*"')
    .replaceAll(/\$\{?\w+\}?/g, '.*');

async function value(prometheus: Prometheus, expr: string, now: number): Promise<string> {
  try {
    const samples = await prometheus.query(askable(expr, now), now);
    if (samples.length === 0) return 'nothing';
    const numbers = samples.slice(0, shown).map((s) => String(Number(s.value.toPrecision(4))));
    return `${numbers.join(', ')}${samples.length > shown ? ` and ${samples.length - shown} more` : ''}`;
  } catch (error) {
    // One query can be wrong; a server that cannot be asked at all is one failure and not one for each query.
    if (error instanceof PrometheusError && badQuery.has(error.status))
      return `refused (${code(error.message)})`;
    throw error;
  }
}

/** Places of expressions: a query of a panel, a rule, an annotation's query. */
const isOfExpression = ({ area, place, before, after, text }: Change): boolean => {
  if (before === undefined || after === undefined || /^(annotation|description)/.test(text)) return false;
  if (area === 'alert' || area === 'rule') return true;
  return area === 'dashboard' && (/^query /.test(place.at(-1) ?? '') || place[1] === 'annotations');
};

/** Adds to each changed expression what it gives now, before and after; everything else stays as it is. */
export async function withValues(
  changes: readonly Change[],
  prometheus: Prometheus,
  now: number,
): Promise<Change[]> {
  const result: Change[] = [];
  for (const change of changes) {
    if (!isOfExpression(change)) {
      result.push(change);
      continue;
    }
    const from = await value(prometheus, change.before ?? '', now);
    const to = await value(prometheus, change.after ?? '', now);
    result.push({ ...change, text: `${change.text}; now ${from} → ${to}` });
  }
  return result;
}
