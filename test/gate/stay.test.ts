import { describe, expect, it, test } from 'vitest';
import { merge, type Pushed } from '../../src/record/gate/evidence.ts';
import { judgeRecordings, liveSince, startedAt } from '../../src/record/gate/stay.ts';
import type { Check } from '../../src/record/gate/verdict.ts';
import { checks, errorRate, migration, smokeTest, stage } from './samples.ts';

const first = 1_800_000_000;
const deployment = { environment: 'production', deployment_id: '1' } as const;
const verdicts = (pushed: readonly Pushed[], now: number): Record<string, string> =>
  Object.fromEntries(judgeRecordings(pushed, now, deployment).map(({ name, verdict }) => [name, verdict]));
const only = (name: string, pushed: readonly Pushed[], now = first + 1_000): Check[] =>
  judgeRecordings(pushed, now, deployment).filter((check) => check.name === name);
const verdictOf = (name: string, pushed: readonly Pushed[], now?: number): string | undefined =>
  only(name, pushed, now)[0]?.verdict;

describe('an empty answer', () => {
  it('passes nothing', () => {
    expect(verdicts([], first)).toEqual({
      deployment: 'error',
    });
  });
});

describe('health', () => {
  const lastOf = (letters: string): number => first + 5 * (letters.length - 1);
  const while_ = (letters: string): string | undefined =>
    verdictOf('health', checks(letters, first), lastOf(letters) + 4);
  const after = (letters: string): string | undefined =>
    verdictOf('health', checks(letters, first), lastOf(letters) + 30);

  it.each([
    ['+'.repeat(29), 'pass'],
    [`-${'+'.repeat(29)}`, 'pass'],
    ['--', 'fail'],
    [`--${'+'.repeat(20)}`, 'fail'],
    ['+', 'inconclusive'],
    ['-', 'inconclusive'],
    ['+'.repeat(28), 'inconclusive'],
  ])('while %s goes on is %s', (letters, verdict) => {
    expect(while_(letters)).toBe(verdict);
  });

  it.each([
    ['+'.repeat(5), 'pass'],
    ['+'.repeat(4), 'inconclusive'],
    ['-', 'fail'],
    [`-${'+'.repeat(9)}`, 'fail'],
    [`-${'+'.repeat(19)}`, 'pass'],
  ])('once %s is over is %s', (letters, verdict) => {
    expect(after(letters)).toBe(verdict);
  });

  it('never passes below 95 %, however many checks passed', () => {
    const letters = `${'-'.repeat(4)}${'+'.repeat(29)}`;
    const [running] = only('health', checks(letters, first, 'api', 2), first + 66);
    expect(running).toMatchObject({ verdict: 'inconclusive', found: expect.stringContaining('87.9 %') });
    expect(verdictOf('health', checks(letters, first, 'api', 2), first + 200)).toBe('fail');
    const better = `-${'+'.repeat(40)}`;
    expect(verdictOf('health', checks(better, first, 'api', 2), first + 83)).toBe('inconclusive');
    expect(verdictOf('health', checks(better, first, 'api', 2), first + 200)).toBe('pass');
  });

  it('is not over before the next check is due', () => {
    const slow = checks('+'.repeat(5), first, 'api', 60);
    expect(verdictOf('health', slow, first + 265)).toBe('inconclusive');
    expect(verdictOf('health', slow, first + 301)).toBe('pass');
    expect(verdictOf('health', checks('+-', first, 'api', 30), first + 60)).toBe('inconclusive');
    expect(verdictOf('health', checks('+-', first, 'api', 30), first + 80)).toBe('fail');
  });

  it('is over when its stage has ended, however recently', () => {
    const pushed = checks('+'.repeat(10), first);
    const soon = first + 46;
    expect(verdictOf('health', pushed, soon)).toBe('inconclusive');
    const ended = stage('health_check', 'api', 'success', first + 45.5);
    expect(verdictOf('health', [...pushed, ...ended], soon)).toBe('pass');
    const other = stage('health_check', 'web', 'success', first + 45.5);
    expect(verdictOf('health', [...pushed, ...other], soon)).toBe('inconclusive');
  });

  it('is judged by the first five minutes', () => {
    const late = [...checks('+'.repeat(29), first), ...checks('-'.repeat(10), first + 400, 'web')];
    expect(only('health', late).map(({ verdict }) => verdict)).toEqual(['pass', 'fail']);
    const longAgo = checks('+'.repeat(29) + '-'.repeat(40), first);
    expect(only('health', longAgo)[0]!.found).toBe('47.5 % (29 of 61 checks passed)');
  });

  it('is judged for each service, so that a healthy one does not hide a sick one', () => {
    const both = [...checks('+'.repeat(30), first), ...checks('--', first, 'web')];
    expect(only('health', both).map(({ demanded, verdict }) => [demanded.split(':')[0], verdict])).toEqual([
      ['api', 'pass'],
      ['web', 'fail'],
    ]);
  });
});

