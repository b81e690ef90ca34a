import { didYouMean } from '../lib/words.ts';
import { aggregations, functions, newestFunctions, removedFunctions } from './functions.ts';
import type { Report } from './problem.ts';
import type { Token } from './scan.ts';
import { unquote } from './strings.ts';

/** Recognises one sort of mistake in a text that is no PromQL. */
type SyntaxCheck = (tokens: readonly Token[], report: Report) => void;

const groupingWords = new Set(['by', 'without']);
const matchingWords = new Set(['on', 'ignoring', 'group_left', 'group_right']);
const operatorWords = new Set(['and', 'or', 'unless', 'atan2', 'bool', 'offset']);
const keywords = new Set([...groupingWords, ...matchingWords, ...operatorWords]);

const lower = (token: Token | undefined): string => token?.text.toLowerCase() ?? '';
const isCallOf = (tokens: readonly Token[], i: number): boolean =>
  tokens[i]?.type === 'word' && tokens[i + 1]?.text === '(' && !keywords.has(lower(tokens[i]));
const bracketAround = (tokens: readonly Token[], token: Token): string =>
  token.inside === undefined ? '' : tokens[token.inside]!.text;

/** A string without its closing quotes. */
const unclosedString: SyntaxCheck = (tokens, report) => {
  for (const token of tokens) {
    if (token.type !== 'string') continue;
    const read = unquote(token.text);
    if (read.ok) continue;
    const span = { from: token.from + read.from, to: token.from + read.to };
    report('promql-string', span, read.message, 'Close the quotes; write a backslash as \\\\.');
  }
};

/** Brackets without a partner; silent when an open string has swallowed the rest. */
const unbalanced: SyntaxCheck = (tokens, report) => {
  if (tokens.some((t) => t.type === 'string' && !unquote(t.text).ok)) return;
  for (const token of tokens) {
    if (token.partner !== undefined) continue;
    if (token.type === 'open')
      report('promql-syntax', token, `This ${token.text} is never closed.`, 'Close it, or remove it.');
    if (token.type === 'close')
      report('promql-syntax', token, `This ${token.text} closes nothing.`, 'Remove it, or open it.');
  }
};

/** A name in front of parentheses that is neither a function nor an aggregation. */
const unknownFunction: SyntaxCheck = (tokens, report) => {
  tokens.forEach((token, i) => {
    if (!isCallOf(tokens, i) || bracketAround(tokens, token) === '{') return;
    if (groupingWords.has(lower(tokens[i - 1]))) return;
    if (functions.has(token.text) || aggregations.has(lower(token))) return;
    if (tokens[i - 1]?.text === '@' || bracketAround(tokens, token) === '[') return;
    const known = [...functions.keys(), ...aggregations];
    const newest = newestFunctions.get(token.text);
    const removed =
      removedFunctions.get(token.text) ??
      (newest && `The function ${token.text} exists only since Prometheus ${newest}.`);
    const message = removed ?? `There is no function ${token.text}().${didYouMean(token.text, known)}`;
    const fix = newest
      ? 'Write it in a way that the oldest Prometheus of the pipeline file understands as well.'
      : 'Use a function that Prometheus has.';
    report('promql-unknown-function', token, message, fix);
  });
};

/** `by` and `without` behind something that does not aggregate. */
const strayGrouping: SyntaxCheck = (tokens, report) => {
  tokens.forEach((token, i) => {
    if (!groupingWords.has(lower(token)) || tokens[i + 1]?.text !== '(' || i === 0) return;
    const previous = tokens[i - 1]!;
    const head = previous.text === ')' && previous.partner !== undefined ? previous.partner - 1 : i - 1;
    if (aggregations.has(lower(tokens[head]))) return;
    const word = token.text;
    const what = isCallOf(tokens, head) ? `${tokens[head]!.text}() is none` : 'there is none in front of it';
    const message = `${word} goes with an aggregation only, and ${what}.`;
    report('promql-syntax', token, message, `Aggregate inside, as in f(sum ${word} (label) (…)).`);
  });
};

/** `sum by a (x)`: labels stand in parentheses. */
const bareGrouping: SyntaxCheck = (tokens, report) => {
  tokens.forEach((token, i) => {
    const word = lower(token);
    const next = tokens[i + 1];
    if (!groupingWords.has(word) && !matchingWords.has(word)) return;
    if (next?.type !== 'word' || keywords.has(lower(next)) || bracketAround(tokens, token) === '{') return;
    // Of group_left the labels are optional, and a metric may follow.
    if (word.startsWith('group_') || tokens[i - 1] === undefined) return;
    report(
      'promql-syntax',
      next,
      `The labels of ${token.text} stand in parentheses.`,
      `Write ${token.text} (${next.text}).`,
    );
  });
};

