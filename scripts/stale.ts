import { loadBundle } from '../definitions.ts';
import { compare, renderArtefacts } from '../src/compile/index.ts';
import { UserError } from '../src/lib/errors.ts';
import { projectPath } from '../src/lib/root.ts';
import { loadPipeline } from '../src/pipeline/index.ts';

/**
 * Refuses to go on while `generated/` is not what the definitions say.
 * @throws UserError naming the files
 */
export async function refuseStale(named: string | undefined): Promise<void> {
  const { pipeline, generated } = await loadPipeline(named);
  const { added, changed, removed } = compare(generated, await renderArtefacts(loadBundle(pipeline)));
  const files = [...changed, ...added, ...removed].sort();
  if (files.length === 0) return;
  const shown = files.slice(0, 5).map((path) => `  - ${projectPath(generated)}/${path}`);
  const more = files.length > shown.length ? [`  and ${files.length - shown.length} more`] : [];
  throw new UserError(
    `${projectPath(generated)}/ is not what the definitions say, so nothing was planned or applied:\n${[...shown, ...more].join('\n')}`,
    'Run: npm run build',
  );
}
