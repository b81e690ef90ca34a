import { number, text } from '../../lib/options.ts';
import { nearest } from '../../lib/words.ts';
import { warningLine } from '../io.ts';
import { carried } from '../pipeline.ts';
import { defineVerb } from '../verb.ts';

/** Longest value of a label, in characters. */
const longest = 64;

/** `NAME=VALUE` as typed; undefined where it is not of that form. */
function pairOf(typed: string): [name: string, value: string] | undefined {
  const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(typed) ?? [];
  const clean = value.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return name === '' || clean === '' ? undefined : [name.trim(), clean.slice(0, longest)];
}

const pairsOf = (typed: readonly string[]): readonly (readonly [string, string])[] =>
  typed.flatMap((one) => {
    const pair = pairOf(one);
    return pair ? [pair] : [];
  });

const listed = (names: readonly string[]): string => names.join(', ');

function nameProblem(name: string): string | undefined {
  const known = Object.keys(carried().metrics);
  if (known.includes(name)) return undefined;
  const near = nearest(name, known);
  const fix = near ? `Did you mean ${near}?` : known.length > 0 ? `It has ${listed(known)}.` : '';
  return `The pipeline file has no metric "${name}". ${fix} Add it to metrics in pipeline.config.ts, with its unit and help, and build.`.replace(
    '  ',
    ' ',
  );
}

/** A value of its own for every label that the file gives to the metric. */
function labelProblems(name: string, typed: readonly string[]): string[] {
  const declared = Object.keys(carried().metrics[name]?.labels ?? {});
  const given = pairsOf(typed).map(([label]) => label);
  const missing = declared.filter((label) => !given.includes(label));
  return [
    ...typed.flatMap((one) => (pairOf(one) ? [] : [`--label "${one}" is not NAME=VALUE.`])),
    ...given.flatMap((label, i) =>
      declared.includes(label)
        ? given.indexOf(label) < i
          ? [`--label ${label} is given twice.`]
          : []
        : [
            `${name} has no label "${label}". ${declared.length > 0 ? `It has ${listed(declared)}.` : 'It has none.'}`,
          ],
    ),
    ...missing.map((label) => `${name} needs --label ${label}=VALUE.`),
  ];
}

/** The file's metric, or a made-up one, for the example of the help. */
function exampleCall(): string {
  const [[name, { labels = {} }] = ['shop_image_bytes', {}]] = Object.entries(carried().metrics);
  const pairs = Object.entries(labels).map(
    ([label, values]) => ` --label ${label}=${values === 'open' ? 'VALUE' : values[0]}`,
  );
  return `record.mjs metric --name ${name} --value 1${pairs.join('')}`;
}

export const metric = defineVerb({
  name: 'metric',
  summary: 'a number of the deployment that the pipeline file defines',
  command: 'none',
  timeless: true,
  options: {
    name: text('NAME', "one of the pipeline file's metrics", { required: true }),
    value: number('NUMBER', 'in the unit that the file gives it', { required: true }),
    label: text('NAME=VALUE', 'each label that the file gives it', { repeatable: true }),
  },
  details: () => `Metrics of this pipeline: ${listed(Object.keys(carried().metrics)) || 'none'}.
Each deployment has one number for each set of labels. Recorded again, it replaces itself.

Example:  ${exampleCall()}`,
  check: ({ name, label }) => {
    const unknown = nameProblem(name);
    return unknown === undefined ? labelProblems(name, label) : [unknown];
  },
  run: async ({ values: { name, value, label }, deployment, io, recorder }) => {
    const labels = Object.fromEntries(pairsOf(label));
    for (const [own, values] of Object.entries(carried().metrics[name]?.labels ?? {}))
      if (values !== 'open' && !values.includes(labels[own] ?? ''))
        io.stderr(
          warningLine(
            `The ${own} "${labels[own]}" of ${name} is not in the pipeline file. It is recorded under that name; add it to pipeline.config.ts and build.`,
          ),
        );
    const group = { ...deployment, metric: name, ...labels };
    const what = `${name} of ${value}`;
    recorder.say(
      await recorder.record({ method: 'PUT', group, samples: [{ metric: name, labels: {}, value }], what }),
      what,
    );
    return 0;
  },
});
