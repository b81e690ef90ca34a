import { type Format, formatsOf, labelsOf, type Text, wordsOf } from '../../alerts/index.ts';
import { parseDuration } from '../../lib/duration.ts';
import { forPipeline, type MetricDefinition } from '../../metrics/index.ts';
import { sentencesOf } from '../alerts/rules.ts';
import type { Check, Found, View } from './check.ts';
import { resultLabels, treeOf } from './tree.ts';
import { unitOf } from './unit-of.ts';

const severities = ['critical', 'high', 'medium', 'info'];
const demanded = ['summary', 'description', 'runbook_url', 'dashboard_url'];

/** The sentences that an alert was made with, where its annotations are still what they say. */
const sentencesByName = ({
  families,
  pipeline,
}: View): ReadonlyMap<string, Readonly<Record<string, Text<string>>>> =>
  new Map(
    families.flatMap(({ alerts }) =>
      alerts.map((alert) => [alert.name, forPipeline(sentencesOf(alert), pipeline)] as const),
    ),
  );

/** Where braces begin and end in words; undefined where there are none. */
function bracesIn(words: string): { from: number; to: number } | undefined {
  const found = /\{\{.*?(\}\}|$)|\}\}/s.exec(words);
  return found ? { from: found.index, to: found.index + found[0].length } : undefined;
}

/** Words with braces in them: of a sentence its words, of any other text all of it. */
function* foreignActions(
  text: string,
  sentence: Text<string> | undefined,
): Iterable<Omit<Found, 'place' | 'file'>> {
  for (const words of sentence ? wordsOf(sentence.parts) : [text]) {
    const braces = bracesIn(words);
    if (braces)
      yield {
        id: 'template-text',
        summary: `"${words.slice(braces.from, braces.to)}" is written by hand.`,
        fix: 'Use the parts of src/alerts/text.ts: label(), value(), each(), lookup().',
        source: { text: words, ...braces },
      };
  }
}

/** Labels that a sentence needs and the expression does not leave. */
function* missingLabels(
  sentence: Text<string>,
  labels: ReadonlySet<string> | undefined,
): Iterable<Omit<Found, 'place' | 'file'>> {
  for (const name of labelsOf(sentence.parts))
    if (labels && !labels.has(name))
      yield {
        id: 'template-label',
        summary: `It says the label "${name}", which does not survive the expression of the alert.`,
        fix: `The labels there are ${[...labels].filter((label) => label !== '__name__').join(', ')}.`,
      };
}

/** The units that a format is for; a plain number says any. */
const fitting: Readonly<Partial<Record<Format, readonly MetricDefinition['unit'][]>>> = {
  percent: ['ratio', 'boolean'],
  duration: ['seconds'],
  time: ['unix seconds'],
};

/** Formats of the value that are for another unit than the expression's. */
function* otherUnits(
  sentence: Text<string>,
  unit: MetricDefinition['unit'] | undefined,
): Iterable<Omit<Found, 'place' | 'file'>> {
  for (const format of formatsOf(sentence.parts))
    if (unit && fitting[format] && !fitting[format].includes(unit))
      yield {
        id: 'template-value',
        summary: `It writes the value as a ${format}, and the expression gives ${unit}.`,
        fix: 'Use the format of its unit, or value(0) for a plain number.',
      };
}

export const alertTemplate: Check = {
  id: 'alert-template',
  severity: 'error',
  summary:
    'Annotations are made from parts that Prometheus can execute, of labels that the expression leaves.',
  why: 'A broken template makes the whole rule file be refused, or the annotation be the text of an error; a missing label shows as nothing.',
  rules: [
    { id: 'template-text', summary: 'Braces in an annotation or a label that no part of a sentence makes.' },
    {
      id: 'template-label',
      summary: "A label that does not survive the alert's expression: it is shown as nothing.",
    },
    { id: 'template-value', summary: 'A value written as what it is not: seconds as a percentage.' },
  ],
  *run(view) {
    const sentences = sentencesByName(view);
    for (const expression of view.expressions) {
      const { usage, place, file } = expression;
      if (usage.kind !== 'rule' || usage.rule.kind !== 'alert') continue;
      const { alert, labels, annotations } = usage.rule;
      const left = resultLabels(expression, view);
      const tree = treeOf(expression, view);
      const unit = tree && unitOf(tree, (metric) => view.metrics[metric]?.unit);
      for (const [name, text] of [...Object.entries(labels), ...Object.entries(annotations)]) {
        const made = sentences.get(alert)?.[name];
        const sentence = made?.template === text ? made : undefined;
        for (const found of [
          ...foreignActions(text, sentence),
          ...(sentence ? missingLabels(sentence, left) : []),
          ...(sentence ? otherUnits(sentence, unit) : []),
        ])
          yield { ...found, place: [...place, name], file };
      }
    }
  },
};

export const alertWords: Check = {
  id: 'alert-words',
  severity: 'error',
  summary: `Every alert has a severity (${severities.join(', ')}) and the annotations ${demanded.join(', ')}.`,
  why: 'Who is woken has to learn what is wrong, where to look and what to do.',
  *run({ rules }) {
    for (const { rule, place, file } of rules) {
      if (rule.kind !== 'alert') continue;
      const severity = rule.labels.severity ?? '';
      if (!severities.includes(severity))
        yield {
          summary: `Its severity is "${severity}".`,
          place,
          file,
          fix: `Use one of ${severities.join(', ')}.`,
        };
      for (const name of demanded.filter((n) => !rule.annotations[n]?.trim()))
        yield { summary: `It has no annotation ${name}.`, place, file, fix: `Add ${name}.` };
    }
  },
};

export const ruleDuration: Check = {
  id: 'rule-duration',
  severity: 'error',
  summary: 'Holds are durations such as 2m or 1h30m, and not shorter than the interval of their group.',
  why: 'Prometheus refuses the whole file for one that it cannot read; a shorter one holds no longer than none.',
  *run({ rules }) {
    for (const { rule, group, place, file } of rules) {
      if (rule.kind !== 'alert') continue;
      const holds = { for: rule.for, keep_firing_for: rule.keepFiringFor };
      for (const [field, value] of Object.entries(holds)) {
        const ms = value === undefined ? undefined : parseDuration(value);
        if (value !== undefined && ms === undefined)
          yield { summary: `${field} is "${value}".`, place, file, fix: 'Write a duration such as 2m.' };
        else if (ms && ms < group.interval * 1000)
          yield {
            summary: `${field} is ${value}, and the group is evaluated every ${group.interval} s.`,
            place,
            file,
            fix: `Write at least ${group.interval}s, or none.`,
          };
      }
    }
  },
};