const durationUnits = new Set(['ms', 's', 'm', 'h', 'd', 'w', 'y']);
/** `[5 m]`: a duration is one word. */
const spacedDuration: SyntaxCheck = (tokens, report) => {
  tokens.forEach((token, i) => {
    const number = tokens[i - 1];
    if (token.type !== 'word' || !durationUnits.has(token.text) || number?.type !== 'number') return;
    const where = bracketAround(tokens, token) === '[' || lower(tokens[i - 2]) === 'offset';
    if (!where || !/^\d+$/.test(number.text)) return;
    const span = { from: number.from, to: token.to };
    report('promql-duration', span, 'A duration has no space in it.', `Write ${number.text}${token.text}.`);
  });
};

/** `f(a,)`. */
const trailingComma: SyntaxCheck = (tokens, report) => {
  tokens.forEach((token, i) => {
    if (token.text !== ',' || tokens[i + 1]?.text !== ')' || bracketAround(tokens, token) !== '(') return;
    if (!isCallOf(tokens, token.inside! - 1)) return;
    report('promql-syntax', token, 'A call cannot end with a comma.', 'Remove the comma.');
  });
};

const foreignOperators: Readonly<Record<string, string>> = {
  '&&': 'and',
  '||': 'or',
  '!': 'unless, or == 0',
  '=': '== to compare values; = belongs inside braces',
  '=~': 'label=~"…" inside braces',
  '!~': 'label!~"…" inside braces',
};

/** Operators of other languages, and those of matchers outside of braces. */
const foreignOperator: SyntaxCheck = (tokens, report) => {
  for (const token of tokens) {
    if (token.type !== 'operator') continue;
    const inBraces = bracketAround(tokens, token) === '{';
    if (inBraces && token.text === '==')
      report('promql-syntax', token, 'A label is compared with a single =.', 'Write = here.');
    const instead = inBraces ? undefined : foreignOperators[token.text];
    if (instead) report('promql-syntax', token, `PromQL has no ${token.text} here.`, `Write ${instead}.`);
  }
};

/** `{label=value}` without quotes. */
const unquotedValue: SyntaxCheck = (tokens, report) => {
  tokens.forEach((token, i) => {
    if (bracketAround(tokens, token) !== '{' || (token.type !== 'word' && token.type !== 'number')) return;
    if (!['=', '!=', '=~', '!~'].includes(lower(tokens[i - 1]))) return;
    report(
      'promql-syntax',
      token,
      `The label's value ${token.text} has no quotes.`,
      `Write "${token.text}".`,
    );
  });
};

/** `5min`, `1.5h`, `30sec`: numbers that run into letters. */
const numberPattern =
  /^(?:0[xX][\da-fA-F]+|(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d+)(?:[eE][+-]?\d+)?|(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?)$/;

const badNumber: SyntaxCheck = (tokens, report) => {
  for (const token of tokens) {
    if (token.type !== 'number' || numberPattern.test(token.text)) continue;
    const message = `${token.text} is neither a number nor a duration.`;
    report(
      'promql-duration',
      token,
      message,
      'Durations are whole numbers with y, w, d, h, m, s, ms: 1h30m.',
    );
  }
};

/** Variables that were not replaced, and characters that no expression contains. */
const strangeCharacter: SyntaxCheck = (tokens, report) => {
  for (const token of tokens) {
    if (token.type === 'space') {
      const code = token.text.codePointAt(0)!.toString(16).padStart(4, '0').toUpperCase();
      const message = `This looks like a space but is the character U+${code}.`;
      report('promql-syntax', token, message, 'Replace it by an ordinary space.');
    } else if (token.text === '$')
      report(
        'promql-syntax',
        token,
        'A $ belongs to no expression: a variable that is not declared?',
        'Declare it.',
      );
    else if (token.type === 'unknown' || ['&', '|', ';', '?', '~', '\\'].includes(token.text))
      report('promql-syntax', token, `PromQL has no ${token.text}.`, 'Remove it, or put it in quotes.');
  }
};

/** Every sort of mistake that has a better explanation than "unexpected". */
export const syntaxChecks: readonly SyntaxCheck[] = [
  unclosedString,
  unbalanced,
  spacedDuration,
  bareGrouping,
  unknownFunction,
  strayGrouping,
  trailingComma,
  foreignOperator,
  unquotedValue,
  badNumber,
  strangeCharacter,
];
