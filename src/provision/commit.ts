import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../lib/errors.ts';

const git = (root: string, ...args: string[]): string | undefined => {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
};

/**
 * The commit to deploy: the one given, GitHub's, or the one checked out. Railway builds the commit, not the working
 * tree, so a commit that holds another build of `generated/` is refused here instead of being deployed and rolled back.
 * @throws UserError when there is none, or it holds another build
 */
export function commitToDeploy(root: string, given: string | undefined, env: NodeJS.ProcessEnv): string {
  const wanted = given ?? env.GITHUB_SHA;
  const full = git(root, 'rev-parse', '--verify', '--quiet', `${wanted ?? 'HEAD'}^{commit}`)?.trim();
  if (full === undefined && wanted && /^[0-9a-f]{40}$/.test(wanted)) return wanted;
  if (full === undefined)
    throw new UserError(
      wanted
        ? `There is no commit ${wanted} here.`
        : 'There is no commit to deploy: this is no git repository.',
      'Name the full hash of a pushed commit: --commit HASH',
    );
  const committed = git(root, 'show', `${full}:generated/manifest.json`);
  const local = readFileSync(join(root, 'generated', 'manifest.json'), 'utf8');
  if (committed !== undefined && committed !== local)
    throw new UserError(
      `Commit ${full.slice(0, 7)} holds another build than generated/ here, and Railway would deploy the commit’s.`,
      'Commit and push generated/ first, or check out the commit that you name.',
    );
  if (committed === undefined)
    throw new UserError(
      `Commit ${full.slice(0, 7)} holds no generated/manifest.json, so its image would have no rules.`,
      'Commit and push generated/ first.',
    );
  return full;
}
