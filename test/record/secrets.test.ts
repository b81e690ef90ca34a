import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorMessage, printable } from '../../src/record/message.ts';
import { environmentSecrets, isSecretName, maskedValues, secretRemover } from '../../src/record/secrets.ts';
import { jobEnv, pushes } from './helpers.ts';
import { environment, harmless, withSecret } from './redaction.ts';

const clean = (text: string, env: NodeJS.ProcessEnv = {}): string => errorMessage(text, env);
/** Put together here, so that no scanner takes this file for a leak. */
const fake = (...parts: string[]): string => parts.join('');

describe('names of variables that hold secrets', () => {
  test.each([
    'RAILWAY_TOKEN',
    'GITHUB_TOKEN',
    'DB_PASSWORD',
    'dbPassword',
    'STRIPE_API_KEY',
    'SSH_PRIVATE_KEY',
    'AWS_SECRET_ACCESS_KEY',
    'BASIC_AUTH',
    'SENTRY_DSN',
    'MYSECRET',
    'PGPASS_PWD',
    'NPM_AUTHTOKEN',
    'SLACK_WEBHOOK',
  ])('%s', (name) => expect(isSecretName(name)).toBe(true));
  test.each([
    'PATH',
    'PWD',
    'OLDPWD',
    'GIT_AUTHOR_NAME',
    'SSH_AUTH_SOCK',
    'KEYBOARD',
    'GITHUB_REF_NAME',
    'MONKEYS',
    'PASSENGER',
    'HOME',
  ])('not %s', (name) => expect(isSecretName(name)).toBe(false));
});

describe('values of variables', () => {
  const env = {
    RAILWAY_TOKEN: 'tok-0123456789',
    DATABASE_URL: 'postgresql://relay:s3cr%2Ft-pw@db.example/relay',
    DEPLOY_KEY: '-----BEGIN KEY-----\nline-one-of-the-key\nline-two-of-the-key\n-----END KEY-----',
    FEATURE_TOKEN: 'on',
    DEBUG_SECRET: 'true',
    HOME: '/home/runner',
  };
  test('are hidden in every form', () => {
    expect(clean('got tok-0123456789', env)).toBe('got ***');
    expect(clean(`got ${Buffer.from('tok-0123456789').toString('base64')}`, env)).toBe('got ***');
    expect(clean('login with s3cr/t-pw failed', env)).toBe('login with *** failed');
    expect(clean('login with s3cr%2Ft-pw failed', env)).toBe('login with *** failed');
    expect(clean('bad key: line-two-of-the-key', env)).toBe('bad key: ***');
  });
  test('that are no secrets stay', () => {
    expect(clean('set on true in /home/runner', env)).toBe('set on true in /home/runner');
    expect(environmentSecrets(env)).not.toContain('on');
  });
});

describe('shapes of secrets', () => {
  const token = 'abcdefghijklmnopqrstuvwxyz0123456789';
  const jwt = fake('eyJ', 'hbGciOiJIUzI1NiJ9', '.', 'eyJ', 'zdWIiOiIxMjM0In0', '.', 'c2lnbmF0dXJlLWhlcmU');
  test.each([
    [
      'a URL with credentials',
      'clone https://user:pa:ss@w0rd@git.example/x failed',
      'clone https://***@git.example/x failed',
    ],
    [
      'a URL with a token as user',
      `push https://${fake('ghp_', token)}@github.com/x`,
      'push https://***@github.com/x',
    ],
    ['a bearer header', 'curl -H "Authorization: Bearer abc.def"', 'curl -H "Authorization: ***'],
    ['a bearer alone', `sent Bearer ${token}`, 'sent Bearer ***'],
    ['a basic header', 'sent Basic dXNlcjpwYXNz', 'sent Basic ***'],
    ['a GitHub token', `bad ${fake('ghs_', token)}.`, 'bad ***'],
    ['a fine-grained GitHub token', fake('github_pat_', token), '***'],
    ['an AWS key', fake('AKIA', 'ABCDEFGHIJKLMNOP'), '***'],
    ['a Slack token', fake('xoxb-', '123456789012-abcdef'), '***'],
    ['a Stripe key', fake('sk_live_', token), '***'],
    ['a key of a language model', fake('sk-ant-', token), '***'],
    ['a Google key', fake('AIza', token), '***'],
    ['an npm token', fake('npm_', token), '***'],
    ['a Grafana token', fake('glsa_', token), '***'],
    ['a Supabase token', fake('sbp_', token), '***'],
    ['a JSON web token', `token was ${jwt} here`, 'token was *** here'],
    ['a password by name', 'password=hunter2 rejected', 'password=*** rejected'],
    ['a password in JSON', '{"db_password": "hun ter2", "x": 1}', '{"db_password": ***, "x": 1}'],
    ['a password as an option', 'run --db-password hunter2 --verbose', 'run --db-password *** --verbose'],
    ['an API key in a query', 'GET /x?api_key=12345&page=2', 'GET /x?api_key=***&page=2'],
    ['a cookie', 'Set-Cookie: sid=abc', 'Set-Cookie: ***'],
    ['a private key', fake('-----BEGIN RSA ', 'PRIVATE KEY-----MIIE'), '***'],
    [
      'a Slack webhook',
      fake('post to https://hooks.slack.com', '/services/T0/B0/xyz'),
      'post to https://***',
    ],
  ])('%s', (_name, text, expected) => expect(clean(text)).toBe(expected));

  test.each([
    'password authentication failed for user "relay"',
    'error: author: Jane Doe',
    'commit 0123456789abcdef0123456789abcdef01234567 not found',
    'Basic authentication is required',
    'cannot open /secrets/list',
    'exit code 1 at 12:30:45',
    'column "größe" of relation "notes" already exists',
    'connect ECONNREFUSED 10.0.0.1:5432',
    'GET https://api.example:8080/health returned 503',
    'monkey business',
  ])('no secret: %s', (text) => expect(clean(text)).toBe(text));
});

