import { describe, expect, test } from 'vitest';
import { Tail } from '../../src/record/tail.ts';

const tailOf = (limit: number, ...chunks: readonly (string | Uint8Array)[]): string => {
  const tail = new Tail(limit);
  for (const chunk of chunks) tail.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return tail.text;
};

describe('the end of the output', () => {
  test('is all of it, while there is room', () => {
    expect(tailOf(100)).toBe('');
    expect(tailOf(100, 'a\nb')).toBe('a\nb');
    expect(tailOf(100, 'a', 'b\nc\n', 'd')).toBe('ab\nc\nd');
  });
  test('begins with a complete line', () => {
    expect(tailOf(10, 'first line\nsecond\nthird\n')).toBe('third\n');
    expect(tailOf(10, 'first line\n', 'ab\n', 'cd\n', 'ef\n')).toBe('ab\ncd\nef\n');
    expect(tailOf(4, 'abcdefgh')).toBe('efgh');
  });
  test('is put together from pieces, wherever they are cut', () => {
    const text = Array.from({ length: 40 }, (_, i) => `grö🚀ße ${i}\n`).join('');
    const bytes = Buffer.from(text);
    for (const size of [1, 3, 7, 50, 64, 1_000]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      expect(tailOf(64, ...pieces)).toBe('grö🚀ße 36\ngrö🚀ße 37\ngrö🚀ße 38\ngrö🚀ße 39\n');
    }
  });
  test('does not mix two streams within a line', () => {
    const tail = new Tail();
    tail.push(Buffer.from('out 1, fir'), 'stdout');
    tail.push(Buffer.from('err 1\n'), 'stderr');
    tail.push(Buffer.from('st\n'), 'stdout');
    expect(tail.text).toBe('err 1\nout 1, first\n');
  });
  test('does not keep the memory of a chunk', () => {
    const tail = new Tail();
    const chunk = Buffer.from('kept\nrest');
    tail.push(chunk);
    chunk.fill(0);
    expect(tail.text).toBe('kept\nrest');
  });
});
