import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadBundle } from '../../definitions.ts';
import pipeline from '../../pipeline.config.ts';
import { vocabularyOf } from '../../src/compile/index.ts';
import { inProject } from '../../src/lib/root.ts';
import { handEdits, readDesired, readGrafana } from '../../src/provision/index.ts';
import { changedSources, pull, pulledText, readSources } from '../../src/pull/index.ts';
import type { Spec } from '../fakes/grafana/state.ts';
import { fakeTransport } from '../fakes/wire/transport.ts';
import { changesOf, plan, provision, type Stage, settingsOf, stage } from '../provision/harness.ts';

const uid = 'deployment-pipeline';
const only = { options: { only: 'grafana' as const } };

/** A copy of this project, to change and to build. */
const folder = mkdtempSync(join(tmpdir(), 'pulled-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
for (const name of readdirSync(inProject()).filter((n) => !['node_modules', '.git', 'preview'].includes(n)))
  cpSync(inProject(name), join(folder, name), {
    recursive: true,
    filter: (path) => !path.includes('/generated/images'),
  });
symlinkSync(inProject('node_modules'), join(folder, 'node_modules'));
symlinkSync(inProject('preview'), join(folder, 'preview'));

/** The files of `npm run build`, without its checks, which take their time. */
writeFileSync(
  join(folder, 'scripts', 'build.ts'),
  `import { loadBundle } from '../definitions.ts';
import pipeline from '../pipeline.config.ts';
import { compare, renderArtefacts, write } from '../src/compile/index.ts';
import { inProject } from '../src/lib/root.ts';
const artefacts = await renderArtefacts(loadBundle(pipeline));
const folder = inProject('generated');
write(folder, artefacts, compare(folder, artefacts));
`,
);
const build = (): Promise<void> =>
  new Promise((resolve, reject) => {
    execFile(process.execPath, ['scripts/run.mjs', 'build'], { cwd: folder }, (error, stdout, stderr) =>
      error ? reject(new Error(stdout + stderr)) : resolve(),
    );
  });
const desired = () => readDesired(join(folder, 'generated'));

/** The panel of a dashboard, as it is stored. */
const changePanel = (spec: Spec, title: string, change: (panel: Spec) => void): Spec => {
  const panels = (spec.panels as Spec[]).flatMap((p) => [p, ...((p.panels as Spec[] | undefined) ?? [])]);
  change(panels.find((p) => p.title === title)!);
  return spec;
};

/** Environment of `npm run pull`. */
async function pulledFrom(on: Stage) {
  const { transport } = fakeTransport({ 'grafana.example': on.grafana.handler }, undefined, on.clock);
  const options = {
    mode: 'plan',
    format: 'table',
    only: 'grafana',
    yes: false,
    proofMs: undefined,
    flags: { adopt: false, force: false, prune: false, createDatasource: false },
  } as const;
  const half = await readGrafana(desired(), settingsOf(on.env, { only: 'grafana' }), undefined, options, {
    transport,
    clock: on.clock,
    print: () => {},
    say: () => {},
    ask: undefined,
    signal: undefined,
    commit: () => '',
  });
  const bundle = loadBundle(pipeline);
  const sources = readSources(folder);
  const edits = half ? handEdits(half) : [];
  const pulled = pull({ edits, built: bundle.dashboards, sources, vocabulary: vocabularyOf(bundle.metrics) });
  return { pulled, changed: changedSources(pulled, sources) };
}

describe('edit in Grafana 13 → plan → pull → build → plan', () => {
  it('ends with an empty plan, and the edit in the definition', async () => {
    const on = stage();
    expect((await provision(on, desired(), only)).result?.code).toBe(0);

    // In the editor: one more decimal, and another description.
    on.grafana.editNewer(uid, (spec) => {
      changePanel(spec, 'Success rate, $window', (panel) => {
        (panel.fieldConfig as { defaults: Spec }).defaults.decimals = 3;
      });
      return changePanel(spec, 'Last deployment', (panel) => {
        panel.description = String(panel.description).replace('counted on the right', 'counted beside it');
      });
    });
    const planned = await plan(on, desired(), only);
    expect(changesOf(planned)).toEqual([`edited dashboard ${uid}`]);

    const { pulled, changed } = await pulledFrom(on);
    expect(pulledText(pulled)).toContain('decimals');
    expect(pulled[0]?.edits).toHaveLength(2);
    expect(pulled[0]?.notes).toEqual([]);
    for (const [file, text] of changed) writeFileSync(join(folder, file), text);
    await build();

    // The dashboard is as it is defined now: what is left is the format in which it is stored, and our mark.
    const after = await plan(on, desired(), only);
    expect(after.result?.plan.changes.find((c) => c.id === uid)).toMatchObject({
      action: 'update',
      details: ['only the mark of what was applied'],
    });
    expect((await provision(on, desired(), only)).result?.code).toBe(0);
    expect(changesOf(await plan(on, desired(), only))).toEqual([]);
    expect((await pulledFrom(on)).pulled).toEqual([]);
    const { spec } = on.grafana.state.get('dashboards', uid)!;
    expect(JSON.stringify(spec)).toContain('counted beside it');
  }, 180_000);
});
