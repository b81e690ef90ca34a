import { canonicalJson } from '../../lib/canonical.ts';
import type { Rule, RuleGroup, ServedGroup } from '../rule.ts';

/** An expression in one agreed spelling. */
export type Spell = (expr: string) => string;

const identity = (rule: Rule): string => `${rule.kind} ${rule.name} ${canonicalJson(rule.labels)}`;
const nameOnly = (rule: Rule): string => `${rule.kind} ${rule.name}`;

/** Takes pairs with the same key out of both lists, in order. */
function pairUp<A extends Rule, B extends Rule>(
  before: readonly A[],
  after: readonly B[],
  key: (rule: Rule) => string,
): { pairs: [A, B][]; before: A[]; after: B[] } {
  const left = [...before];
  const pairs: [A, B][] = [];
  const rest = after.filter((b) => {
    const index = left.findIndex((a) => key(a) === key(b));
    if (index === -1) return true;
    pairs.push([left.splice(index, 1)[0] as A, b]);
    return false;
  });
  return { pairs, before: left, after: rest };
}

type Texts = Readonly<Record<string, string>>;

/** Words for labels or annotations; long values are named, not shown. */
function mapDifferences(word: string, before: Texts, after: Texts): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const [a, b] = [before[name], after[name]];
    if (a === b) return [];
    if (a === undefined) return [`${word} ${name} added`];
    if (b === undefined) return [`${word} ${name} removed`];
    return [a.length + b.length > 60 ? `${word} ${name} changed` : `${word} ${name} "${a}" becomes "${b}"`];
  });
}

function ruleDifferences(before: Rule, after: Rule, spell: Spell): string[] {
  const same = before.expr === after.expr || spell(before.expr) === spell(after.expr);
  const words = [
    ...(same ? [] : ['expression']),
    ...(before.for === after.for ? [] : [`for ${before.for} s becomes ${after.for} s`]),
    ...(before.keepFiringFor === after.keepFiringFor ? [] : ['keep_firing_for']),
    ...mapDifferences('label', before.labels, after.labels),
    ...mapDifferences('annotation', before.annotations, after.annotations),
  ];
  return words.length > 0 ? [`${after.name}: ${words.join(', ')}`] : [];
}

/**
 * How the group that a server runs differs from the one that is defined, in words; empty when it does not.
 * @param spell spells expressions so that equal ones are equal texts
 */
export function compareGroup(
  served: Omit<ServedGroup, 'rules'> & { readonly rules: readonly Rule[] },
  defined: RuleGroup,
  spell: Spell,
): string[] {
  const exact = pairUp(served.rules, defined.rules, identity);
  const named = pairUp(exact.before, exact.after, nameOnly);
  const pairs = [...exact.pairs, ...named.pairs];
  const words = [
    ...(defined.interval === undefined || defined.interval === served.interval
      ? []
      : [`interval ${served.interval} s becomes ${defined.interval} s`]),
    ...(defined.limit === served.limit ? [] : [`limit ${served.limit} becomes ${defined.limit}`]),
    ...pairs.flatMap(([before, after]) => ruleDifferences(before, after, spell)),
    ...named.after.map((rule) => `${rule.name} added`),
    ...named.before.map((rule) => `${rule.name} removed`),
  ];
  const order = (rules: readonly Rule[]): string => rules.map(nameOnly).join('\n');
  if (words.length === 0 && order(served.rules) !== order(defined.rules)) return ['order of rules'];
  return words;
}

/** Rules of a group whose last evaluation failed, with the server's reason. */
export const failing = (group: ServedGroup): string[] =>
  group.rules
    .filter((rule) => rule.health === 'err')
    .map((rule) => `${rule.name} cannot be evaluated: ${rule.error ?? 'no reason given'}`);
