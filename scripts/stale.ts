import { loadBundle } from '../definitions.ts';
import { compare, renderArtefacts } from '../src/compile/index.ts';
import { UserError } from '../src/lib/errors.ts';
import { inProject } from '../src/lib/root.ts';

/**
 * Refuses to go on while `generated/` is not what the definitions say.
 * @throws UserError naming the files
 */
export async function refuseStale(): Promise<void> {
  const { added, changed, removed } = compare(inProject('generated'), await renderArtefacts(loadBundle()));
  const files = [...changed, ...added, ...removed].sort();
  if (files.length === 0) return;
  const shown = files.slice(0, 5).map((path) => `  - generated/${path}`);
  const more = files.length > shown.length ? [`  and ${files.length - shown.length} more`] : [];
  throw new UserError(
    `generated/ is not what the definitions say, so nothing was planned or applied:\n${[...shown, ...more].join('\n')}`,
    'Run: npm run build',
  );
}
