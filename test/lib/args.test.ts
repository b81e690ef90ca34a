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
    expect({ ...parse('--since=-7d').values }).toEqual({ since: '-7d', json: false });
    expect(parseCommand({ ...spec, positionals: 'FILE' }, ['a', '--', '--b']).positionals).toEqual([
      'a',
      '--b',
    ]);
  });

  test.each<[string[], string]>([
    [['--sinse', '7d'], "Unknown option '--sinse': is --since meant?\nUnexpected argument '7d'"],
    [['--sinse=7d'], "Unknown option '--sinse': is --since meant?"],
    [['--whatever'], "Unknown option '--whatever'"],
    [['-j'], "Unknown option '-j'"],
    [['--constructor'], "Unknown option '--constructor'"],
    [['extra'], "Unexpected argument 'extra'"],
    [['--', 'extra'], "Unexpected argument 'extra'"],
    [['--json=yes'], "Option '--json' takes no value"],
    [['--since'], "Option '--since' needs a value: --since TIME"],
    [['--since', '--json'], 'Option \'--since\' needs a value. If it is "--json", write --since=--json'],
    [['--since', '-7d'], 'Option \'--since\' needs a value. If it is "-7d", write --since=-7d'],
  ])('%j: %s', (argv, expected) => {
    expect(problem(...argv)).toBe(expected);
  });

  it('is told everything that is wrong with it', () => {
    expect(problem('--a', 'b', '--json=x').split('\n')).toEqual([
      "Unknown option '--a'",
      "Unexpected argument 'b'",
      "Option '--json' takes no value",
    ]);
  });
});
