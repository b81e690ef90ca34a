import { parse } from 'yaml';
import { askGit, blobId, blobsAt, readBlobs } from '../../lib/git.ts';
import type { Artefacts } from '../artefacts.ts';
import type { FileGroup } from '../snapshot.ts';
import { changedNames, namesBehind, type RuleFiles } from './rules.ts';

const folder = 'generated';
const ruleFile = /^prometheus\/rules\/(?<name>.*)\.yml$/;

/** A test file of an alert: its path below `generated/`, and the alert. */
export interface TestFile {
  readonly path: string;
  readonly alert: string;
}

/** Rule files at the last commit, those that have not changed as they are now. */
function rulesAtHead(heads: ReadonlyMap<string, string>, artefacts: Artefacts, now: RuleFiles): RuleFiles {
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

/**
 * The test files whose outcome a change since the last commit can alter: their examples, the alert, or a rule that it
 * reads is another one now. All of them where there is no commit to compare with.
 */
export function reachedTests(
  tests: readonly TestFile[],
  artefacts: Artefacts,
  now: RuleFiles,
): readonly TestFile[] {
  if (askGit('rev-parse', '--verify', '--quiet', 'HEAD') === undefined) return tests;
  const heads = blobsAt('HEAD', `${folder}/prometheus`);
  const changed = changedNames(rulesAtHead(heads, artefacts, now), now);
  return tests.filter(({ path, alert }) => {
    const id = heads.get(`${folder}/${path}`);
    if (id === undefined || blobId(artefacts.get(path) ?? '', id) !== id) return true;
    return changed.size > 0 && [...namesBehind(alert, now)].some((name) => changed.has(name));
  });
}
