import type { Change } from './change.ts';

/** `name{window="1h"}` taken apart. */
interface Identity {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
}

function identityOf(text: string): Identity {
  const [, name = text, inside = ''] = /^([^{]*)\{(.*)\}$/s.exec(text) ?? [];
  return {
    name,
    labels: new Map([...inside.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, k = '', v = '']) => [k, v])),
  };
}

/** One name for series that differ in labels: `name{window="1h|1d"}`. */
function together(identities: readonly Identity[]): string {
  const names = [...new Set(identities.flatMap(({ labels }) => [...labels.keys()]))].sort();
  const labels = names.map((name) => {
    const values = [...new Set(identities.map((identity) => identity.labels.get(name) ?? ''))];
    return `${name}="${values.join('|')}"`;
  });
  return `${identities[0]?.name ?? ''}${labels.length > 0 ? `{${labels.join(',')}}` : ''}`;
}

/** The same is said of rules that record one series, each with labels of its own: they were changed by one edit. */
const keyOf = ({ area, place, text, risk }: Change): string =>
  JSON.stringify([area, place[0], identityOf(place.at(-1) ?? '').name, text, risk]);

/** Changes of which one edit is the reason, as one: the rules of a series differ only in their labels. */
export function mergeAlike(changes: readonly Change[]): Change[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const mergeable = (change.area === 'rule' || change.area === 'objective') && change.place.length === 3;
    const key = mergeable ? keyOf(change) : JSON.stringify([change, groups.size]);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].map((list) => {
    const [first, ...rest] = list;
    if (!first || rest.length === 0) return first!;
    const ruleGroups = [...new Set(list.map(({ place }) => place[1]))];
    const readBy = [...new Set(list.flatMap((change) => change.readBy ?? []))].sort();
    return {
      ...first,
      place: [
        first.place[0] ?? '',
        ruleGroups.length === 1 ? (ruleGroups[0] ?? '') : `${ruleGroups.length} groups`,
        together(list.map(({ place }) => identityOf(place[2] ?? ''))),
      ],
      ...(readBy.length > 0 && { readBy }),
    };
  });
}
