import { type Change, changed, code, type Draft, leaves, same, seconds, without } from './change.ts';
import { inhibitionChanges } from './inhibition.ts';
import type { Route } from './receivers.ts';

interface Receiver {
  readonly name: string;
  readonly [key: string]: unknown;
}
interface Config {
  readonly route?: Route;
  readonly receivers?: readonly Receiver[];
  readonly inhibit_rules?: readonly Readonly<Record<string, unknown>>[];
  readonly [key: string]: unknown;
}

const file = 'alertmanager.yml';

/** Routes by what they match, from the root on; a second one with the same matchers gets a number. */
function routes(route: Route | undefined, prefix = 'default route'): Map<string, Route> {
  const found = new Map<string, Route>();
  if (!route) return found;
  found.set(prefix, route);
  for (const [name, child] of children(route))
    for (const [below, one] of routes(child, `${prefix} › ${name}`)) found.set(below, one);
  return found;
}

function children({ routes: list = [] }: Route): Map<string, Route> {
  const found = new Map<string, Route>();
  for (const child of list) {
    const name = (child.matchers ?? ['everything']).join(', ');
    let unique = name;
    for (let i = 2; found.has(unique); i += 1) unique = `${name} (${i})`;
    found.set(unique, child);
  }
  return found;
}

const later = (a: unknown, b: unknown): boolean => seconds(String(b ?? '')) > seconds(String(a ?? ''));

/** Why a reviewer should look twice at a route's setting. */
function routeRisk(key: string, a: unknown, b: unknown): string | undefined {
  switch (key) {
    case 'receiver':
      return 'another receiver is notified';
    case 'group_wait':
    case 'group_interval':
      return later(a, b) ? 'it is heard of later' : undefined;
    case 'repeat_interval':
      return later(a, b) ? 'a reminder comes later' : undefined;
    case 'mute_time_intervals':
    case 'active_time_intervals':
      return b === undefined || same(b, []) ? undefined : 'it is not sent at these times';
    case 'continue':
      return b === true ? undefined : 'the routes below it no longer hear of it';
    default:
      return undefined;
  }
}

/** The first route that matches wins, so their order decides who hears of what. */
function orderChange(place: readonly string[], a: Route, b: Route): Draft[] {
  const [from, to] = [[...children(a).keys()], [...children(b).keys()]];
  const [was, is] = [from.filter((n) => to.includes(n)), to.filter((n) => from.includes(n))];
  if (same(was, is)) return [];
  return [
    {
      place,
      text: 'routes in another order',
      risk: 'the first match wins: another receiver may be notified',
      before: was.join('\n'),
      after: is.join('\n'),
    },
  ];
}

function routeChanges(before: Config, after: Config): Draft[] {
  const [from, to] = [routes(before.route), routes(after.route)];
  const names = [...new Set([...from.keys(), ...to.keys()])];
  return names.flatMap((name): Draft[] => {
    const [a, b] = [from.get(name), to.get(name)];
    const place = [file, name];
    if (!b) return [{ place, text: 'route removed', risk: 'these alerts go somewhere else' }];
    if (!a) return [{ place, text: `route added, to ${code(b.receiver ?? 'the receiver above it')}` }];
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
      (key) => key !== 'routes' && !same(a[key], b[key]),
    );
    return [
      ...orderChange(place, a, b),
      ...keys.map((key) => {
        const risk = routeRisk(key, a[key], b[key]);
        return { place, ...changed(key, a[key], b[key]), ...(risk && { risk }) };
      }),
    ];
  });
}

const configsOf = (receiver: Receiver): unknown[] =>
  Object.entries(receiver).flatMap(([key, list]) =>
    key.endsWith('_configs') && Array.isArray(list) ? list : [],
  );

/** Settings that say where a message goes. */
const destination =
  /(^|\.)(url|url_file|api_url|api_url_file|webhook_url|webhook_url_file|routing_key|routing_key_file|service_key|service_key_file|api_key|api_key_file|to|channel|chat_id|room_id|user_key|user_key_file)$/;

function receiverChanges(before: readonly Receiver[], after: readonly Receiver[]): Draft[] {
  const place = (name: string): string[] => [file, 'receivers', name];
  const other = (list: readonly Receiver[], name: string) => list.find((r) => r.name === name);
  const gone = before.filter((a) => !other(after, a.name));
  const fresh = after.filter((b) => !other(before, b.name));
  return [
    ...gone.map((r) => ({
      place: place(r.name),
      text: 'receiver removed',
      ...(configsOf(r).length > 0 && { risk: 'nothing is sent there any more' }),
    })),
    ...fresh.map((r) => ({ place: place(r.name), text: 'receiver added' })),
    ...before.flatMap((a): Draft[] => {
      const b = other(after, a.name);
      if (!b || same(a, b)) return [];
      if (configsOf(a).length > 0 && configsOf(b).length === 0)
        return [{ place: place(a.name), text: 'receiver emptied', risk: 'what is sent to it is lost' }];
      return leaves(a, b).map(({ path, a: x, b: y }) => {
        const [had, has] = [configsOf(a).length, configsOf(b).length];
        const risk = destination.test(path)
          ? 'its messages go somewhere else'
          : has < had
            ? 'it tells fewer than before'
            : undefined;
        return { place: place(a.name), ...changed(path, x, y), ...(risk && { risk }) };
      });
    }),
  ];
}

/** Global settings, templates, time intervals and all other sections. */
const otherChanges = (before: Config, after: Config): Draft[] => {
  const known = ['route', 'receivers', 'inhibit_rules'];
  return leaves(without(before, known), without(after, known)).map(({ path, a, b }) => ({
    place: [file],
    ...changed(path, a, b),
    ...(path.includes('time_intervals') && { risk: 'it decides when alerts are muted' }),
  }));
};

/** Everything that changed in Alertmanager's configuration. */
export function routingChanges(before: unknown, after: unknown): Change[] {
  const [a, b] = [(before ?? {}) as Config, (after ?? {}) as Config];
  const drafts = [
    ...routeChanges(a, b),
    ...receiverChanges(a.receivers ?? [], b.receivers ?? []),
    ...inhibitionChanges(a.inhibit_rules ?? [], b.inhibit_rules ?? []),
    ...otherChanges(a, b),
  ];
  return drafts.map((draft) => ({ area: 'routing', ...draft }));
}