describe('a message', () => {
  test('is one line without control characters and escape sequences', () => {
    expect(printable('\u001b[31merror\u001b[0m:\tno \u0007such\u0000 file\u202e\u200b')).toBe(
      'error: no such file',
    );
    expect(printable('\u001b]8;;https://x\u0007link\u001b]8;;\u0007')).toBe('link');
    expect(printable('a\r\nb')).toBe('a b');
  });
  test('loses what was meant for the runner', () => {
    expect(printable('::error file=a.ts,line=1::it broke')).toBe('it broke');
    expect(printable('##[error]it broke')).toBe('it broke');
  });
  test('has at most 200 characters, and never half of one', () => {
    expect([...clean('👩'.repeat(300))]).toHaveLength(200);
    expect(clean('👩'.repeat(300))).toBe(`${'👩'.repeat(90)}…${'👩'.repeat(109)}`);
    expect(clean('x'.repeat(200))).toBe('x'.repeat(200));
  });
  test('that is too long keeps its end, where a chain of errors has its cause', () => {
    expect(clean(`failed to solve: ${'a: '.repeat(100)}429 Too Many Requests`)).toMatch(
      /^failed to solve: .*….*429 Too Many Requests$/,
    );
  });
  test('never shows half of a secret', () => {
    const secret = `${'s'.repeat(30)}-end`;
    const env = { MY_TOKEN: secret };
    for (let before = 150; before < 220; before++) {
      const text = clean(`${'x'.repeat(before)} ${secret}`, env);
      expect(text).not.toContain('ss');
    }
    // Not even where the line itself was cut while it was read.
    for (let before = 2000; before < 2060; before++)
      expect(
        clean(
          `${'*'.repeat(10)} ${'password=a '.repeat(4)}${' '.repeat(5)}${'y '.repeat(before / 2)}${secret}`,
          env,
        ),
      ).not.toContain('sss');
  });
  test('is found in time in a line made to be slow', () => {
    const nasty = ['token', '--', 'a.', '://', 'eyJ', 'auth'].map((part) => part.repeat(2000));
    const begun = performance.now();
    for (const text of nasty) clean(text);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

describe('the corpus of lines', () => {
  const clean = secretRemover(environment);
  test('has two hundred lines', () => {
    expect(withSecret.length + harmless.length).toBeGreaterThanOrEqual(200);
  });
  test.each(withSecret.map(([line, secret]) => [line, secret] as const))('%s', (line, secret) =>
    expect(clean(line)).not.toContain(secret),
  );
  test('changes nothing that is harmless', () => {
    expect(harmless.filter((line) => clean(line) !== line).map((line) => [line, clean(line)])).toEqual([]);
  });
  test('changes nothing in the output of failing tools', () => {
    const folder = join(import.meta.dirname, 'errors');
    const lines = readdirSync(folder)
      .filter((name) => name.endsWith('.txt'))
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
    const changed = lines.filter((line) => secretRemover({})(line) !== line);
    expect(lines.length).toBeGreaterThan(1_500);
    expect(changed).toEqual([]);
  });
  test('hides what a command told the runner to hide', () => {
    const masks = maskedValues('a\n::add-mask::k3yk3y\nb');
    expect(secretRemover({}, masks)('bad k3yk3y')).toBe('bad ***');
  });
});

test('no field of a push holds a secret', async () => {
  const env = jobEnv({ DEPLOY_TOKEN: 'tok-0123456789', PUSHGATEWAY_URL: 'http://127.0.0.1:1' });
  const secret = 'tok-0123456789';
  const found = [
    ...(await pushes(
      [
        'start',
        `--branch=${secret}`,
        `--run-url=https://u:${secret}@ci.example/1?token=abcdefg`,
        `--version=${secret}`,
        `--actor=${secret}`,
        `--commit=${secret}`,
        `--previous-deployment-id=${secret}`,
      ],
      env,
    )),
    ...(await pushes(
      [
        'stage-finish',
        '--service=api',
        '--stage=build',
        '--status=failure',
        `--error-message=${secret}`,
        `--log-url=https://ci.example/?token=${secret}`,
      ],
      env,
    )),
    ...(await pushes(
      ['smoke-test', `--test-name=${secret}`, '--status=failure', `--error-message=${secret}`],
      env,
    )),
    ...(await pushes(['migration', `--migration-name=${secret}`, '--status=success'], env)),
    ...(await pushes(['finish', '--outcome=success', `--branch=${secret}`], env)),
  ];
  expect(found).toHaveLength(6 - 1);
  const pushed = JSON.stringify(found.map(({ group, samples }) => [group, samples]));
  expect(pushed).not.toContain(secret);
  expect(pushed).not.toContain('abcdefg');
});
