import { execFileSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { UserError } from '../../lib/errors.ts';
import { projectPath, root } from '../../lib/root.ts';
import type { Dashboard } from '../../panels/index.ts';
import type { Loaded } from '../../pipeline/index.ts';
import {
  dashboardsIn,
  parseRecording,
  type Recording,
  readDashboard,
  recordingBeside,
} from '../../preview/index.ts';

function git(...args: string[]): string {
  return execFileSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The full id of a commit. @throws UserError when git does not know the ref */
export function resolveRef(ref: string): string {
  try {
    return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`).trim();
  } catch {
    throw new UserError(
      `--base ${ref} is no commit that git knows.`,
      'Name a branch, a tag or a commit; in CI, fetch it first.',
    );
  }
}

/** Paths below a folder as they were at a commit. */
const filesAt = (commit: string, folder: string): string[] =>
  git('ls-tree', '-r', '-z', '--name-only', commit, '--', folder).split('\0').filter(Boolean);

/** The generated dashboards of a commit; none when it had none. */
export function dashboardsAt(commit: string, { generated }: Pick<Loaded, 'generated'>): Dashboard[] {
  const folder = projectPath(dashboardsIn(generated));
  return filesAt(commit, folder)
    .filter((path) => path.endsWith('.json'))
    .map((path) => readDashboard(join(folder, basename(path)), git('show', `${commit}:${path}`)));
}

/** The recording of a commit, when it had one that can be read. */
export function recordingAt(commit: string, { file }: Pick<Loaded, 'file'>): Recording | undefined {
  const path = projectPath(recordingBeside(file));
  if (filesAt(commit, path).length === 0) return undefined;
  try {
    return parseRecording(git('show', `${commit}:${path}`));
  } catch {
    return undefined;
  }
}
