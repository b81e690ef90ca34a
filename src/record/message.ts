import { secretRemover } from './secrets.ts';

/** Longest error message, in characters. */
export const longestMessage = 200;
/** How much of a line is kept while it is read; far more than is shown, because redaction shortens it. */
const longestLine = 2048;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go
const escapeSequences = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;
/** Control characters, and characters that reorder or hide others. */
const invisible = /[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
/** `::error file=…::` that a command wrote for the runner. */
const runnerCommand = /^\s*(?:::\w[^:]*::|##\[\w+\])/;

/** What a recorder within the command says of its own work is not why the command failed. */
const ownWords = /^(?:Recorded: |Sent \d+ earlier |::warning title=Deployment recorder::)/;

/** The text without escape sequences, control characters and doubled blanks. */
export const printable = (text: string): string =>
  text
    .replace(escapeSequences, '')
    .replace(/\s+/g, ' ')
    .replace(invisible, '')
    .replace(runnerCommand, '')
    .trim();

/** An error message that may be published: one line, without secrets, at most 200 characters. */
export function errorMessage(text: string, env: NodeJS.ProcessEnv): string {
  const clean = printable(text.slice(0, longestLine));
  const safe = secretRemover(env)(text.length > longestLine ? withoutLastWord(clean) : clean);
  const characters = [...safe];
  return characters.length <= longestMessage ? safe : `${characters.slice(0, longestMessage - 1).join('')}…`;
}

/** A cut may have gone through a secret, and half a secret is not recognised. */
const withoutLastWord = (text: string): string => text.replace(/\S*$/, '…');

/** Keeps the last line that says something out of a stream of bytes, in constant memory. */
export class LastLine {
  #last = '';
  #current: Buffer[] = [];
  #size = 0;

  /** Takes the next bytes; characters and lines may be split anywhere. */
  push(chunk: Uint8Array): void {
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      if (chunk[i] !== 10 && chunk[i] !== 13) continue;
      this.#append(chunk.subarray(from, i));
      this.#endLine();
      from = i + 1;
    }
    this.#append(chunk.subarray(from));
  }

  /** The last line so far that is not blank; an unfinished one counts. */
  get text(): string {
    return this.#lineText() || this.#last;
  }

  #append(bytes: Uint8Array): void {
    // One byte more than is kept tells that the line was longer.
    const room = longestLine + 1 - this.#size;
    if (room <= 0 || bytes.length === 0) return;
    this.#current.push(Buffer.from(bytes.subarray(0, room)));
    this.#size += Math.min(room, bytes.length);
  }

  #endLine(): void {
    if (this.#size === 0) return;
    this.#last = this.#lineText() || this.#last;
    this.#current = [];
    this.#size = 0;
  }

  #lineText(): string {
    const line = Buffer.concat(this.#current).toString('utf8');
    return printable(line) === '' || ownWords.test(line) ? '' : line;
  }
}
