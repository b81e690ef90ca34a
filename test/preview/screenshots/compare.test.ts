import { describe, expect, it } from 'vitest';
import { changedPanels, comparePictures } from '../../../src/review/screenshots/compare.ts';
import { dashboardPicture, panelPicture } from './support.ts';

const states = (before: ReturnType<typeof panelPicture>[], after: ReturnType<typeof panelPicture>[]) => {
  const [dashboard] = comparePictures(
    [dashboardPicture('d', 'b', before)],
    [dashboardPicture('d', 'a', after)],
  );
  return Object.fromEntries(dashboard!.panels.map((p) => [p.id, p.state]));
};

describe('panels before and after', () => {
  it('are told apart: added, removed, changed, moved, different only in data, the same', () => {
    const before = [
      panelPicture(1, 'x'),
      panelPicture(2, 'x'),
      panelPicture(3, 'x'),
      panelPicture(4, 'x'),
      panelPicture(5, 'x'),
    ];
    const after = [
      panelPicture(1, 'x'),
      panelPicture(2, 'y', { title: 'Renamed' }),
      panelPicture(3, 'x', { gridPos: { x: 12, y: 3, w: 12, h: 4 } }),
      panelPicture(4, 'y'),
      panelPicture(6, 'x'),
    ];
    expect(states(before, after)).toEqual({
      1: 'same',
      2: 'changed',
      3: 'moved',
      4: 'data',
      5: 'removed',
      6: 'added',
    });
  });

  it('did not move when something was inserted above them', () => {
    const at = (id: number, y: number) => panelPicture(id, 'x', { gridPos: { x: 0, y, w: 12, h: 4 } });
    const before = [at(1, 0), at(2, 4), at(3, 8)];
    expect(states(before, [at(9, 0), at(1, 4), at(2, 8), at(3, 12)])).toEqual({
      9: 'added',
      1: 'same',
      2: 'same',
      3: 'same',
    });
    // One panel went down: it moved, and those that it passed did not.
    expect(states(before, [at(2, 0), at(3, 4), at(1, 8)])).toEqual({ 1: 'moved', 2: 'same', 3: 'same' });
  });

  it('moved when their width or height changed', () => {
    const sized = (w: number, h: number) => panelPicture(1, 'x', { gridPos: { x: 0, y: 0, w, h } });
    expect(states([sized(12, 4)], [sized(12, 5)])).toEqual({ 1: 'moved' });
    expect(states([sized(12, 4)], [sized(8, 4)])).toEqual({ 1: 'moved' });
  });

  it('are the same when only the order of their properties differs', () => {
    const options = { a: 1, b: { c: [1, 2], d: 2 } };
    const turned = { b: { d: 2, c: [1, 2] }, a: 1 };
    expect(states([panelPicture(1, 'x', { options })], [panelPicture(1, 'x', { options: turned })])).toEqual({
      1: 'same',
    });
    const other = { a: 1, b: { c: [2, 1], d: 2 } };
    expect(states([panelPicture(1, 'x', { options })], [panelPicture(1, 'x', { options: other })])).toEqual({
      1: 'changed',
    });
  });

  it('are compared copy by copy when they are repeated', () => {
    const copy = (index: number, service: string, picture: string) =>
      panelPicture(1, picture, { copy: index, scope: { service: { value: service, text: service } } });
    const before = dashboardPicture('d', 'b', [copy(0, 'api', 'x'), copy(1, 'web', 'x')]);
    const after = dashboardPicture('d', 'a', [
      copy(0, 'api', 'x'),
      copy(1, 'web', 'y'),
      copy(2, 'database', 'x'),
    ]);
    const [dashboard] = comparePictures([before], [after]);
    expect(dashboard!.panels.map((p) => [p.title, p.state])).toEqual([
      ['Panel 1 · api', 'same'],
      ['Panel 1 · web', 'data'],
      ['Panel 1 · database', 'added'],
    ]);
  });

  it('count as changed although they look the same', () => {
    const [hidden] = [panelPicture(1, 'x', { description: 'new' })];
    expect(states([panelPicture(1, 'x')], [hidden])).toEqual({ 1: 'changed' });
  });
});

describe('dashboards before and after', () => {
  const old = dashboardPicture('old', 'x', [panelPicture(1, 'x')]);
  const kept = dashboardPicture('kept', 'x', [panelPicture(1, 'x')]);
  const fresh = dashboardPicture('fresh', 'x', [panelPicture(1, 'x')]);

  it('can come and go', () => {
    const found = comparePictures([old, kept], [kept, fresh]);
    expect(found.map((d) => [d.uid, d.state])).toEqual([
      ['kept', 'same'],
      ['fresh', 'added'],
      ['old', 'removed'],
    ]);
    expect(changedPanels(found[0]!)).toEqual([]);
    expect(changedPanels(found[1]!).map((p) => p.state)).toEqual(['added']);
  });

  it('change when a title or a variable does, though no panel did', () => {
    const [dashboard] = comparePictures([kept], [dashboardPicture('kept', 'y', [panelPicture(1, 'x')])]);
    expect([dashboard!.state, changedPanels(dashboard!)]).toEqual(['changed', []]);
  });
});
