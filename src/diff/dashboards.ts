import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  type Change,
  changed,
  code,
  compareKeys,
  type Draft,
  leaves,
  listIn,
  same,
  without,
} from './change.ts';
import { replacementOf } from './downstream.ts';
import { describeExpression, sameExpression } from './expression.ts';
import { panelFindings } from './panel.ts';
import { variableChanges } from './variables.ts';

/** A panel and the row that it stands in. */
interface Placed {
  readonly row: string;
  readonly panel: Panel;
  readonly index: number;
}

function placed(dashboard: Dashboard): Placed[] {
  let row = '';
  return (dashboard.panels ?? []).flatMap((entry, index): Placed[] => {
    if (entry.type !== 'row') return [{ row, panel: entry as Panel, index }];
    row = entry.title ?? '';
    const own = row;
    return listIn<Panel>((entry as RowPanel).panels).map((panel, i) => ({
      row: own,
      panel,
      index: index + i / 1000,
    }));
  });
}

const rows = (dashboard: Dashboard): Map<string, RowPanel> =>
  new Map(
    (dashboard.panels ?? []).flatMap((p) =>
      p.type === 'row' ? [[p.title ?? '', p as RowPanel] as const] : [],
    ),
  );

/** Identity of a panel under another name: its queries and how it shows them. */
const likeness = ({ panel }: Placed): string => JSON.stringify([panel.type, panel.targets]);

/** Pairs of panels: of the same id, else of the same title, else (renamed) of the same queries. */
function pair(before: readonly Placed[], after: readonly Placed[]) {
  const pairs: [Placed, Placed][] = [];
  let [left, right] = [[...before], [...after]];
  for (const key of [
    ({ panel }: Placed) => String(panel.id),
    ({ panel }: Placed) => panel.title ?? '',
    likeness,
  ]) {
    for (const a of left) {
      const b = right.find((candidate) => key(candidate) === key(a));
      if (!b) continue;
      pairs.push([a, b]);
      right = right.filter((x) => x !== b);
    }
    left = left.filter((a) => !pairs.some(([x]) => x === a));
  }
  return { pairs, removed: left, added: right };
}

/** Queries of a panel. */
const expressions = (panel: Panel): string[] =>
  ((panel.targets ?? []) as { expr?: string }[]).flatMap(({ expr }) => (expr ? [expr] : []));

const idOf = ({ id }: Panel): { panel?: number } => (id === undefined ? {} : { panel: id });

function panelChanges(
  uid: string,
  before: Dashboard,
  after: Dashboard,
  dashboards: ReadonlyMap<string, Dashboard>,
): Draft[] {
  const { pairs, removed, added } = pair(placed(before), placed(after));
  const found: Draft[] = [];
  for (const { row, panel } of removed) {
    const replacement = replacementOf(expressions(panel), dashboards);
    found.push({
      place: [uid, row, panel.title ?? ''],
      ...(replacement
        ? { text: `panel removed; ${replacement} shows the same` }
        : { text: 'panel removed', risk: 'nothing else shows it' }),
      ...idOf(panel),
    });
  }
  for (const { row, panel } of added)
    found.push({
      place: [uid, row, panel.title ?? ''],
      text: `panel added (${code(panel.type)})`,
      ...idOf(panel),
    });
  for (const [a, b] of pairs) {
    const place = [uid, b.row, b.panel.title ?? ''];
    const panel = idOf(b.panel);
    if (a.row !== b.row)
      found.push({ place, text: `moved from row ${code(a.row)} to ${code(b.row)}`, ...panel });
    for (const { query, ...finding } of panelFindings(a.panel, b.panel))
      found.push({ place: query ? [...place, query] : place, ...finding, ...panel });
  }
  return [...found, ...moves(uid, pairs, [...removed, ...added])];
}

/** Where Grafana draws a panel: it goes by the place on the grid, and not by the order in the file. */
const byPlace = (a: Placed, b: Placed): number =>
  (a.panel.gridPos?.y ?? 0) - (b.panel.gridPos?.y ?? 0) ||
  (a.panel.gridPos?.x ?? 0) - (b.panel.gridPos?.x ?? 0) ||
  a.index - b.index;

/** Panels that stand in another order within their row, or in another column although nothing made them move. */
function moves(
  uid: string,
  pairs: readonly (readonly [Placed, Placed])[],
  others: readonly Placed[],
): Draft[] {
  const found: Draft[] = [];
  for (const row of new Set(pairs.map(([, b]) => b.row))) {
    const own = pairs.filter(([a, b]) => a.row === row && b.row === row);
    const order = [...own].sort(([, x], [, y]) => byPlace(x, y));
    const was = [...own].sort(([x], [y]) => byPlace(x, y));
    const names = (list: typeof own): string => list.map(([, b]) => b.panel.title ?? '').join(', ');
    if (order.some((p, i) => p !== was[i]))
      found.push({ place: [uid, row], text: `order changed: ${code(names(was))} → ${code(names(order))}` });
    else if (
      own.every(([a, b]) => a.panel.gridPos?.w === b.panel.gridPos?.w) &&
      pairs.every(([a, b]) => a.row === b.row || (a.row !== row && b.row !== row)) &&
      others.every((one) => one.row !== row)
    )
      for (const [{ panel: a }, { panel: b }] of own)
        if (a.gridPos?.x !== b.gridPos?.x)
          found.push({
            place: [uid, row, b.title ?? ''],
            text: `column ${code(a.gridPos?.x)} → ${code(b.gridPos?.x)}`,
            ...idOf(b),
          });
  }
  return found;
}

