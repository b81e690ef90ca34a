import { expect, it } from 'vitest';
import { safeAddress } from '../../../src/panels/address.ts';

it.each([
  '/d/x?var-a=a%26b',
  'https://ci.example/1',
  '?x=1',
  '#top',
  'mailto:a@b.example',
  'relative:8080'.slice(0, 8),
])('follows %s as it is', (address) => {
  expect(safeAddress(address)).toBe(address);
});

it.each(['javascript:alert(1)', ' JavaScript:alert(1)', 'data:text/html,x', 'vbscript:x'])(
  'does not follow %s',
  (address) => {
    expect(safeAddress(address)).toBe('about:blank');
  },
);
