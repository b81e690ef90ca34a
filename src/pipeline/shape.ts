import { at, choiceText, type Report } from './problem.ts';

/** How a part of the file has to look. */
export type Shape =
  | { readonly kind: 'value'; readonly check: (value: unknown) => string | undefined; readonly fix: string }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Field>> }
  | { readonly kind: 'map'; readonly key: Shape; readonly of: Shape; readonly least?: number }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'either'; readonly word: string; readonly or: Shape };
/** A field of an object. */
export type Field = Shape & { readonly required?: true };

/** A field that has to be there. */
export const required = <S extends Shape>(shape: S): S & { readonly required: true } => ({
  ...shape,
  required: true,
});

const value = (check: (value: unknown) => boolean, what: string, fix: string): Shape => ({
  kind: 'value',
  check: (v) => (check(v) ? undefined : `${shown(v)} is not ${what}`),
  fix,
});

const shown = (v: unknown): string =>
  v === undefined ? 'Nothing' : typeof v === 'function' ? 'A function' : (JSON.stringify(v) ?? String(v));

const isText = (v: unknown): v is string => typeof v === 'string';
const isNumber = (v: unknown): v is number => typeof v === 'number' && Number.isFinite(v);

/** Some words on one line. */
export const text = value(
  (v) => isText(v) && v.trim() !== '' && !/\p{Cc}/u.test(v),
  'a line of text',
  'Write some words in quotes, on one line.',
);
/** A name that becomes a label's value and part of a grouping key. */
export const name = value(
  (v) => isText(v) && v.length <= 64 && /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(v),
  'a name: letters, digits, "_", "-" and ".", at most 64',
  'Rename it: it becomes the value of a label, a part of addresses and of the grouping key.',
);
/** A name, or a pattern of names with one `*` at its end. */
export const nameOrPattern = value(
  (v) => isText(v) && v.length <= 64 && /^[A-Za-z0-9_][A-Za-z0-9_.-]*\*?$/.test(v),
  'a name (letters, digits, "_", "-" and ".", at most 64) or a pattern such as "pr-*"',
  'Rename it; a pattern ends with its only "*".',
);
/** A name of a metric. */
export const metricName = value(
  (v) => isText(v) && /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(v) && !v.startsWith('__'),
  'a name of a metric',
  'Use letters, digits and "_", and begin with a letter. Colons are for recorded series.',
);
/** A name of a label. */
export const labelName = value(
  (v) => isText(v) && /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(v) && !v.startsWith('__'),
  'a name of a label',
  'Use letters, digits and "_", and begin with a letter; "__" is Prometheus\' own.',
);
/** A value of a label. */
export const labelValue = value(
  (v) => isText(v) && v !== '' && v.length <= 64 && !/\p{Cc}/u.test(v),
  'a value of a label: one line of 1 to 64 characters',
  'Shorten it; an empty value means that the label is not there.',
);
/** An `http(s)` address. */
export const address = value(
  (v) => isText(v) && /^https?:\/\/[^/\s]+/.test(v) && URL.canParse(v.replaceAll(/\{\w+\}/g, 'x')),
  'an address',
  'Write a whole address: https://host/path.',
);
/** `host:port` or a host. */
export const target = value(
  (v) => isText(v) && /^[A-Za-z0-9.-]+(:\d{1,5})?$/.test(v),
  'a host, or host:port',
  'Write it without scheme and path: api.example:443.',
);
/** A share, 0 to 1. */
export const share = value((v) => isNumber(v) && v >= 0 && v <= 1, 'a share', 'Write 0.95 for 95 %.');
/** An objective: more than 0, at most 1. */
export const objective = value(
  (v) => isNumber(v) && v > 0 && v <= 1,
  'an objective',
  'Write 0.99 for 99 %: more than 0, at most 1.',
);
/** A length of time. */
export const seconds = value(
  (v) => isNumber(v) && v > 0 && Number.isInteger(v),
  'a length of time',
  'Write whole seconds: 600 for ten minutes.',
);
/** A number above 0. */
export const positive = value((v) => isNumber(v) && v > 0, 'a number above 0', 'Write a number above 0.');
/** Any number. */
export const anyNumber = value(isNumber, 'a number', 'Write a number, without a unit.');
/** A whole number from 1 on. */
export const count = value(
  (v) => isNumber(v) && v >= 1 && Number.isInteger(v),
  'a whole number from 1 on',
  'Write a whole number.',
);
/** An hour of the day. */
export const hour = value(
  (v) => isNumber(v) && v >= 0 && v <= 23 && Number.isInteger(v),
  'an hour of the day',
  'Write 0 to 23 (UTC).',
);
/** true or false. */
export const flag = value((v) => typeof v === 'boolean', 'true or false', 'Write true or false.');

