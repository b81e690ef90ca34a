import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { inProject } from '../../../src/lib/root.ts';
import { ensureInstalled, previewFolder } from '../../../src/preview/install.ts';
import { setupTimeout } from '../support/browser.ts';

it(
  'fits the types of Grafana’s packages',
  async () => {
    await ensureInstalled();
    const tsc = inProject('node_modules', 'typescript', 'bin', 'tsc');
    const run = (): string =>
      execFileSync(process.execPath, [tsc, '--noEmit', '-p', previewFolder], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(run()).toBe('');
  },
  setupTimeout,
);
