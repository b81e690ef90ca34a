import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'zx';
import type { Manifest } from './build/manifest.ts';
import { type PictureStamp, pictureName, picturesFolder, stampFile } from './build/pictures.ts';
import { parseCommand } from './lib/args.ts';
import { EnvironmentFailure, runMain } from './lib/errors.ts';
import { inProject, root } from './lib/root.ts';
import { say } from './lib/terminal.ts';

const spec = {
  name: 'pictures',
  summary: 'Takes the pictures of the dashboards that the README and the docs show, on simulated data.',
  options: {},
  footer: 'Needs Chromium, as "npm run screenshots" does. The build warns when they are out of date.',
} as const;

await runMain(async () => {
  parseCommand(spec);
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
  try {
    const { exitCode } = await $({
      cwd: root,
      stdio: 'inherit',
      nothrow: true,
    })`node scripts/run.mjs screenshots --out ${folder}`;
    if (exitCode !== 0)
      throw new EnvironmentFailure('The pictures could not be taken.', 'generated/images is as it was.');
    const { artefacts } = JSON.parse(
      readFileSync(inProject('generated', 'manifest.json'), 'utf8'),
    ) as Manifest;
    const dashboards = Object.entries(artefacts).filter(([path]) => path.startsWith('grafana/dashboards/'));
    mkdirSync(picturesFolder, { recursive: true });
    for (const [path] of dashboards)
      cpSync(join(folder, pictureName(path)), join(picturesFolder, pictureName(path)));
    const stamp: PictureStamp = Object.fromEntries(dashboards);
    writeFileSync(stampFile, `${JSON.stringify(stamp, null, 2)}\n`);
    say(`generated/images: ${dashboards.length} pictures.`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
