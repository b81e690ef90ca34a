import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance, nearest } from '../../../src/lib/words.ts';
import { formatNumber } from '../../../src/promql/literals.ts';
import { labelRegex, plainAlternatives } from '../../../src/promql/regex.ts';
import { scan } from '../../../src/promql/scan.ts';
import { quote, unquote } from '../../../src/promql/strings.ts';

describe('numbers', () => {
  it('are printed without an exponent and read as the same', () => {
    for (const n of [1e-300, 1.5e-10, 123.456, 1e21, 1.7e308, 5e-324]) {
      expect(formatNumber(n)).not.toContain('e');
      expect(Number(formatNumber(n))).toBe(n);
      expect(Number(formatNumber(-n))).toBe(-n);
    }
  });
});

describe('strings', () => {
  it('come back from being quoted', () => {
    for (const text of [
      '',
      'a',
      '"',
      '\\',
      "'",
      '`',
      '\n\t\r\v\f\b\x07',
      '\x00\x7f',
      'é🚀\u200b\ufeff',
      '\udcff',
    ])
      expect(unquote(quote(text))).toEqual({ ok: true, value: text });
  });
  it('are taken as they are between backquotes', () => {
    expect(unquote('`\\n"\n`')).toEqual({ ok: true, value: '\\n"\n' });
  });
  it.each(['"', '"a', '"\\', '"a\\"', '"a\nb"', '"\\z"', '"\\x1"', '"\\400"', '"\\ud800"', '"\\U00110000"'])(
    '%j is none',
    (text) => {
      expect(unquote(text).ok).toBe(false);
    },
  );
});

describe('label patterns', () => {
  it('match the whole value', () => {
    expect(labelRegex('ab').matches('abc')).toBe(false);
    expect(labelRegex('a.').matches('ab')).toBe(true);
    expect(labelRegex('a.').matches('a\n')).toBe(true);
    expect(labelRegex('a|b').matches('b')).toBe(true);
    expect(labelRegex('(?i)A').matches('a')).toBe(true);
    expect(labelRegex('').matches('')).toBe(true);
    expect(labelRegex('.*').matches('')).toBe(true);
    expect(labelRegex('.+').matches('')).toBe(false);
  });
  it('say why they are none', () => {
    expect(labelRegex('(').error).toContain('missing closing )');
    expect(labelRegex('(').matches('(')).toBe(false);
  });
  it('are known to be words only when they are', () => {
    expect(plainAlternatives('api|web app')).toEqual(['api', 'web app']);
    for (const pattern of ['a.b', 'a*', '(a|b)', 'a||b', '|a', '', '[a]', 'a\\b', '^a$', 'a{2}', 'a?', 'a+'])
      expect(plainAlternatives(pattern)).toBeUndefined();
  });
});

describe('guesses', () => {
  it('count changes', () => {
    expect(editDistance('rate', 'rate')).toBe(0);
    expect(editDistance('rate', 'irate')).toBe(1);
    expect(editDistance('rate', 'raet')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });
  it('are made only when something is close', () => {
    expect(nearest('enviroment', ['environment', 'service'])).toBe('environment');
    expect(nearest('rat', ['rad', 'rate'])).toBe('rate');
    expect(nearest('zzz', ['environment', 'service'])).toBeUndefined();
    expect(didYouMean('zzz', ['a'])).toBe('');
  });
});

describe('scanning', () => {
  it('covers every character that is not space or comment', () => {
    const text = 'a{b="}"} [5m] # {"\n + ´$x"open';
    const rest = scan(text).reduce(
      (s, t) => s.slice(0, t.from) + ' '.repeat(t.to - t.from) + s.slice(t.to),
      text,
    );
    expect(rest.replace('# {"', '').trim()).toBe('');
  });
  it('pairs brackets of the same sort', () => {
    const partners = scan('(a[b)]').map((t) => t.partner);
    expect(partners).toEqual([undefined, undefined, 5, undefined, undefined, 2]);
  });
});
