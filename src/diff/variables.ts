import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { changed, code, compareKeys, type Draft, leaves, listIn, same, without } from './change.ts';
import { variableExpression } from './downstream.ts';
import { describeExpression, sameExpression } from './expression.ts';

type Variable = Readonly<Record<string, unknown>>;

const textOf = (query: unknown): string =>
  typeof query === 'string' ? query : String((query as { query?: unknown } | undefined)?.query ?? '');

/** Fields that follow from a variable's query, or belong to Grafana's editor only. */
const derived = ['definition', 'options', 'query'];

/** A variable's query: which metric or matcher changed where it asks Prometheus, else both in full. */
function queryChanges(a: Variable, b: Variable): Omit<Draft, 'place'>[] {
  const [before, after] = [textOf(a.query), textOf(b.query)];
  if (before === after) {
    // Only what Grafana's editor notes beside it can differ now.
    const [x, y] = [a.query ?? {}, b.query ?? {}].map((q) => (typeof q === 'object' ? q : {}));
    return leaves(x, y, 'query').map(({ path, a: p, b: q }) => changed(path, p, q));
  }
  const [from, to] = [variableExpression(a.query), variableExpression(b.query)];
  const around = (text: string, expr: string): string => text.replace(expr, '').replaceAll(/\s/g, '');
  if (from && to && around(before, from) === around(after, to))
    return sameExpression(from, to)
      ? []
      : describeExpression(from, to).map((text) => ({ text: `query: ${text}`, before, after }));
  return [changed('query', before, after)];
}

/** Variables that came, went, changed or stand in another order. */
export function variableChanges(uid: string, before: Dashboard, after: Dashboard): Draft[] {
  const byName = ({ templating }: Dashboard): Map<string, Variable> =>
    new Map(listIn<Variable>(templating?.list).map((v) => [String(v.name ?? ''), v]));
  const [from, to] = [byName(before), byName(after)];
  const { removed, added, both } = compareKeys(from, to);
  const place = (name: string): string[] => [uid, 'variables', name];
  const order = [...to.keys()].filter((name) => both.includes(name));
  return [
    ...removed.map((name) => ({
      place: place(name),
      text: 'variable removed',
      risk: 'links that set it no longer do anything',
    })),
    ...added.map((name) => ({ place: place(name), text: 'variable added' })),
    ...both.flatMap((name): Draft[] => {
      const [a, b] = [from.get(name)!, to.get(name)!];
      const [x, y] = [without(a, derived), without(b, derived)];
      const keys = [...new Set([...Object.keys(x), ...Object.keys(y)])].filter(
        (key) => !same(x[key], y[key]),
      );
      return [...queryChanges(a, b), ...keys.map((key) => changed(key, x[key], y[key]))].map((draft) => ({
        place: place(name),
        ...draft,
      }));
    }),
    ...(same(both, order)
      ? []
      : [
          {
            place: [uid],
            text: `variables in another order: ${code(both.join(', '))} → ${code(order.join(', '))}`,
          },
        ]),
  ];
}
