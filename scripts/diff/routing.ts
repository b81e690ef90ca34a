import { type Change, code, same } from './change.ts';

interface Route {
  readonly receiver?: string;
  readonly matchers?: readonly string[];
  readonly routes?: readonly Route[];
  readonly [key: string]: unknown;
}
interface Config {
  readonly route?: Route;
  readonly receivers?: readonly { readonly name: string }[];
  readonly inhibit_rules?: readonly Readonly<Record<string, unknown>>[];
}

/** Routes by what they match, from the root on. */
function routes(route: Route | undefined, prefix = 'default route'): Map<string, Route> {
  if (!route) return new Map();
  const { routes: children = [], ...own } = route;
  return new Map([
    [prefix, own as Route],
    ...children.flatMap((child) => {
      const name = `${prefix} › ${(child.matchers ?? ['everything']).join(', ')}`;
      return [...routes(child, name)];
    }),
  ]);
}

const file = 'alertmanager.yml';
type Draft = Omit<Change, 'area'>;

function routeChanges(before: Config, after: Config): Draft[] {
  const [from, to] = [routes(before.route), routes(after.route)];
  const names = [...new Set([...from.keys(), ...to.keys()])];
  return names.flatMap((name): Draft[] => {
    const [a, b] = [from.get(name), to.get(name)];
    const place = [file, name];
    if (!b) return [{ place, text: 'route removed', risk: 'these alerts go somewhere else' }];
    if (!a) return [{ place, text: `route added, to ${code(b.receiver ?? '')}` }];
    return [...new Set([...Object.keys(a), ...Object.keys(b)])]
      .filter((key) => !same(a[key], b[key]))
      .map((key) => ({
        place,
        text: `${key} ${code(a[key] ?? 'none')} → ${code(b[key] ?? 'none')}`,
        ...(key === 'receiver' && { risk: 'somebody else hears of it' }),
      }));
  });
}

function listChanges(
  what: string,
  before: readonly unknown[],
  after: readonly unknown[],
  name: (item: unknown) => string,
): Draft[] {
  const gone = before.filter((a) => !after.some((b) => name(a) === name(b)));
  const fresh = after.filter((b) => !before.some((a) => name(a) === name(b)));
  const changed = before.filter((a) => after.some((b) => name(a) === name(b) && !same(a, b)));
  return [
    ...gone.map((item) => ({ place: [file, `${what}s`], text: `${what} removed: ${code(name(item))}` })),
    ...fresh.map((item) => ({ place: [file, `${what}s`], text: `${what} added: ${code(name(item))}` })),
    ...changed.map((item) => ({ place: [file, `${what}s`], text: `${what} changed: ${code(name(item))}` })),
  ];
}

/** Everything that changed in Alertmanager's configuration. */
export function routingChanges(before: unknown, after: unknown): Change[] {
  const [a, b] = [(before ?? {}) as Config, (after ?? {}) as Config];
  const named = (item: unknown): string => (item as { name?: string }).name ?? '';
  const drafts = [
    ...routeChanges(a, b),
    ...listChanges('receiver', a.receivers ?? [], b.receivers ?? [], named),
    ...listChanges('inhibition', a.inhibit_rules ?? [], b.inhibit_rules ?? [], (item) =>
      JSON.stringify(item),
    ),
  ];
  return drafts.map((draft) => ({ area: 'routing', ...draft }));
}