describe('the error rate', () => {
  test.each([
    [0, 'pass'],
    [0.05, 'pass'],
    [0.0501, 'fail'],
    [Number.NaN, 'fail'],
  ])('%d is %s', (rate, verdict) => {
    expect(verdictOf('error-rate', [errorRate(rate)])).toBe(verdict);
  });
});

describe('smoke tests', () => {
  it('run again, after they had ended', () => {
    const again = stage('smoke_tests', 'web', 'success', first).map((one) =>
      one.name === 'deployment_stage_started_timestamp_seconds' ? { ...one, value: first + 30 } : one,
    );
    expect(verdictOf('smoke-tests', [smokeTest('a', true), ...again])).toBe('inconclusive');
  });
  it('all pass', () => {
    expect(verdictOf('smoke-tests', [smokeTest('a', true), smokeTest('b', true)])).toBe('pass');
  });
  it('one of three fails, and is named', () => {
    const [check] = only('smoke-tests', [smokeTest('a', true), smokeTest('b', false), smokeTest('c', true)]);
    expect(check).toMatchObject({ verdict: 'fail', found: '2 of 3 passed; failed: b' });
  });
  it('one of a hundred may fail', () => {
    const many = Array.from({ length: 100 }, (_, i) => smokeTest(String(i), i > 0));
    expect(verdictOf('smoke-tests', many)).toBe('pass');
    expect(verdictOf('smoke-tests', many.slice(0, 99))).toBe('fail');
  });
  it('others still run', () => {
    const running = stage('smoke_tests', 'api');
    expect(verdictOf('smoke-tests', [smokeTest('a', true), ...running])).toBe('inconclusive');
    expect(verdictOf('smoke-tests', [smokeTest('a', false), ...running])).toBe('fail');
    expect(verdictOf('smoke-tests', running)).toBe('inconclusive');
    const ended = stage('smoke_tests', 'api', 'success', first);
    expect(verdictOf('smoke-tests', [smokeTest('a', true), ...ended])).toBe('pass');
  });
});

describe('migrations', () => {
  test.each<[string, Pushed[], string]>([
    ['succeeded', [migration(true)], 'pass'],
    ['failed', [migration(false)], 'fail'],
    ['one of two failed', [migration(true), migration(false, 'second')], 'fail'],
    ['still running', stage('migration', 'database'), 'inconclusive'],
    ['reported as a stage', stage('migration', 'database', 'success', first), 'pass'],
    ['reported as a stage that failed', stage('migration', 'database', 'failure', first), 'fail'],
  ])('%s', (_, pushed, verdict) => {
    expect(verdictOf('migrations', pushed)).toBe(verdict);
  });
});

describe('what the gateway holds', () => {
  const scraped = checks('-'.repeat(30), first);

  it('takes the place of what Prometheus saw of the same family of a group', () => {
    const again = checks('+++', first + 500);
    expect(merge(scraped, again)).toEqual(again);
  });
  it('leaves what Prometheus saw of other groups', () => {
    const web = checks('+', first, 'web');
    expect(merge(scraped, web)).toEqual([...web, ...scraped]);
    expect(merge([smokeTest('a', false)], [smokeTest('b', true)])).toHaveLength(2);
    expect(merge([smokeTest('a', false)], [smokeTest('a', true)])).toEqual([smokeTest('a', true)]);
  });
});

it('knows when the new version began to answer', () => {
  expect(liveSince(checks('-+', first))).toBe(first);
  expect(liveSince([])).toBeUndefined();
  expect(startedAt([{ name: 'deployment_started_timestamp_seconds', labels: {}, value: 7 }])).toBe(7);
});
