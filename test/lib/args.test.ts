import { describe, expect, it, test } from 'vitest';
import { parseCommand } from '../../src/lib/args.ts';
import { UserError } from '../../src/lib/errors.ts';

const spec = {
  name: 'thing',
  summary: 'Does a thing.',
  options: {
    since: { value: 'TIME', help: 'how far back', default: '30d' },
    url: { value: 'URL', help: 'where' },
    json: { help: 'as JSON' },
  },
} as const;
const parse = (...argv: string[]) => parseCommand(spec, argv);
const problem = (...argv: string[]): string => {
  try {
    parse(...argv);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message;
  }
  throw new Error('It was accepted.');
};

describe('a command line', () => {
  it('gives values, switches and defaults', () => {
    expect({ ...parse('--url', 'http://a', '--json').values }).toEqual({
      since: '30d',
      url: 'http://a',
      json: true,
    });
    for (const given of [['--since=-7d'], ['--since', '-7d']])
      expect({ ...parse(...given).values }).toEqual({ since: '-7d', url: undefined, json: false });
    for (const given of [['--url='], ['--url', '']]) expect(parse(...given).values.url).toBe('');
    expect(parseCommand({ ...spec, positionals: 'FILE' }, ['a', '--', '--b']).positionals).toEqual([
      'a',
      '--b',
    ]);
  });

  test.each<[string[], string]>([
    [['--sinse', '7d'], 'There is no option --sinse. Did you mean --since?'],
    [['--sinse=7d'], 'There is no option --sinse. Did you mean --since?'],
    [['--whatever'], 'There is no option --whatever.'],
    [['-j'], '"-j" is not expected here; options begin with --, a command follows after " -- ".'],
    [['--constructor'], 'There is no option --constructor.'],
    [['extra'], '"extra" is not expected here.'],
    [['--', 'extra'], '"extra" is not expected here.'],
    [['--json=yes'], '--json takes no value.'],
    [['--since'], '--since needs a value: --since TIME.'],
    [['--since', '--json'], '--since needs a value: --since TIME.'],
  ])('%j: %s', (argv, expected) => {
    expect(problem(...argv)).toBe(expected);
  });

  it('is told everything that is wrong with it', () => {
    expect(problem('--a', 'b', 'c', '--json=x').split('\n')).toEqual([
      'There is no option --a.',
      '--json takes no value.',
      '"c" is not expected here.',
    ]);
  });
});