/** One of some words. */
export const oneOf = (...words: string[]): Shape => ({
  kind: 'value',
  check: (v) => (isText(v) && words.includes(v) ? undefined : `${shown(v)} is not known here`),
  fix: `Use one of ${words.join(', ')}.`,
});
/** The sort of values that a pattern describes. */
export const like = (pattern: RegExp, what: string, fix: string): Shape =>
  value((v) => isText(v) && pattern.test(v), what, fix);
/** An object with these fields and no others. */
export const object = (fields: Readonly<Record<string, Field>>): Shape => ({ kind: 'object', fields });
/** An object with free keys. */
export const map = (key: Shape, of: Shape, least = 0): Shape => ({ kind: 'map', key, of, least });
/** A list. */
export const list = (of: Shape): Shape => ({ kind: 'list', of });
/** A word, or something else. */
export const either = (word: string, or: Shape): Shape => ({ kind: 'either', word, or });

const isRecord = (v: unknown): v is Record<string, unknown> =>
  typeof v === 'object' && v !== null && !Array.isArray(v);

/** Reports everything in a part of the file that does not look as it has to. */
export function checkShape(shape: Shape, v: unknown, place: string, report: Report): void {
  switch (shape.kind) {
    case 'value': {
      const problem = shape.check(v);
      if (problem !== undefined) report(place, `${problem}.`, shape.fix);
      break;
    }
    case 'either':
      if (v !== shape.word) checkShape(shape.or, v, place, report);
      break;
    case 'list':
      if (!Array.isArray(v)) report(place, `${shown(v)} is not a list.`, 'Write […].');
      else for (const [i, item] of v.entries()) checkShape(shape.of, item, `${place}[${i}]`, report);
      break;
    case 'object':
      checkFields(shape.fields, v, place, report);
      break;
    case 'map':
      checkMap(shape, v, place, report);
  }
}

function checkMap(shape: Shape & { kind: 'map' }, v: unknown, place: string, report: Report): void {
  if (!isRecord(v)) {
    report(place, `${shown(v)} is not an object.`, 'Write { name: { … } }.');
    return;
  }
  const entries = Object.entries(v);
  if (entries.length < (shape.least ?? 0)) report(place, 'There is none.', 'Add at least one.');
  for (const [key, item] of entries) {
    checkShape(shape.key, key, at(place, key), report);
    checkShape(shape.of, item, at(place, key), report);
  }
}

function checkFields(
  fields: Readonly<Record<string, Field>>,
  v: unknown,
  place: string,
  report: Report,
): void {
  if (!isRecord(v)) {
    report(place || 'the file', `${shown(v)} is not an object.`, 'Write { field: value, … }.');
    return;
  }
  for (const [name, field] of Object.entries(fields)) {
    if (v[name] !== undefined) checkShape(field, v[name], at(place, name), report);
    else if (field.required)
      report(
        at(place, name),
        'It is missing.',
        `Add ${name}. ${field.kind === 'value' ? field.fix : ''}`.trim(),
      );
  }
  const known = Object.keys(fields);
  for (const name of Object.keys(v).filter((key) => !known.includes(key)))
    report(at(place, name), `There is no field ${name} here.`, choiceText(name, known));
}
