import { expect, it } from 'vitest';
import { canonicalJson, sortKeys } from '../../src/lib/canonical.ts';

it('gives equal values the same text, whatever the order of their keys', () => {
  const a = { b: [{ y: 1, x: null }], a: 'é' };
  const b = { a: 'é', b: [{ x: null, y: 1 }] };
  expect(canonicalJson(a)).toBe('{"a":"é","b":[{"x":null,"y":1}]}');
  expect(canonicalJson(b)).toBe(canonicalJson(a));
  expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
  expect([null, 1, 'a', undefined].map(sortKeys)).toEqual([null, 1, 'a', undefined]);
});
