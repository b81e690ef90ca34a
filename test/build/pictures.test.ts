import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { sha256 } from '../../scripts/build/manifest.ts';
import { stalePictures } from '../../scripts/build/pictures.ts';

const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
const stamp = join(folder, 'pictures.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const artefacts = new Map([
  ['grafana/dashboards/a.json', '{"title":"A"}'],
  ['grafana/dashboards/b.json', '{"title":"B"}'],
  ['prometheus/rules/x.yml', 'groups: []'],
]);
const stale = (): string[] => stalePictures(artefacts, stamp).map((f) => f.place.at(-1) ?? '');

it('names every dashboard whose picture is missing or of something else', () => {
  expect(stale()).toEqual(['a.png', 'b.png']);
  writeFileSync(
    stamp,
    JSON.stringify({
      'grafana/dashboards/a.json': sha256('{"title":"A"}'),
      'grafana/dashboards/b.json': 'old',
    }),
  );
  expect(stale()).toEqual(['b.png']);
  writeFileSync(
    stamp,
    JSON.stringify(Object.fromEntries([...artefacts].map(([path, text]) => [path, sha256(text)]))),
  );
  expect(stale()).toEqual([]);
});
