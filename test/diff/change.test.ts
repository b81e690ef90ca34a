import { expect, it } from 'vitest';
import { seconds } from '../../src/diff/change.ts';

it.each([
  ['15s', 15],
  ['500ms', 0.5],
  ['1h30m', 5_400],
  ['1w2d', 777_600],
  ['1y', 31_536_000],
  ['0s', 0],
])('a duration of %s is %d seconds', (text, expected) => {
  expect(seconds(text)).toBe(expected);
});

it.each([undefined, '', '0', '15', '1.5h', '-5m', 'in 5m', '5m later', '5 m', '{{ $labels.for }}5m', '5m\n'])(
  'no duration is %j',
  (text) => {
    expect(seconds(text)).toBe(0);
  },
);
