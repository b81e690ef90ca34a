import { parse } from 'yaml';
import { askGit, blobId, blobsAt, readBlobs } from '../../lib/git.ts';
import type { AlertTest } from '../alerts/tests.ts';
import type { Artefacts } from '../artefacts.ts';
import type { Bundle } from '../bundle.ts';
import type { FileGroup } from '../snapshot.ts';
import { changedNames, namesBehind, type RuleFiles, ruleFilesOf } from './rules.ts';

const folder = 'generated';
const ruleFile = /^prometheus\/rules\/(?<name>.*)\.yml$/;

/** Rule files at a commit, those that have not changed as they are now. */
function rulesAt(heads: ReadonlyMap<string, string>, artefacts: Artefacts, now: RuleFiles): RuleFiles {
  const paths = [...heads.keys()].map((path) => path.slice(folder.length + 1));
  const ids = new Map(
    paths.flatMap((path) => {
      const id = heads.get(`${folder}/${path}`) ?? '';
      const name = ruleFile.exec(path)?.groups?.name ?? '';
      const text = artefacts.get(path);
      return name === '' || name === 'bundle' || (text !== undefined && blobId(text, id) === id)
        ? []
        : [[name, id] as const];
    }),
  );
  const texts = readBlobs([...ids.values()]);
  const changed = [...ids].map(([name, id]) => {
    const { groups } = parse(texts.get(id) ?? '') as { groups?: FileGroup[] };
    return [name, groups ?? []] as const;
  });
  const added = Object.keys(now).filter((name) => !heads.has(`${folder}/prometheus/rules/${name}.yml`));
  return { ...now, ...Object.fromEntries(added.map((name) => [name, []])), ...Object.fromEntries(changed) };
}

/** The last commit, and of a merge also what was merged; none outside of a repository, and before its first commit. */
function bases(): readonly string[] {
  const [head, ...parents] = askGit('rev-list', '--parents', '--max-count=1', 'HEAD')?.split(' ') ?? [];
  return head === undefined ? [] : parents.length > 1 ? [head, ...parents] : [head];
}

/** The paths of the test files whose outcome can be another one than at a commit. */
function reachedFrom(
  commit: string,
  tests: readonly AlertTest[],
  bundle: Bundle,
  artefacts: Artefacts,
): ReadonlySet<string> {
  const heads = blobsAt(commit, `${folder}/prometheus`);
  const now = ruleFilesOf(bundle);
  const changed = changedNames(rulesAt(heads, artefacts, now), now);
  const isReached = ({ path, alert }: AlertTest): boolean => {
    const id = heads.get(`${folder}/${path}`);
    if (id === undefined || blobId(artefacts.get(path) ?? '', id) !== id) return true;
    return changed.size > 0 && [...namesBehind(alert, bundle)].some((name) => changed.has(name));
  };
  return new Set(tests.filter(isReached).map(({ path }) => path));
}

/**
 * The test files whose outcome a change since the last commit can alter: their examples, the alert, or a rule that it
 * reads is another one now than there. All of them where there is no commit to compare with.
 */
export function reachedTests(
  tests: readonly AlertTest[],
  bundle: Bundle,
  artefacts: Artefacts,
): readonly AlertTest[] {
  let left = tests;
  for (const commit of bases()) {
    const reached = reachedFrom(commit, left, bundle, artefacts);
    left = left.filter(({ path }) => reached.has(path));
    if (left.length === 0) break;
  }
  return left;
}