function rowChanges(uid: string, before: Dashboard, after: Dashboard): Draft[] {
  const { removed, added, both } = compareKeys(rows(before), rows(after));
  const order = (d: Dashboard): string[] => [...rows(d).keys()].filter((name) => both.includes(name));
  return [
    ...removed.map((name) => ({ place: [uid, name], text: 'row removed' })),
    ...added.map((name) => ({ place: [uid, name], text: 'row added' })),
    ...both.flatMap((name) => {
      const [a, b] = [rows(before).get(name)!, rows(after).get(name)!];
      const found: Draft[] = [];
      if (a.collapsed !== b.collapsed)
        found.push({ place: [uid, name], text: b.collapsed ? 'row collapsed' : 'row opened' });
      const known = ['collapsed', 'repeat', 'panels', 'gridPos', 'title'];
      for (const { path, a: x, b: y } of leaves(without(a, known), without(b, known)))
        found.push({ place: [uid, name], ...changed(`row’s ${path}`, x, y) });
      if (a.repeat !== b.repeat)
        found.push({
          place: [uid, name],
          text: `row repeated by ${code(a.repeat ?? 'nothing')} → ${code(b.repeat ?? 'nothing')}`,
        });
      return found;
    }),
    ...(same(order(before), order(after))
      ? []
      : [
          {
            place: [uid],
            text: `rows in another order: ${code(order(before).join(', '))} → ${code(order(after).join(', '))}`,
          },
        ]),
  ];
}

const byName = <T extends { readonly name?: string }>(list: readonly T[] | undefined): Map<string, T> =>
  new Map(listIn<T>(list).map((item) => [item.name ?? '', item]));

interface Target {
  readonly expr?: string;
}

const sameTarget = (a: object | undefined, b: object | undefined): boolean =>
  same(without(a ?? {}, ['expr']), without(b ?? {}, ['expr']));

function annotationChanges(uid: string, before: Dashboard, after: Dashboard): Draft[] {
  const [from, to] = [byName(before.annotations?.list), byName(after.annotations?.list)];
  const { removed, added, both } = compareKeys(from, to);
  const place = (name: string): string[] => [uid, 'annotations', name];
  return [
    ...removed.map((name) => ({ place: place(name), text: 'annotation removed' })),
    ...added.map((name) => ({ place: place(name), text: 'annotation added' })),
    ...both.flatMap((name): Draft[] => {
      const [a, b] = [from.get(name)!, to.get(name)!];
      const [x, y] = [
        (a.target as Target | undefined)?.expr ?? '',
        (b.target as Target | undefined)?.expr ?? '',
      ];
      const query = sameExpression(x, y)
        ? []
        : describeExpression(x, y).map((text) => ({ place: place(name), text, before: x, after: y }));
      const rest = same({ ...a, target: undefined }, { ...b, target: undefined })
        ? []
        : leaves(without(a, ['target']), without(b, ['target'])).map(({ path, a: p, b: q }) => ({
            place: place(name),
            ...changed(path, p, q),
          }));
      const target = sameTarget(a.target, b.target)
        ? []
        : [{ place: place(name), text: 'settings of its query changed' }];
      return [...query, ...target, ...rest];
    }),
  ];
}

const names: Readonly<Record<string, string>> = {
  graphTooltip: 'shared crosshair',
  time: 'time span',
  links: 'links to other dashboards',
};
/** Parts that have functions of their own, and what Grafana counts by itself. */
const elsewhere = ['uid', 'id', 'version', 'panels', 'templating', 'annotations'];

function settingChanges(uid: string, before: Dashboard, after: Dashboard): Draft[] {
  const rest = (dashboard: Dashboard): Record<string, unknown> => ({
    ...without(dashboard, elsewhere),
    ...without(dashboard.templating ?? {}, ['list']),
    ...without(dashboard.annotations ?? {}, ['list']),
  });
  const [a, b] = [rest(before), rest(after)];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((key) => !same(a[key], b[key]))
    .map((key) => ({ place: [uid], ...changed(names[key] ?? key, a[key], b[key]) }));
}

/** Everything that changed in the dashboards. */
export function dashboardChanges(
  before: ReadonlyMap<string, Dashboard>,
  after: ReadonlyMap<string, Dashboard>,
): Change[] {
  const { removed, added, both } = compareKeys(before, after);
  const drafts: [string, Draft][] = [];
  for (const uid of removed) {
    const title = before.get(uid)?.title;
    const replacement = added.find((other) => after.get(other)?.title === title);
    const text = replacement ? `uid changed to ${code(replacement)}` : 'dashboard removed';
    drafts.push([uid, { place: [uid], text, risk: 'bookmarks and links to it break' }]);
    if (replacement)
      drafts.push(
        ...changesOf(replacement, before.get(uid)!, after.get(replacement)!, after).map(
          (d) => [replacement, d] as [string, Draft],
        ),
      );
  }
  for (const uid of added)
    if (!removed.some((old) => before.get(old)?.title === after.get(uid)?.title))
      drafts.push([uid, { place: [uid], text: `dashboard added: ${code(after.get(uid)?.title ?? '')}` }]);
  for (const uid of both)
    drafts.push(
      ...changesOf(uid, before.get(uid)!, after.get(uid)!, after).map((d) => [uid, d] as [string, Draft]),
    );
  return drafts.map(([dashboard, draft]) => ({ area: 'dashboard', dashboard, ...draft }));
}

const changesOf = (
  uid: string,
  before: Dashboard,
  after: Dashboard,
  dashboards: ReadonlyMap<string, Dashboard>,
): Draft[] => [
  ...settingChanges(uid, before, after),
  ...variableChanges(uid, before, after),
  ...annotationChanges(uid, before, after),
  ...rowChanges(uid, before, after),
  ...panelChanges(uid, before, after, dashboards),
];
