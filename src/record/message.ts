import { secretRemover } from './secrets.ts';

/** Longest error message, in characters. */
export const longestMessage = 200;
/** Of a longer one, how much is shown of its beginning; the rest is its end. */
const headLength = 90;
/** How much of a line is kept while it is read; far more than is shown, because redaction shortens it. */
const longestLine = 2048;

const esc = String.fromCharCode(27);
const bell = String.fromCharCode(7);
/** Colours, cursor movements and links. */
export const escapeSequences = new RegExp(
  `${esc}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)?|[@-Z\\\\^_])`,
  'g',
);
/** Control characters, and characters that reorder or hide others. */
const invisible = /[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
/** `::error file=…::` that a command wrote for the runner. */
const runnerCommand = /^\s*(?:::\w[^:]*::|##\[\w+\])/;

/** The text without escape sequences, control characters and doubled blanks. */
export const printable = (text: string): string =>
  text
    .replace(escapeSequences, '')
    .replace(/\s+/g, ' ')
    .replace(invisible, '')
    .replace(runnerCommand, '')
    .trim();

/** An error message that may be published: one line, without secrets, at most 200 characters. */
export function errorMessage(text: string, env: NodeJS.ProcessEnv, more: readonly string[] = []): string {
  const clean = printable(text.slice(0, longestLine));
  const safe = secretRemover(env, more)(text.length > longestLine ? withoutLastWord(clean) : clean);
  const characters = [...safe];
  if (characters.length <= longestMessage) return safe;
  // A chain of errors has its cause at the end, and a statement its table at the beginning.
  return `${characters.slice(0, headLength).join('')}…${characters.slice(headLength + 1 - longestMessage).join('')}`;
}

/** A cut may have gone through a secret, and half a secret is not recognised. */
const withoutLastWord = (text: string): string => text.replace(/\S*$/, '…');
