import { describe, expect, it } from 'vitest';
import { codeSpan, oneLine, stripControls } from '../../src/lib/sanitize.ts';

/** Reads a line as CommonMark does: a span ends at the next row of backticks that is as long as its own. */
function codeOf(line: string): string | undefined {
  const [, fence = '', rest = ''] = /^(`+)([\s\S]*)$/.exec(line) ?? [];
  const end = [...rest.matchAll(/`+/g)].find(([row]) => row.length === fence.length);
  if (!fence || !end || end.index + fence.length !== rest.length) return undefined;
  const inside = rest.slice(0, end.index);
  return /^ .*[^ ].* $/.test(inside) ? inside.slice(1, -1) : inside;
}

describe('a code span', () => {
  it.each([
    'plain',
    '`',
    '``',
    'a`b',
    'a``b`c',
    '`a``',
    '```js',
    'a ` b `` c ``` d',
    '@everyone <img src=x> [a](b)',
    ' a ',
    ' `',
  ])('shows %j and nothing else', (text) => {
    expect(codeOf(codeSpan(text))).toBe(text);
  });

  it('has a fence longer than every row of backticks in it', () => {
    expect(codeSpan('a``b`c')).toBe('```a``b`c```');
    expect(codeSpan('a```b')).toBe('````a```b````');
  });

  it('is one line, and nothing for nothing', () => {
    expect(codeSpan('a\n  b\r\nc')).toBe('`a ⏎ b ⏎ c`');
    expect(['', ' '].map(codeSpan)).toEqual(['', '']);
  });

  it('has no character that a terminal obeys or that turns text around', () => {
    expect(codeSpan('a\u001b[31m\u202eb\u2066')).toBe('`a\ufffd[31m\ufffdb\ufffd`');
  });
});

it('keeps line breaks and tabs, and no other control character', () => {
  expect(stripControls('a\r\nb\tc\u0007\u200b\u{e0041}')).toBe('a\nb\tc\ufffd\ufffd\ufffd');
  expect(oneLine(' a\n b\u001b ')).toBe('a b\ufffd');
});
