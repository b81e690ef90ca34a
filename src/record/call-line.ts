import { nearest } from '../lib/words.ts';
import { commonOptions, type Verb } from './verb.ts';
import { verbs } from './verbs/registry.ts';

/** The recorder's arguments: its verb, if there is one, and everything else. */
export interface CallLine {
  readonly name: string | undefined;
  readonly verb: Verb | undefined;
  /** Words beside the verb, a command included. */
  readonly rest: readonly string[];
  /** Words after ` -- `. */
  readonly command: readonly string[] | undefined;
  /** Words before ` -- `, without the verb. */
  readonly own: readonly string[];
}

/** True for an option whose value is the next word. */
function takesNext(word: string): boolean {
  const name = word.slice(2);
  const specs = [commonOptions, ...verbs.map(({ options }) => options)] as const;
  const spec = specs
    .map((options) => (options as Verb['options'])[name])
    .find((found) => found !== undefined);
  return spec !== undefined && spec.kind !== 'switch';
}

/** Finds the verb; options may stand before it. */
export function readCallLine(argv: readonly string[]): CallLine {
  const split = argv.includes('--') ? argv.indexOf('--') : argv.length;
  let at = 0;
  while (at < split && argv[at]!.startsWith('--')) at += takesNext(argv[at]!) ? 2 : 1;
  const name = at < split ? argv[at] : undefined;
  const rest = name === undefined ? argv : [...argv.slice(0, at), ...argv.slice(at + 1)];
  return {
    name,
    verb: verbs.find((known) => known.name === name),
    rest,
    command: split < argv.length ? argv.slice(split + 1) : undefined,
    own: argv.slice(0, split).filter((_, i) => i !== at),
  };
}

/** The verb that a misspelt one was probably meant to be. */
export const nearestVerb = (name: string): Verb | undefined => {
  const near = nearest(
    name,
    verbs.map((verb) => verb.name),
  );
  return verbs.find((verb) => verb.name === near);
};

/** A path, or a word that belongs to no option: the ` -- ` before a command was forgotten. */
const looksLikeCommand = (name: string, own: readonly string[]): boolean =>
  /[./]/.test(name) ||
  own.some((word, i) => !word.startsWith('-') && !/^--[^=]+$/.test(i > 0 ? own[i - 1]! : ''));

/**
 * Exit code of a call with an unknown verb, when its command (if there is one) ended with `code`. A recording that
 * is misspelt is a recording less. A decision or a command that is misspelt would look like a yes, or like work done.
 */
export function unknownVerbCode(line: CallLine, code: number): number {
  const near = nearestVerb(line.name ?? '');
  if (line.command !== undefined) return code || (near?.command === 'none' ? (near.undecided ?? 0) : 0);
  if (near?.undecided !== undefined) return near.undecided;
  const needsCommand =
    near?.command === 'required' ||
    (near?.command === 'or-status' && !line.own.some((word) => word.startsWith('--status')));
  return needsCommand || looksLikeCommand(line.name ?? '', line.own) ? 1 : 0;
}
