import { canonicalJson } from '../../lib/canonical.ts';
import { panelKey } from '../../panels/index.ts';
import type { DashboardPicture, PanelPicture } from './pictures.ts';
import { decodePng, pictureDifference, type Region } from './pixels.ts';

/** Comparison of a panel. `data`: its definition is the same, but it looks different. */
export type PanelState = 'added' | 'removed' | 'changed' | 'moved' | 'data' | 'same';

/** A panel before and after. */
export interface PanelComparison {
  readonly id: number;
  readonly title: string;
  readonly state: PanelState;
  readonly before: PanelPicture | undefined;
  readonly after: PanelPicture | undefined;
  /** Where the two pictures differ, of the picture's size; absent where they cannot be laid on each other. */
  readonly region?: Region & { readonly of: { readonly width: number; readonly height: number } };
}

/** A dashboard before and after. */
export interface DashboardComparison {
  readonly uid: string;
  readonly title: string;
  readonly state: 'added' | 'removed' | 'changed' | 'same';
  readonly before: DashboardPicture | undefined;
  readonly after: DashboardPicture | undefined;
  readonly panels: readonly PanelComparison[];
}

/** A panel's definition without its place, in one order of properties. */
function definition({ panel }: PanelPicture): string {
  const { gridPos: _, ...rest } = panel;
  return canonicalJson(rest);
}

/** Where the pictures of a panel differ, where both are of one size. */
function regionOf(
  before: PanelPicture | undefined,
  after: PanelPicture | undefined,
): PanelComparison['region'] {
  const found = before && after && pictureDifference(before.png, after.png);
  const of = after && decodePng(after.png);
  return typeof found === 'object' && of ? { ...found, of } : undefined;
}

function panelState(
  before: PanelPicture | undefined,
  after: PanelPicture | undefined,
  overtook: boolean,
): PanelState {
  if (!before) return 'added';
  if (!after) return 'removed';
  if (definition(before) !== definition(after)) return 'changed';
  const [a, b] = [before.panel.gridPos, after.panel.gridPos];
  if (overtook || a.x !== b.x || a.w !== b.w || a.h !== b.h) return 'moved';
  return pictureDifference(before.png, after.png) === 'none' ? 'same' : 'data';
}

type ByKey = ReadonlyMap<string, PanelPicture>;

/** Keys of the panels of one side that the other has too, in the order in which they stand on the page. */
function inOrder(own: ByKey, other: ByKey): string[] {
  const place = (key: string): { x: number; y: number } => own.get(key)?.panel.gridPos ?? { x: 0, y: 0 };
  return [...own.keys()]
    .filter((key) => other.has(key))
    .sort((a, b) => place(a).y - place(b).y || place(a).x - place(b).x);
}

/** The longest list of numbers that rises, from left to right. */
function longestIncreasingSubsequence(numbers: readonly number[]): number[] {
  const best: number[][] = [];
  for (const [i, number] of numbers.entries()) {
    const before = best.filter((list) => (list.at(-1) ?? 0) < number);
    best[i] = [...before.reduce<number[]>((a, b) => (b.length > a.length ? b : a), []), number];
  }
  return best.reduce((a, b) => (b.length > a.length ? b : a), []);
}

/**
 * Panels that stand in another order: as few as explain it. A panel that only slid down because something was
 * inserted above it overtook nothing.
 */
function overtaking(old: ByKey, fresh: ByKey): Set<string> {
  const was = inOrder(old, fresh);
  const is = inOrder(fresh, old);
  const kept = new Set(longestIncreasingSubsequence(is.map((key) => was.indexOf(key))).map((i) => was[i]));
  return new Set(is.filter((key) => !kept.has(key)));
}

function comparePanels(
  before: DashboardPicture | undefined,
  after: DashboardPicture | undefined,
): PanelComparison[] {
  const old = new Map((before?.panels ?? []).map((p) => [panelKey(p.panel), p]));
  const fresh = new Map((after?.panels ?? []).map((p) => [panelKey(p.panel), p]));
  const overtook = overtaking(old, fresh);
  const keys = [...new Set([...fresh.keys(), ...old.keys()])];
  return keys.map((key) => {
    const [was, is] = [old.get(key), fresh.get(key)];
    const { id = 0, title = key, scope = {} } = (is ?? was)?.panel ?? {};
    // Copies of a repeated panel are told apart by what they are repeated for.
    const copies = Object.values(scope).flatMap(({ value }) => value);
    const name = [title, ...copies].join(' · ');
    const state = panelState(was, is, overtook.has(key));
    const region = state === 'same' ? undefined : regionOf(was, is);
    return { id, title: name, state, before: was, after: is, ...(region && { region }) };
  });
}

/** Compares the pictures of two states of the dashboards, by uid and panel id. */
export function comparePictures(
  before: readonly DashboardPicture[],
  after: readonly DashboardPicture[],
): DashboardComparison[] {
  const find = (list: readonly DashboardPicture[], uid: string) => list.find((p) => p.dashboard.uid === uid);
  const uids = [...new Set([...after, ...before].map((p) => p.dashboard.uid))];
  return uids.map((uid) => {
    const [was, is] = [find(before, uid), find(after, uid)];
    const panels = comparePanels(was, is);
    const differs =
      panels.some((p) => p.state !== 'same') || (was && is && pictureDifference(was.png, is.png) !== 'none');
    const state = !was ? 'added' : !is ? 'removed' : differs ? 'changed' : 'same';
    return { uid, title: (is ?? was)?.dashboard.title ?? uid, state, before: was, after: is, panels };
  });
}

/** Panels of a comparison that a reviewer has to look at. */
export const changedPanels = ({ panels }: DashboardComparison): PanelComparison[] =>
  panels.filter((panel) => panel.state !== 'same');
