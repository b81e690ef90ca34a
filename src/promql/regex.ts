import { RE2JS } from 're2js';

/** A label matcher's regular expression. */
export interface Regex {
  /** Why Prometheus would refuse it; undefined when it would not. */
  readonly error?: string;
  /** Whether the whole of a text matches: label matchers are anchored at both ends. */
  readonly matches: (text: string) => boolean;
}

const known = new Map<string, Regex>();

/** Words joined by `|`: what nearly every matcher looks like, and what needs no engine. */
const words = /^[\w /:@,#%&~<>=;"'!-]+(?:\|[\w /:@,#%&~<>=;"'!-]+)*$/;

function compile(pattern: string): Regex {
  const alternatives = plainAlternatives(pattern);
  if (alternatives) return { matches: (text) => alternatives.includes(text) };
  if (pattern === '.*') return { matches: () => true };
  if (pattern === '.+') return { matches: (text) => text !== '' };
  try {
    const regex = RE2JS.compile(pattern, RE2JS.DOTALL);
    return { matches: (text) => regex.matches(text) };
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace('error parsing regexp: ', '') : String(error);
    return { error: reason, matches: () => false };
  }
}

/** A label matcher's pattern in RE2, Prometheus' dialect; compiled once. */
export function labelRegex(pattern: string): Regex {
  const cached = known.get(pattern);
  if (cached) return cached;
  const regex = compile(pattern);
  known.set(pattern, regex);
  return regex;
}

/** The words of `a|b|c`; undefined when the pattern is anything more than that. */
export function plainAlternatives(pattern: string): readonly string[] | undefined {
  return words.test(pattern) ? pattern.split('|') : undefined;
}
