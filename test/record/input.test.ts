import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { durationMs } from '../../src/lib/duration.ts';
import { choice, duration, flag, number, text, time } from '../../src/lib/options.ts';
import { parseOptions } from '../../src/lib/parse-options.ts';
import { inProject } from '../../src/lib/root.ts';
import { parseTime } from '../../src/lib/time.ts';
import { nearest } from '../../src/lib/words.ts';
import { formatSeconds } from '../../src/record/time.ts';
import { verbs } from '../../src/record/verbs/registry.ts';
import { pipeline } from '../relay.ts';
import { jobEnv, pushes, record } from './helpers.ts';

const gateway = { PUSHGATEWAY_URL: 'http://127.0.0.1:9' };
const warnings = async (
  argv: string[],
  extra: Record<string, string | undefined> = {},
): Promise<string[]> => {
  const done = await record(argv, jobEnv({ ...gateway, ...extra }));
  expect(done.code).toBe(0);
  expect(
    (await record([argv[0]!, '--strict', ...argv.slice(1)], jobEnv({ ...gateway, ...extra }))).code,
  ).toBe(1);
  return done.warnings;
};

describe('wrong input: a sentence each, exit code 0, and 1 with --strict', () => {
  test('an unknown verb', async () => {
    expect(await warnings(['stat'])).toEqual([
      expect.stringMatching(/no verb "stat"\. Did you mean start\?/),
    ]);
    expect(await warnings(['frobnicate'])).toEqual([
      expect.stringContaining(`Verbs: ${verbs.map((verb) => verb.name).join(', ')}.`),
    ]);
  });

  test('everything that is wrong with a call at once', async () => {
    const argv = [
      'stage-finish',
      '--servce',
      'api',
      '--stage',
      'biuld',
      '--duration',
      'long',
      '--status',
      'ok',
      'extra',
    ];
    expect(await warnings(argv, { DEPLOYMENT_ID: undefined })).toEqual([
      'Not recorded (stage-finish): There is no option --servce. Did you mean --service?',
      'Not recorded (stage-finish): "extra" is not expected here; options begin with --, a command follows after " -- ".',
      'Not recorded (stage-finish): --service is missing: --service NAME.',
      'Not recorded (stage-finish): --status "ok" is not one of those known: success, failure, skipped, cancelled.',
      'Not recorded (stage-finish): --duration "long" is not a number.',
      'Not recorded (stage-finish): The deployment id is missing: give --deployment-id ID, or set DEPLOYMENT_ID or GITHUB_RUN_ID.',
    ]);
  });

  const cases: readonly (readonly [string, string[], RegExp])[] = [
    ['a missing value', ['cost', '--resource', '--usd', '1'], /--resource needs a value: --resource NAME/],
    ['a missing value at the end', ['cost', '--resource', 'vercel_build', '--usd'], /--usd needs a value/],
    [
      'a number that is none',
      ['cost', '--resource', 'vercel_build', '--usd', 'ten'],
      /--usd "ten" is not a number/,
    ],
    [
      'a number that is not finite',
      ['cost', '--resource', 'vercel_build', '--usd', 'Infinity'],
      /is not a number/,
    ],
    [
      'a negative cost',
      ['cost', '--resource', 'vercel_build', '--usd', '-1'],
      /--usd -1 is out of range: it must be at least 0/,
    ],
    ['a ratio above 1', ['error-rate', '--service', 'api', '--value', '5'], /must be between 0 and 1/],
    [
      'a time without a zone',
      ['finish', '--outcome', 'success', '--at', '2026-01-01T00:00:00'],
      /is not a time: .* time zone/,
    ],
    ['a time in milliseconds', ['finish', '--outcome', 'success', '--at', '1767225600000'], /is not a time/],
    [
      'an outcome that only the ledger gives',
      ['finish', '--outcome', 'abandoned'],
      /success, failure, rolled_back, cancelled/,
    ],
    ['a switch with a value', ['start', '--no-sweep=perhaps'], /--no-sweep takes no value/],
    [
      'a number that is not whole',
      ['migration', '--status', 'success', '--count', '2.5'],
      /--count "2.5" is not a whole number/,
    ],
    ['an empty list', ['finish', '--results', ','], /--results has no result in it/],
    [
      'a time where none is recorded',
      ['cost', '--resource', 'vercel_build', '--usd', '1', '--at', '1700000000'],
      /cost records no time/,
    ],
    [
      'a time in the future',
      ['finish', '--outcome', 'success', '--finished-at', '4000000000'],
      /--finished-at is .* ahead of this machine's clock/,
    ],
    [
      'an end before the beginning',
      [
        ...['stage-finish', '--service', 'api', '--stage', 'build', '--status', 'success'],
        ...['--started-at', '1700000100', '--finished-at', '1700000000'],
      ],
      /--started-at lies 1 min 40 s after the end/,
    ],
    [
      'a check in the future',
      ['health', '--service', 'api', '--check', '4000000000,healthy,1'],
      /--check "4000000000,healthy,1" lies in the future/,
    ],
    [
      'checks that were made beside a URL',
      ['health', '--service', 'api', '--url', 'http://127.0.0.1:9', '--check', '12,healthy,1'],
      /leave --url out/,
    ],
    ['a blank id', ['start', '--deployment-id', '  '], /The deployment id is missing/],
    [
      'an id of 9,000 characters',
      ['start', '--deployment-id', 'x'.repeat(9_000)],
      /has 9000 characters: give --deployment-id one of at most 200/,
    ],
    [
      'an id without a value',
      ['start', '--deployment-id'],
      /^Not recorded \(start\): --deployment-id needs a value/,
    ],
    [
      'a health check that cannot be read',
      ['health', '--service', 'api', '--check', '12,fine,1'],
      /TIME,STATUS,SECONDS/,
    ],
  ];
  test.each(cases)('%s', async (_name, argv, expected) => {
    expect(await warnings(argv)).toEqual([expect.stringMatching(expected)]);
  });

  test('a time together with a command', async () => {
    const argv = ['smoke-test', '--test-name', 'x', '--at', '1700000000', '--', 'true'];
    expect((await record(argv, jobEnv(gateway))).warnings).toEqual([
      expect.stringContaining('--at is for what happened already'),
    ]);
  });

  test.each([
    ['smoke-test', ['--test-name', 'x', '--status', 'success'], 'status'],
    ['smoke-test', ['--test-name', 'x', '--duration', '5'], 'duration'],
    ['migration', ['--started-at', '1700000000'], 'started-at'],
    ['rollback', ['--reason', 'manual', '--status', 'failure'], 'status'],
  ])('%s %j together with a command', async (verb, options, name) => {
    const done = await record([verb, ...options, '--', 'sh', '-c', 'exit 6'], jobEnv(gateway));
    expect(done.code).toBe(6);
    expect(done.warnings).toEqual([
      expect.stringContaining(`--${name} is for what happened already, and ${verb} does it now.`),
    ]);
  });

  test('attempts that are no whole number', async () => {
    const argv = ['health', '--service', 'api', '--url', 'http://127.0.0.1:9', '--attempts', '2.5'];
    const done = await record([...argv, '--strict'], jobEnv(gateway));
    expect(done).toMatchObject({ code: 1, warnings: [expect.stringContaining('is not a whole number')] });
  });

  test('a gateway that is not set, no URL, with a password in it, half of the credentials', async () => {
    const cost = ['cost', '--resource', 'vercel_build', '--usd', '1'];
    const say = (extra: Record<string, string | undefined>): Promise<string[]> => warnings(cost, extra);
    expect(await say({ PUSHGATEWAY_URL: undefined })).toEqual([
      expect.stringMatching(/^Nothing is recorded\. PUSHGATEWAY_URL is not set\./),
    ]);
    expect(await say({ PUSHGATEWAY_URL: ' ' })).toEqual([expect.stringContaining('is not set')]);
    expect(await say({ PUSHGATEWAY_URL: 'gateway' })).toEqual([expect.stringContaining('is not a URL')]);
    expect(await say({ PUSHGATEWAY_URL: 'ftp://x' })).toEqual([expect.stringContaining('http://')]);
    const inUrl = await say({ PUSHGATEWAY_URL: 'http://ci:secret99@x' });
    expect(inUrl).toEqual([expect.stringContaining('user name or password in the URL')]);
    expect(inUrl.join()).not.toContain('secret99');
    expect(await say({ PUSHGATEWAY_USERNAME: 'ci' })).toEqual([expect.stringContaining('only one is set')]);
    expect(await say({ PUSHGATEWAY_URL: 'x', PUSHGATEWAY_PASSWORD: 'y' })).toHaveLength(2);
    expect(await say({ PUSHGATEWAY_TOKEN: 'two\nlines' })).toEqual([
      expect.stringContaining('has a character that no token has'),
    ]);
  });
});

