import { expect, it, test } from 'vitest';
import { type Given, type Options, optionsOf } from '../../src/backtest/options.ts';
import { UserError } from '../../src/lib/errors.ts';

const now = 1_790_000_000;
const given: Given = {
  since: '30d',
  step: '1m',
  prometheus: 'http://prometheus:9090',
  at: undefined,
  format: undefined,
  json: false,
};
const read = (over: Partial<Given> = {}, env: NodeJS.ProcessEnv = {}): Options =>
  optionsOf({ ...given, ...over }, env, now);
const problem = (over: Partial<Given>, env: NodeJS.ProcessEnv = {}): string => {
  try {
    read(over, env);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }
  throw new Error('It was accepted.');
};

it('reads a span that ends on a step', () => {
  const to = Math.floor(now / 60) * 60;
  expect(read().span).toEqual({ from: to - 30 * 86_400, to, step: 60 });
  expect(read({ since: '1h30m', at: '1780000001' }).span).toEqual({
    from: 1_779_999_960 - 5_400,
    to: 1_779_999_960,
    step: 60,
  });
  expect(read().format).toBe('text');
  expect(read({ json: true }).format).toBe('json');
  expect(read({ format: 'markdown' }).format).toBe('markdown');
});

test.each<[Partial<Given>, string]>([
  [{ since: '1.5h' }, '--since "1.5h" is no duration. Write something like 30d, 12h or 1h30m.'],
  [{ since: '-7d' }, '--since "-7d" is no duration. Write something like 30d, 12h or 1h30m.'],
  [{ since: 'garbage 7d of it' }, '--since "garbage 7d of it" is no duration.'],
  [{ since: '' }, '--since "" is no duration.'],
  [{ since: '100y' }, '--since "100y" is not between 1 s and 366 days.'],
  [{ step: '0' }, '--step "0" is not between 1 s and 1 days.'],
  [{ step: '10ms' }, '--step "10ms" is not between 1 s and 1 days.'],
  [{ since: '1h', step: '2h' }, '--step 2h is longer than --since 1h.'],
  [{ at: '' }, '--at "" is no time.'],
  [{ at: 'tomorrow' }, '--at "tomorrow" is no time.'],
  [{ at: '5' }, '--at 5 is before 2001.'],
  [{ at: '1767225600000' }, '--at 1767225600000 looks like milliseconds. Give Unix seconds: 1767225600.'],
  [{ at: '1800000000' }, '--at 1800000000 is in the future, where there is no history.'],
  [{ format: 'xml' }, 'There is no format "xml". There are text, markdown, json.'],
  [{ format: 'text', json: true }, '--json and --format text cannot both be.'],
  [{ prometheus: undefined }, 'Say which Prometheus to ask: --prometheus URL, or PROMETHEUS_URL.'],
  [{ prometheus: 'localhost' }, '--prometheus is not a URL: https:// is missing before it.'],
  [{ prometheus: 'http://me:secret@host' }, '--prometheus carries a user name or password in the URL.'],
])('%o: %s', (over, sentence) => {
  expect(problem(over)).toContain(sentence);
});

it('names the variable when the URL is from there, and never a secret', () => {
  expect(problem({ prometheus: undefined }, { PROMETHEUS_URL: 'ftp://me:hush@host' })).toBe(
    'PROMETHEUS_URL must start with http:// or https://.',
  );
  expect(problem({ prometheus: 'http://me:hush@host' })).not.toContain('hush');
});

it('says everything that is wrong at once', () => {
  const said = problem(
    { since: 'x', step: 'y', at: 'z', format: 'xml', prometheus: 'nowhere' },
    { PROMETHEUS_USERNAME: 'me' },
  );
  expect(said.split('\n').map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    '--step "y"',
    '--since "x"',
    '--at "z"',
    'There is',
    '--prometheus is',
    'Of PROMETHEUS_USERNAME',
  ]);
});
