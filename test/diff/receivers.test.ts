import { expect, it } from 'vitest';
import { parseMatcher, type Route, receiversOf } from '../../src/diff/receivers.ts';

const route: Route = {
  receiver: 'log',
  routes: [
    { matchers: ['severity="critical"', 'environment!="production"'], receiver: 'ops' },
    {
      matchers: ['severity="critical"'],
      receiver: 'page',
      routes: [{ matchers: ['team="web"'], receiver: 'web' }],
    },
    { matchers: ['severity=~"high|medium"'], receiver: 'tickets', continue: true },
    { matchers: ['severity="high"'], routes: [] },
  ],
};

it.each([
  [{ severity: 'critical', environment: 'production', team: 'platform' }, ['page']],
  [{ severity: 'critical', environment: 'staging' }, ['ops']],
  // An unknown label can have any value.
  [{ severity: 'critical' }, ['ops', 'web', 'page']],
  [{ severity: 'critical', environment: 'production', team: 'web' }, ['web']],
  [{ severity: 'high' }, ['tickets', 'log']],
  [{ severity: 'medium' }, ['tickets', 'log']],
  [{ severity: 'info' }, ['log']],
])('%j is heard of by %j', (labels, receivers) => {
  expect(receiversOf(route, labels)).toEqual(receivers);
});

it('takes conditions apart, quoted or not', () => {
  expect(parseMatcher('a=~"b|c"')).toEqual({ label: 'a', op: '=~', value: 'b|c' });
  expect(parseMatcher(' a != b ')).toEqual({ label: 'a', op: '!=', value: 'b' });
  expect(parseMatcher('nonsense')).toBeUndefined();
  expect(receiversOf(undefined, {})).toEqual([]);
});
