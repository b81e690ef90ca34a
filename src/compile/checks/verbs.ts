import { verbs } from '../../record/index.ts';
import type { Check, Location, View } from './check.ts';

const names: ReadonlySet<string> = new Set(verbs.map((verb) => verb.name));

interface LocatedText extends Location {
  readonly text: string;
}

/** Texts that tell people what to run. */
function* advice({ panels, rules }: View): Iterable<LocatedText> {
  for (const { panel, place, file } of panels) {
    const { content = '' } = (panel.options ?? {}) as { content?: string };
    for (const text of [panel.description, panel.fieldConfig?.defaults.noValue, content])
      if (text) yield { text, place, file };
  }
  for (const { rule, place, file } of rules)
    if (rule.kind === 'alert')
      for (const [name, text] of Object.entries(rule.annotations))
        yield { text, place: [...place, name], file };
}

export const recorderVerb: Check = {
  id: 'recorder-verb',
  severity: 'error',
  summary: 'Texts name only verbs that the recorder has.',
  why: 'A copied command fails: it does not exist.',
  *run(view) {
    for (const { text, place, file } of advice(view))
      for (const match of text.matchAll(/record\.mjs (?<verb>[a-z][a-z-]*)/g)) {
        const verb = match.groups?.verb ?? '';
        const from = match.index + match[0].length - verb.length;
        if (!names.has(verb))
          yield {
            summary: `The recorder has no verb "${verb}".`,
            place,
            file,
            fix: `Use one of ${[...names].join(', ')}.`,
            source: { text, from, to: from + verb.length },
          };
      }
  },
};
