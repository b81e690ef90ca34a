import { expect, it } from 'vitest';
import { parseView, viewAddress } from '../../../src/panels/view.ts';

it.each([
  '/',
  '/d/deployment-pipeline',
  '/d/x?var-a=1&var-a=2&var-b=%24__all&from=now-7d&to=now',
  '/d/x?refresh=30s&theme=light',
  '/d/x?theme=dark&kiosk=&expand=',
  '/d/with%20space?var-q=a%26b%3Dc',
])('reads and writes %s', (address) => {
  const { pathname, search } = new URL(address, 'http://localhost');
  expect(viewAddress(parseView(pathname, search))).toBe(address);
});

it('completes half a time range and ignores what it does not know', () => {
  expect(parseView('/d/x/some-slug', '?from=now-1d&theme=pink&other=1')).toEqual({
    uid: 'x',
    chosen: {},
    time: { from: 'now-1d', to: 'now' },
    kiosk: false,
    expand: false,
  });
});
