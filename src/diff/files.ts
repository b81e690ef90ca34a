import { type Change, compareKeys } from './change.ts';

/** Files whose content is told in words; the rule that carries the version changes with every build. */
const told = /^(grafana\/dashboards\/|prometheus\/rules\/|alertmanager\/alertmanager\.yml$)/;
/** Files that follow from the definitions: a number of them says enough. */
const followers: readonly { readonly start: string; readonly name: string }[] = [
  { start: 'docs/', name: 'pages of the documentation' },
  { start: 'prometheus/tests/', name: 'tests of rules' },
];

/** Artefacts that changed and of which the diff has nothing to say but that they did. */
export function fileChanges(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Change[] {
  if (before.size === 0 || after.size === 0) return [];
  const { removed, added, both } = compareKeys(before, after);
  const found = [
    ...removed.map((path) => ({ path, text: 'removed' })),
    ...added.map((path) => ({ path, text: 'added' })),
    ...both
      .filter((path) => before.get(path) !== after.get(path))
      .map((path) => ({ path, text: 'changed (no words for it)' })),
  ].filter(({ path }) => !told.test(path));
  const counted = followers.flatMap(({ start, name }): Change[] => {
    const count = found.filter(({ path }) => path.startsWith(start)).length;
    return count === 0 ? [] : [{ area: 'file', place: [start], text: `${count} ${name} changed` }];
  });
  return [
    ...found
      .filter(({ path }) => !followers.some(({ start }) => path.startsWith(start)))
      .map(({ path, text }): Change => ({ area: 'file', place: [path], text })),
    ...counted,
  ];
}
