import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Ended } from '../../src/record/child.ts';
import { errorTypeOf } from '../../src/record/stages.ts';
import { failureOf, failureSummary } from '../../src/record/why/explain.ts';
import { type Origin, type Wanted, wanted } from './errors/wanted.ts';

const folder = join(import.meta.dirname, 'errors');
const outputOf = (name: string): string => readFileSync(join(folder, `${name}.txt`), 'utf8');
const ended = (output: string): Ended => ({
  code: 1,
  startedMs: 0,
  finishedMs: 1,
  cancelled: false,
  timedOut: false,
  output,
});
const of = (name: string) => failureOf(ended(outputOf(name)), {});
const says = ({ says }: Wanted, message: string): boolean => says.some((text) => message.includes(text));
const lastLine = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours
    .replace(/\u001b\[[0-9;]*m/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .at(-1) ?? '';

const cases = Object.entries(wanted);
const names = (origin: Origin): readonly string[] =>
  cases.filter(([, one]) => one.origin === origin).map(([name]) => name);
const share = (origin: Origin, right: (name: string) => boolean): number => {
  const all = names(origin);
  return all.filter(right).length / all.length;
};
const isRight = (name: string): boolean => says(wanted[name]!, of(name).message);

describe('the line that says why', () => {
  test('every output has an expectation', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));
    expect(files.map((name) => name.slice(0, -4)).sort()).toEqual(cases.map(([name]) => name).sort());
    expect(cases.length).toBeGreaterThan(100);
  });
  test.each(names('run'))('%s', (name) => {
    expect(
      wanted[name]!.says.some((text) => of(name).message.includes(text)),
      of(name).message,
    ).toBe(true);
  });
  test.each(names('documentation'))('%s, from documentation', (name) => {
    expect(
      wanted[name]!.says.some((text) => of(name).message.includes(text)),
      of(name).message,
    ).toBe(true);
  });
  test('is right for tools that were not looked at', () => {
    expect(share('held out', isRight)).toBeGreaterThan(0.9);
    expect(share('unseen', isRight)).toBeGreaterThan(0.9);
  });
  test('is never worse than the last line', () => {
    const worse = cases.filter(([name, one]) => says(one, lastLine(outputOf(name))) && !isRight(name));
    expect(worse.map(([name]) => name)).toEqual([]);
  });
});

describe('the type', () => {
  test.each(cases.map(([name]) => name))('%s', (name) => expect(of(name).type).toBe(wanted[name]!.type));
  test('of a check that finds nothing to talk to is the failed check', () => {
    expect(errorTypeOf('health_check_failed', 'network')).toBe('health_check_failed');
    expect(errorTypeOf('test_failed', 'api_unreachable')).toBe('test_failed');
    expect(errorTypeOf('command_failed', 'network')).toBe('network');
    expect(errorTypeOf('test_failed', 'out_of_memory')).toBe('out_of_memory');
    expect(errorTypeOf('migration_failed', undefined)).toBe('migration_failed');
  });
});

describe('the summary of a step that failed', () => {
  const output = `${Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\n')}\nbad token tok-0123456789\n\n`;
  const env = { DEPLOY_TOKEN: 'tok-0123456789' };
  const summary = failureSummary('stage build of api', output, { message: 'no *', type: 'network' }, env);
  test('has the last twenty lines, without secrets', () => {
    expect(summary).toContain('line 29\nbad token ***\n```');
    expect(summary).toContain('line 11\n');
    expect(summary).not.toContain('line 10\n');
    expect(summary).not.toContain('tok-');
  });
  test('says whether the code failed, and cannot be broken by what is in it', () => {
    expect(summary).toContain('**no \\*** (network: not a failure of the code)');
    const fenced = failureSummary('x', 'a\n````\nb', { message: 'm', type: 'command_failed' }, {});
    expect(fenced).toContain('`````\na\n````\nb\n`````');
    expect(fenced).toContain('(command_failed)');
  });
});

test('an output that is made to be slow is read in time', () => {
  const nasty = ['error: ', 'E   ', '    at a (b', ':', ' | ', '[ERROR] ', 'npm error '].map((part) =>
    part.repeat(65_536 / part.length),
  );
  const many = 'a:1:1: \n'.repeat(8_192);
  const begun = performance.now();
  for (const text of [...nasty, many, '\n'.repeat(65_536), 'x\n'.repeat(32_768)]) failureOf(ended(text), {});
  expect(performance.now() - begun).toBeLessThan(20_000);
});
