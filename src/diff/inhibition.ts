import { code, type Draft, same } from './change.ts';
import { parseMatcher } from './receivers.ts';

interface Inhibition {
  readonly source_matchers?: readonly string[];
  readonly target_matchers?: readonly string[];
  readonly equal?: readonly string[];
}

/** The alert's name where that is what is asked, else all conditions. Conditions that only ask for a label are left out. */
function subject(matchers: readonly string[] = []): string {
  const telling = matchers.filter((text) => !/=~\s*"\.[+*]"$/.test(text));
  const names = telling.map((text) => parseMatcher(text)).filter((m) => m?.label === 'alertname');
  if (names.length === telling.length && names.length === 1)
    return (names[0]?.value ?? '').replaceAll('|', ', ');
  return telling.join(', ') || 'everything';
}

const maxNamed = 60;
const shortSubject = (matchers: readonly string[] | undefined): string => {
  const text = subject(matchers);
  return code(text.length > maxNamed ? `${text.slice(0, maxNamed - 1)}…` : text);
};

const sentence = (what: string, rule: Inhibition): string =>
  `inhibition ${what}: ${shortSubject(rule.source_matchers)} hides ${shortSubject(rule.target_matchers)}`;

const written = (rule: Inhibition): string =>
  [
    `source: ${(rule.source_matchers ?? []).join(', ')}`,
    `target: ${(rule.target_matchers ?? []).join(', ')}`,
    `equal: ${(rule.equal ?? []).join(', ')}`,
  ].join('\n');

/** Alternatives of a plain pattern such as `a|b`; the value itself where it is one. */
const alternatives = (text: string): string[] => text.split('|');

/** True when all that fulfils the conditions afterwards fulfilled them before. */
function narrower(before: readonly string[] = [], after: readonly string[] = []): boolean {
  return before.every((text) => {
    if (after.includes(text)) return true;
    const m = parseMatcher(text);
    return after.some((candidate) => {
      const n = parseMatcher(candidate);
      return (
        m?.op.startsWith('=') === true &&
        n?.op.startsWith('=') === true &&
        m.label === n.label &&
        (m.value === '.+' || alternatives(n.value).every((one) => alternatives(m.value).includes(one)))
      );
    });
  });
}

const hidesNoMore = (a: Inhibition, b: Inhibition): boolean =>
  narrower(a.source_matchers, b.source_matchers) &&
  narrower(a.target_matchers, b.target_matchers) &&
  (a.equal ?? []).every((label) => b.equal?.includes(label));

/** Which inhibition became which: the same source and target, else the same source, else the same target. */
function pairs(before: readonly Inhibition[], after: readonly Inhibition[]) {
  const found: [Inhibition, Inhibition][] = [];
  let [left, right] = [[...before], [...after]];
  const keys: readonly ((rule: Inhibition) => unknown)[] = [
    (rule) => rule,
    (rule) => [rule.source_matchers, rule.target_matchers],
    (rule) => rule.source_matchers,
    (rule) => rule.target_matchers,
  ];
  for (const key of keys)
    for (const a of left) {
      const b = right.find((candidate) => same(key(candidate), key(a)));
      if (!b) continue;
      found.push([a, b]);
      left = left.filter((x) => x !== a);
      right = right.filter((x) => x !== b);
    }
  return { found, removed: left, added: right };
}

/** Inhibitions that came, went or changed, named by who hides whom. */
export function inhibitionChanges(before: readonly Inhibition[], after: readonly Inhibition[]): Draft[] {
  const place = ['alertmanager.yml', 'inhibitions'];
  const { found, removed, added } = pairs(before, after);
  const hides = 'alerts may be hidden that were heard of before';
  return [
    ...removed.map((rule) => ({ place, text: sentence('removed', rule), before: written(rule) })),
    ...added.map((rule) => ({ place, text: sentence('added', rule), after: written(rule), risk: hides })),
    ...found
      .filter(([a, b]) => !same(a, b))
      .map(([a, b]) => ({
        place,
        text: sentence('changed', b),
        before: written(a),
        after: written(b),
        ...(!hidesNoMore(a, b) && { risk: hides }),
      })),
  ];
}
