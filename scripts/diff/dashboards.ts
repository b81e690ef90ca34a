import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { type Change, code, compareKeys, same } from './change.ts';
import { describeExpression, sameExpression } from './expression.ts';
import { panelFindings } from './panel.ts';

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
    return (entry as RowPanel).panels.map((panel, i) => ({ row: own, panel, index: index + i / 1000 }));
  });
}

const rows = (dashboard: Dashboard): Map<string, RowPanel> =>
  new Map(
    (dashboard.panels ?? []).flatMap((p) =>
      p.type === 'row' ? [[p.title ?? '', p as RowPanel] as const] : [],
    ),
  );

/** What makes two panels of different names the same one: what they ask and how they show it. */
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

type Draft = Omit<Change, 'area' | 'dashboard'>;

function panelChanges(uid: string, before: Dashboard, after: Dashboard): Draft[] {
  const { pairs, removed, added } = pair(placed(before), placed(after));
  const found: Draft[] = [];
  for (const { row, panel } of removed)
    found.push({
      place: [uid, row, panel.title ?? ''],
      text: 'panel removed',
      risk: 'nothing else shows it',
    });
  for (const { row, panel } of added)
    found.push({
      place: [uid, row, panel.title ?? ''],
      text: `panel added (${panel.type})`,
      ...(panel.id !== undefined && { panel: panel.id }),
    });
  for (const [a, b] of pairs) {
    const place = [uid, b.row, b.panel.title ?? ''];
    const panel = b.panel.id === undefined ? {} : { panel: b.panel.id };
    if (a.row !== b.row)
      found.push({ place, text: `moved from row ${code(a.row)} to ${code(b.row)}`, ...panel });
    for (const { query, ...finding } of panelFindings(a.panel, b.panel))
      found.push({ place: query ? [...place, query] : place, ...finding, ...panel });
  }
  return [...found, ...moves(uid, pairs)];
}

/** Panels that stand in another order within their row. Only the ones that overtook others are named. */
function moves(uid: string, pairs: readonly (readonly [Placed, Placed])[]): Draft[] {
  const found: Draft[] = [];
  for (const row of new Set(pairs.map(([, b]) => b.row))) {
    const own = pairs.filter(([a, b]) => a.row === row && b.row === row);
    const order = [...own].sort(([, x], [, y]) => x.index - y.index);
    const was = [...own].sort(([x], [y]) => x.index - y.index);
    const first = order.findIndex((p, i) => p !== was[i]);
    if (first !== -1)
      found.push({
        place: [uid, row],
        text: `order changed: ${order.map(([, b]) => b.panel.title ?? '').join(', ')}`,
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
      if (a.repeat !== b.repeat)
        found.push({
          place: [uid, name],
          text: `row repeated by ${code(a.repeat ?? 'nothing')} → ${code(b.repeat ?? 'nothing')}`,
        });
      return found;
    }),
    ...(same(order(before), order(after))
      ? []
      : [{ place: [uid], text: `rows in another order: ${order(after).join(', ')}` }]),
  ];
}

interface Named {
  readonly name?: string;
  readonly title?: string;
}
const byName = <T extends Named>(list: readonly T[] | undefined): Map<string, T> =>
  new Map((list ?? []).map((item) => [item.name ?? item.title ?? '', item]));

function variableChanges(uid: string, before: Dashboard, after: Dashboard): Draft[] {
  const [from, to] = [byName(before.templating.list), byName(after.templating.list)];
  const { removed, added, both } = compareKeys(from, to);
  const place = (name: string): string[] => [uid, 'variables', name];
  return [
    ...removed.map((name) => ({
      place: place(name),
      text: 'variable removed',
      risk: 'links that set it no longer do anything',
    })),
    ...added.map((name) => ({ place: place(name), text: 'variable added' })),
    ...both.flatMap((name) => {
      const [a, b] = [
        from.get(name)! as unknown as Record<string, unknown>,
        to.get(name)! as unknown as Record<string, unknown>,
      ];
      const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
        (key) => key !== 'definition' && key !== 'options',
      );
      return keys
        .filter((key) => !same(a[key], b[key]))
        .map((key) => ({
          place: place(name),
          text: `${key} ${code(a[key] ?? 'none')} → ${code(b[key] ?? 'none')}`,
        }));
    }),
  ];
}

interface Target {
  readonly expr?: string;
}
function annotationChanges(uid: string, before: Dashboard, after: Dashboard): Draft[] {
  const [from, to] = [byName(before.annotations.list), byName(after.annotations.list)];
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
        : [{ place: place(name), text: 'annotation’s look or texts changed' }];
      return [...query, ...rest];
    }),
  ];
}

const settings = [
  'title',
  'description',
  'tags',
  'time',
  'refresh',
  'timezone',
  'graphTooltip',
  'editable',
  'schemaVersion',
  'links',
] as const;
const names: Readonly<Record<string, string>> = {
  graphTooltip: 'shared crosshair',
  time: 'time span',
  refresh: 'refresh',
};

const settingChanges = (uid: string, before: Dashboard, after: Dashboard): Draft[] =>
  settings
    .filter((key) => !same(before[key], after[key]))
    .map((key) => ({
      place: [uid],
      text:
        key === 'links'
          ? 'links to other dashboards changed'
          : `${names[key] ?? key} ${code(before[key] ?? 'none')} → ${code(after[key] ?? 'none')}`,
    }));

/** Everything that changed in the dashboards. */
export function dashboardChanges(
  before: ReadonlyMap<string, Dashboard>,
  after: ReadonlyMap<string, Dashboard>,
): Change[] {
  const { removed, added, both } = compareKeys(before, after);
  const drafts: [string, Draft][] = [];
  for (const uid of removed) {
    const title = before.get(uid)?.title;
    const heir = added.find((other) => after.get(other)?.title === title);
    const text = heir ? `uid changed to ${code(heir)}` : 'dashboard removed';
    drafts.push([uid, { place: [uid], text, risk: 'bookmarks and links to it break' }]);
    if (heir)
      drafts.push(
        ...changesOf(heir, before.get(uid)!, after.get(heir)!).map((d) => [heir, d] as [string, Draft]),
      );
  }
  for (const uid of added)
    if (!removed.some((old) => before.get(old)?.title === after.get(uid)?.title))
      drafts.push([uid, { place: [uid], text: `dashboard added: ${after.get(uid)?.title}` }]);
  for (const uid of both)
    drafts.push(...changesOf(uid, before.get(uid)!, after.get(uid)!).map((d) => [uid, d] as [string, Draft]));
  return drafts.map(([dashboard, draft]) => ({ area: 'dashboard', dashboard, ...draft }));
}

const changesOf = (uid: string, before: Dashboard, after: Dashboard): Draft[] => [
  ...settingChanges(uid, before, after),
  ...variableChanges(uid, before, after),
  ...annotationChanges(uid, before, after),
  ...rowChanges(uid, before, after),
  ...panelChanges(uid, before, after),
];
