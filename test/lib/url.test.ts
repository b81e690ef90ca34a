import { expect, it, test } from 'vitest';
import { authorization } from '../../src/lib/url.ts';

it('shows a token, without the line break that a pasted secret ends with', () => {
  expect(authorization('X', { X_TOKEN: 'abc\n' })).toEqual({ authorization: 'Bearer abc' });
  expect(authorization('X', {})).toEqual({});
});

test.each(['two\nlines', 'a b', 'grün', 'x€y'])('refuses the token %j, and does not print it', (token) => {
  expect(() => authorization('X', { X_TOKEN: token })).toThrow(/^X_TOKEN has a character that no token has/);
  expect(() => authorization('X', { X_TOKEN: token })).not.toThrow(token);
});
