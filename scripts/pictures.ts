import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'zx';
import { parseCommand } from '../src/lib/args.ts';
import { EnvironmentFailure, runMain } from '../src/lib/errors.ts';
import { projectPath, root } from '../src/lib/root.ts';
import { say } from '../src/lib/terminal.ts';
import { loadPipeline } from '../src/pipeline/index.ts';
import { pictureName, picturesIn, type Stamps, stampName } from '../src/preview/index.ts';

const spec = {
  name: 'pictures',
  summary: 'Takes the pictures of the dashboards that the README and the docs show, on simulated data.',
  options: {},
  footer: 'Needs Chromium, as "npm run screenshots" does. The build warns when they are out of date.',
} as const;

await runMain(async () => {
  const { values } = parseCommand(spec);
  const { file, generated } = await loadPipeline(values.pipeline);
  const picturesFolder = picturesIn(generated);
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
  try {
    const { exitCode } = await $({
      cwd: root,
      stdio: 'inherit',
      nothrow: true,
    })`node scripts/run.mjs screenshots --out ${folder} --pipeline ${file}`;
    if (exitCode !== 0)
      throw new EnvironmentFailure(
        'The pictures could not be taken.',
        `${projectPath(picturesFolder)} is as it was.`,
      );
    const taken = JSON.parse(readFileSync(join(folder, stampName), 'utf8')) as Stamps;
    mkdirSync(picturesFolder, { recursive: true });
    const stamps: Stamps = Object.fromEntries(
      Object.entries(taken).map(([uid, { from, files }]) => {
        const name = pictureName(uid);
        cpSync(join(folder, name), join(picturesFolder, name));
        return [uid, { from, files: { [name]: files[name] ?? '' } }];
      }),
    );
    for (const name of readdirSync(picturesFolder))
      if (name.endsWith('.png') && !(name.slice(0, -4) in stamps)) rmSync(join(picturesFolder, name));
    writeFileSync(join(picturesFolder, stampName), `${JSON.stringify(stamps, null, 2)}\n`);
    say(`${projectPath(picturesFolder)}: ${Object.keys(stamps).length} pictures.`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