test('a disabled gateway switches recording off with one line and no warning', async () => {
  const done = await record(
    ['cost', '--resource', 'vercel_build', '--usd', '1', '--strict'],
    jobEnv({ PUSHGATEWAY_URL: 'disabled' }),
  );
  expect(done).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'Recording is switched off (PUSHGATEWAY_URL=disabled).\n',
  });
});

test('a warning keeps to one line of the log, whatever is in it', async () => {
  const done = await record(['cost', '--resource', 'a', '--usd', 'a\n::error::gone\r%'], jobEnv(gateway));
  expect(done.stderr.split('\n').filter((line) => line.startsWith('::'))).toHaveLength(1);
  expect(done.stderr).toContain('a%0A::error::gone%0D%25');
});

describe('help', () => {
  test('of the tool names every verb', async () => {
    for (const argv of [[], ['--help'], ['-h'], ['help']]) {
      const done = await record(argv, {});
      expect(done).toMatchObject({ code: 0, stderr: '' });
      for (const verb of verbs) expect(done.stdout).toContain(`  ${verb.name} `);
    }
  });
  test.each(verbs.map((verb) => verb.name))('of %s names every option', async (name) => {
    const verb = verbs.find((known) => known.name === name)!;
    const done = await record([name, '--help'], {});
    expect(done.code).toBe(0);
    for (const option of Object.keys(verb.options)) expect(done.stdout).toContain(`--${option}`);
    expect(await record(['help', name], {})).toMatchObject({ stdout: done.stdout });
  });
  test('of a verb that does not exist says so', async () => {
    const done = await record(['help', 'nonsense'], {});
    expect(done).toMatchObject({ code: 1, stderr: 'There is no verb "nonsense".\n' });
  });
  test('tells the version', async () => {
    const { version } = JSON.parse(readFileSync(inProject('package.json'), 'utf8')) as { version: string };
    expect(await record(['--version'], {})).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
  test('of a command is left to the command', async () => {
    const done = await record(
      ['smoke-test', '--test-name', 'x', '--', 'sh', '-c', ':', '--help'],
      jobEnv({ PUSHGATEWAY_URL: 'disabled' }),
    );
    expect(done.stdout).toBe('');
  });
});

describe('a dry run', () => {
  test('prints method, path and exposition, and needs no gateway', async () => {
    const done = await record(['cost', '--resource', 'vercel_build', '--usd', '0.5', '--dry-run'], jobEnv());
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout.split('\n')).toEqual([
      'PUT /metrics/job/deployment-pipeline/environment/production/deployment_id/4711/resource/vercel_build',
      '# HELP deployment_infrastructure_cost What this deployment cost on this resource.',
      '# TYPE deployment_infrastructure_cost gauge',
      'deployment_infrastructure_cost 0.5',
      '',
      '',
    ]);
  });
  test('of a stage shows both of its pushes', async () => {
    const done = await record(
      ['stage', '--service', 'api', '--stage', 'build', '--dry-run', '--', 'false'],
      jobEnv(),
      1_700_000_000_000,
    );
    expect(done.code).toBe(0);
    expect(done.stdout.match(/^PUT .*$/gm)).toHaveLength(2);
    expect(done.stdout).toContain('deployment_stage_status_code 1');
  });
  test('of health asks no server', async () => {
    const done = await record(
      ['health', '--service', 'api', '--url', 'http://127.0.0.1:9', '--dry-run'],
      jobEnv(),
    );
    expect(done).toMatchObject({ code: 0, warnings: [] });
    expect(done.stdout).toContain('deployment_health_check_success{attempt="1"} 1');
  });
});

describe('options', () => {
  const specs = {
    name: text('NAME', ''),
    count: number('N', '', { default: '3', min: 1 }),
    when: time('TIME', ''),
    wait: duration('TIME', '', { default: '5s' }),
    kind: choice(['a', 'b'], 'KIND', '', { env: 'KIND' }),
    many: text('X', '', { repeatable: true }),
    quiet: flag(''),
  } as const;
  const values = (argv: string[], env = {}) => parseOptions(specs, argv, { env }).values;

  test('take their values after a blank or an equals sign, the last one counts', () => {
    expect(values(['--name', 'x', '--count=7', '--quiet', '--many', '1', '--many=2'])).toEqual({
      name: 'x',
      count: 7,
      when: undefined,
      wait: 5_000,
      kind: undefined,
      many: ['1', '2'],
      quiet: true,
    });
    expect(values(['--name=a=b', '--name=--count']).name).toBe('--count');
    expect(values(['--name', '--- no such thing']).name).toBe('--- no such thing');
    expect(values(['--name', '-c']).name).toBe('-c');
  });
  test('come from the environment where they are not given, and count as absent when empty', () => {
    expect(values([], { KIND: 'b' }).kind).toBe('b');
    expect(values(['--kind', 'a'], { KIND: 'b' }).kind).toBe('a');
    expect(values(['--kind', 'a', '--name', ''], { KIND: '' })).toMatchObject({ kind: 'a', name: undefined });
    expect(parseOptions(specs, ['--kind='], { env: { KIND: '' } }).problems).toEqual([]);
  });
  test('keep their defaults when they are wrong', () => {
    expect(parseOptions(specs, ['--count', '0', '--wait', 'long'])).toMatchObject({
      values: { count: 3, wait: 5_000 },
      problems: [
        '--count 0 is out of range: it must be at least 1.',
        expect.stringContaining('--wait "long" is not a length of time'),
      ],
    });
  });
  test('end where the command begins', () => {
    expect(parseOptions(specs, ['--quiet', '--', 'cmd', '--name', 'x', '--'])).toMatchObject({
      values: { quiet: true, name: undefined },
      command: ['cmd', '--name', 'x', '--'],
      problems: [],
    });
  });
  test('suggest only what is near', () => {
    expect(nearest('biuld', Object.keys(pipeline.stages))).toBe('build');
    expect(nearest('xyz', Object.keys(pipeline.stages))).toBeUndefined();
  });
});

describe('times', () => {
  test.each([
    ['1700000000', 1_700_000_000_000],
    ['1700000000.5', 1_700_000_000_500],
    ['2026-01-31T12:00:00Z', Date.UTC(2026, 0, 31, 12)],
    ['2026-01-31T12:00:00.25+02:00', Date.UTC(2026, 0, 31, 10, 0, 0, 250)],
    ['2026-01-31T12:00Z', Date.UTC(2026, 0, 31, 12)],
    ['2026-01-31', undefined],
    ['2026-13-31T12:00:00Z', undefined],
    ['yesterday', undefined],
    ['-5', undefined],
    ['', undefined],
  ])('%s', (given, expected) => expect(parseTime(given)).toBe(expected));
  test.each([
    ['90', 90_000],
    ['1.5s', 1_500],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['250ms', 250],
    ['1h30m', 5_400_000],
    ['2 h', undefined],
    ['h', undefined],
    ['-1s', undefined],
  ])('a length of %s', (given, expected) => expect(durationMs(given)).toBe(expected));
  test('for a person', () => {
    expect([0.25, 12.34, 75, 119.7].map(formatSeconds)).toEqual([
      '250 ms',
      '12.3 s',
      '1 min 15 s',
      '2 min 0 s',
    ]);
  });
});

test('a caller that brings its own values cannot emit what the catalogue does not have either', async () => {
  const { pushProblems } = await import('../../src/record/emit.ts');
  const [push] = await pushes(['cost', '--resource', 'vercel_build', '--usd', '1'], jobEnv());
  expect(pushProblems(push!)).toEqual([]);
  const [sample] = push!.samples;
  expect(pushProblems({ ...push!, group: { ...push!.group, zone: 'x' } })).toEqual([
    'deployment_infrastructure_cost has no label zone.',
  ]);
  expect(pushProblems({ ...push!, samples: [{ ...sample!, value: Number.NaN }] })).toEqual([
    'deployment_infrastructure_cost would be NaN, which is not a number.',
  ]);
});
