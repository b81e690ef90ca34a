import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/lib/errors.ts';
import { readSettings } from '../../src/provision/settings.ts';
import { confirmations } from '../../src/provision/settings-binding.ts';
import { lookupIn, prefixOf, readConfig } from '../../src/provision/settings-source.ts';

const complete = {
  GRAFANA_URL: 'https://grafana.example/g',
  GRAFANA_TOKEN: 'glsa_secret',
  PROMETHEUS_URL: 'https://prometheus.example',
  PROMETHEUS_USERNAME: 'relay',
  PROMETHEUS_PASSWORD: 'hunter22',
  RAILWAY_TOKEN: 'railway-secret',
  RAILWAY_PROMETHEUS_SERVICE_ID: 'service',
};
const read = (env: Record<string, string>, only?: 'grafana' | 'prometheus', plainHttp = false) =>
  readSettings(lookupIn(env, {}, undefined), { only, plainHttp });
const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }
  throw new Error('was accepted');
};

describe('settings', () => {
  it('are read with their defaults', () => {
    const settings = read(complete);
    expect(settings.grafana).toMatchObject({
      folderPath: ['Deployments'],
      folderUid: 'deployment-observability',
      datasource: undefined,
    });
    expect(settings.grafana?.headers).toEqual({ authorization: 'Bearer glsa_secret' });
    expect(settings.rules).toMatchObject({ delivery: 'railway', service: 'service' });
    expect(settings.rules?.delivery === 'railway' && settings.rules.api?.headers).toEqual({
      'project-access-token': 'railway-secret',
    });
    expect(settings.prometheus?.headers).toEqual({ authorization: `Basic ${btoa('relay:hunter22')}` });
  });

  it('name everything that is missing at once', () => {
    const text = refusal(() => read({}));
    for (const name of [
      'GRAFANA_URL',
      'GRAFANA_TOKEN',
      'PROMETHEUS_URL',
      'RAILWAY_TOKEN',
      'RAILWAY_PROMETHEUS_SERVICE_ID',
    ])
      expect(text).toContain(`${name} is not set`);
  });

  it('are asked only for the half that is provisioned', () => {
    expect(read({ GRAFANA_URL: complete.GRAFANA_URL, GRAFANA_TOKEN: 'x' }, 'grafana').rules).toBeUndefined();
    const { GRAFANA_URL: _a, GRAFANA_TOKEN: _b, ...rest } = complete;
    expect(read(rest, 'prometheus').grafana).toBeUndefined();
  });

  it('ask for nothing that can deploy when they are only to look, and say which deliveries there are', () => {
    const { RAILWAY_TOKEN: _, ...rest } = complete;
    const settings = readSettings(lookupIn(rest, {}, undefined), { looking: true });
    expect(settings.rules).toMatchObject({ delivery: 'railway', api: undefined });
    expect(refusal(() => read(rest))).toContain('the others are directory and ruler');
  });

  it('say that https:// is missing where it is', () => {
    expect(refusal(() => read({ ...complete, GRAFANA_URL: 'grafana.example/g' }))).toContain(
      'GRAFANA_URL is not a URL: https:// is missing before it.',
    );
  });

  it('refuse plain http to other machines, unless permitted', () => {
    const env = { ...complete, GRAFANA_URL: 'http://grafana.example' };
    expect(refusal(() => read(env))).toContain('GRAFANA_URL is http:// to grafana.example');
    expect(read(env, undefined, true).grafana?.url.protocol).toBe('http:');
    for (const host of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'grafana.localhost'])
      expect(read({ ...complete, GRAFANA_URL: `http://${host}` }).grafana).toBeDefined();
    for (const host of ['127.0.0.1.evil.example', 'localhost.evil.example'])
      expect(refusal(() => read({ ...complete, GRAFANA_URL: `http://${host}` }))).toContain('in the clear');
  });

  it('refuse credentials in a URL, half a pair, unknown deliveries and numbers that are none', () => {
    expect(refusal(() => read({ ...complete, GRAFANA_URL: 'https://a:b@grafana.example' }))).toContain(
      'user name or password',
    );
    const { PROMETHEUS_PASSWORD: _, ...half } = complete;
    expect(refusal(() => read(half))).toContain('only one is set');
    expect(refusal(() => read({ ...complete, RULES_DELIVERY: 'pigeon' }))).toContain(
      'railway, directory, ruler',
    );
    expect(
      refusal(() =>
        read({
          ...complete,
          RULES_DELIVERY: 'ruler',
          RULER_URL: 'https://m.example',
          RULER_MAX_GROUPS: 'many',
        }),
      ),
    ).toContain('no whole number');
    expect(refusal(() => read({ ...complete, RULES_DELIVERY: 'directory' }))).toContain(
      'RULES_DIRECTORY is not set',
    );
  });

  it('know all secrets, so that none is shown', () => {
    const env = {
      ...complete,
      RULES_DELIVERY: 'ruler',
      RULER_URL: 'https://m.example',
      RULER_TOKEN: 'ruler-secret',
      GRAFANA_DATASOURCE_USERNAME: 'grafana',
      GRAFANA_DATASOURCE_PASSWORD: 'ds-secret',
    };
    expect(read(env).secrets).toEqual(
      expect.arrayContaining([
        'glsa_secret',
        'hunter22',
        'ruler-secret',
        'ds-secret',
        btoa('relay:hunter22'),
      ]),
    );
    expect(read(complete).secrets).toContain('railway-secret');
  });

  it('send the tenant to the ruler and to where its rules are proven', () => {
    const settings = read({
      ...complete,
      RULES_DELIVERY: 'ruler',
      RULER_URL: 'https://m.example',
      RULER_TENANT: 'relay',
    });
    expect(settings.rules?.delivery === 'ruler' && settings.rules.ruler.headers).toMatchObject({
      'x-scope-orgid': 'relay',
    });
    expect(settings.prometheus?.headers).toMatchObject({ 'x-scope-orgid': 'relay' });
  });
});

describe('a value that cannot be sent or is not clean', () => {
  it('is named without being shown: tokens with line breaks or foreign letters, colons in user names', () => {
    const text = refusal(() =>
      read({
        ...complete,
        GRAFANA_TOKEN: 'glsa_first\nsecond',
        PROMETHEUS_USERNAME: 're:lay',
        RULES_DELIVERY: 'ruler',
        RULER_URL: 'https://m.example',
        RULER_TOKEN: 'tökén',
        RULER_TENANT: 'a b',
      }),
    );
    for (const name of ['GRAFANA_TOKEN', 'RULER_TOKEN', 'RULER_TENANT'])
      expect(text).toContain(`${name} has characters that cannot be sent`);
    expect(text).toContain('PROMETHEUS_USERNAME holds a colon');
    for (const value of ['glsa_first', 'second', 'tökén', 're:lay']) expect(text).not.toContain(value);
  });

  it('is taken without the line break or blanks that a copy left around it', () => {
    const settings = read({
      ...complete,
      GRAFANA_TOKEN: ' glsa_secret\n',
      GRAFANA_URL: ' https://grafana.example ',
      PROMETHEUS_PASSWORD: ' hunter22 \r\n',
    });
    expect(settings.grafana?.headers).toEqual({ authorization: 'Bearer glsa_secret' });
    expect(settings.grafana?.url.href).toBe('https://grafana.example/');
    // A password may begin and end with blanks.
    expect(settings.prometheus?.headers).toEqual({ authorization: `Basic ${btoa('relay: hunter22 ')}` });
    expect(settings.secrets).toEqual(expect.arrayContaining(['glsa_secret', ' hunter22 ']));
    expect(refusal(() => read({ ...complete, GRAFANA_TOKEN: '\n' }))).toContain('GRAFANA_TOKEN is not set');
  });

  it('is a URL with a query, which would be printed and never sent', () => {
    const text = refusal(() => read({ ...complete, GRAFANA_URL: 'https://grafana.example/?key=hush' }));
    expect(text).toContain('GRAFANA_URL carries a query');
    expect(text).not.toContain('hush');
  });
});

describe('a data source to make', () => {
  const grafana = { GRAFANA_URL: complete.GRAFANA_URL, GRAFANA_TOKEN: 'x' };
  const made = (env: Record<string, string>) =>
    readSettings(lookupIn({ ...grafana, ...env }, {}, undefined), { only: 'grafana', createDatasource: true })
      .grafana?.newDatasource;

  it('needs an address', () => {
    expect(refusal(() => made({}))).toContain('GRAFANA_DATASOURCE_URL is not set: where Grafana reaches');
    expect(refusal(() => made({ GRAFANA_DATASOURCE_URL: 'prometheus:9090' }))).toContain(
      'GRAFANA_DATASOURCE_URL must start with http',
    );
    expect(refusal(() => made({ GRAFANA_DATASOURCE_URL: 'nonsense' }))).toContain('is not a URL');
    expect(read({ ...grafana }, 'grafana').grafana?.newDatasource).toBeUndefined();
  });

  it('takes the credentials of PROMETHEUS_URL for that address only, and half of none', () => {
    const { PROMETHEUS_URL, PROMETHEUS_USERNAME, PROMETHEUS_PASSWORD } = complete;
    const prometheus = { PROMETHEUS_URL, PROMETHEUS_USERNAME, PROMETHEUS_PASSWORD };
    const login = { username: 'relay', password: 'hunter22' };
    expect(made(prometheus)).toEqual({ url: PROMETHEUS_URL, ...login });
    expect(made({ ...prometheus, GRAFANA_DATASOURCE_URL: `${PROMETHEUS_URL}/` })).toEqual({
      url: PROMETHEUS_URL,
      ...login,
    });
    expect(made({ ...prometheus, GRAFANA_DATASOURCE_URL: 'http://prometheus.internal:9090' })).toEqual({
      url: 'http://prometheus.internal:9090',
    });
    expect(made({ ...prometheus, GRAFANA_DATASOURCE_TOKEN: 'own' })).toEqual({
      url: PROMETHEUS_URL,
      token: 'own',
    });
    expect(refusal(() => made({ ...prometheus, GRAFANA_DATASOURCE_USERNAME: 'grafana' }))).toContain(
      'of GRAFANA_DATASOURCE_USERNAME and GRAFANA_DATASOURCE_PASSWORD only one is set',
    );
  });
});

describe('environments', () => {
  const file = { production: { GRAFANA_URL: 'https://file.example', GRAFANA_FOLDER: 'Live' } };

  it('take a prefixed variable before the file, and the file before a plain variable', () => {
    const env = {
      PRODUCTION_GRAFANA_URL: 'https://prefixed.example',
      GRAFANA_FOLDER: 'Plain',
      GRAFANA_DATASOURCE: 'prom',
    };
    const lookup = lookupIn(env, file, 'production');
    expect(lookup('GRAFANA_URL')?.value).toBe('https://prefixed.example');
    expect(lookup('GRAFANA_FOLDER')?.value).toBe('Live');
    expect(lookup('GRAFANA_DATASOURCE')?.value).toBe('prom');
    expect(lookup('RULER_URL')).toBeUndefined();
  });

  it('never send a secret to a host that it was not made for', () => {
    const env = { GRAFANA_URL: 'https://staging.example', GRAFANA_TOKEN: 'staging-token' };
    expect(lookupIn(env, file, 'production')('GRAFANA_TOKEN')).toBeUndefined();
    expect(lookupIn(env, {}, undefined)('GRAFANA_TOKEN')?.value).toBe('staging-token');
    // A pipeline that sets one token per environment, and no URL beside it.
    expect(lookupIn({ GRAFANA_TOKEN: 'live-token' }, file, 'production')('GRAFANA_TOKEN')?.value).toBe(
      'live-token',
    );
    expect(
      lookupIn({ ...env, PRODUCTION_GRAFANA_TOKEN: 'p' }, file, 'production')('GRAFANA_TOKEN')?.value,
    ).toBe('p');
  });

  it('say themselves where things go to: nothing that another environment left behind is taken', () => {
    const needs = { environment: 'staging' };
    const staging = { STAGING_GRAFANA_URL: 'https://grafana-staging.example', GRAFANA_TOKEN: 'x' };
    const left = {
      PROMETHEUS_URL: 'https://prometheus.example',
      RAILWAY_PROMETHEUS_SERVICE_ID: 'live',
      RAILWAY_TOKEN: 'live-token',
    };
    const settings = (env: Record<string, string>, environments = {}) =>
      readSettings(lookupIn(env, environments, 'staging'), needs);
    const text = refusal(() => settings({ ...staging, ...left }));
    expect(text).toContain('PROMETHEUS_URL is set only without the prefix of "staging"');
    expect(text).toContain('set STAGING_RAILWAY_PROMETHEUS_SERVICE_ID, or add RAILWAY_PROMETHEUS_SERVICE_ID');
    const own = {
      STAGING_PROMETHEUS_URL: 'https://prometheus-staging.example',
      STAGING_RAILWAY_PROMETHEUS_SERVICE_ID: 'staging',
      STAGING_RAILWAY_TOKEN: 'staging-token',
    };
    expect(settings({ ...staging, ...left, ...own }).prometheus?.url.host).toBe('prometheus-staging.example');
    const kept = {
      staging: {
        PROMETHEUS_URL: 'https://prometheus-kept.example',
        RULES_DELIVERY: 'directory',
        RULES_DIRECTORY: '/rules',
      },
    };
    expect(settings({ ...staging, ...left }, kept).prometheus?.url.host).toBe('prometheus-kept.example');
  });

  describe('with addresses that only the committed file says', () => {
    const kept = {
      production: { GRAFANA_URL: 'https://grafana.example', RAILWAY_API_URL: 'https://api.example/g' },
    };
    const env = { GRAFANA_TOKEN: 'glsa_live', PRODUCTION_GRAFANA_FOLDER: 'Live' };
    const settings = (environments: Record<string, Record<string, string>>, more = {}) =>
      readSettings(lookupIn({ ...env, ...more }, environments, 'production'), {
        environment: 'production',
        only: 'grafana',
      });

    it('send no secret there, prefixed or not, until the address is confirmed', () => {
      const text = refusal(() => settings(kept));
      expect(text).toContain(
        'GRAFANA_TOKEN would be sent to https://grafana.example, which only a committed file',
      );
      expect(text).not.toContain('glsa_live');
      expect(refusal(() => settings(kept, { PRODUCTION_GRAFANA_TOKEN: 'glsa_own' }))).toContain(
        'would be sent to',
      );
      // Beside the secret in the environment, it is the environment's.
      const own = { PRODUCTION_GRAFANA_URL: 'https://grafana.example' };
      expect(settings(kept, own).grafana?.url.host).toBe('grafana.example');
    });

    it('take a confirmation for the address that it was made for, and for no other', () => {
      const lines = confirmations(lookupIn(env, kept, 'production'));
      expect(lines).toEqual([
        { name: 'GRAFANA_TOKEN_FINGERPRINT', value: expect.stringMatching(/^[0-9a-f]{24}$/) },
      ]);
      const confirmed = { ...kept.production, GRAFANA_TOKEN_FINGERPRINT: lines[0]!.value };
      expect(settings({ production: confirmed }).grafana?.url.host).toBe('grafana.example');
      const moved = { ...confirmed, GRAFANA_URL: 'https://evil.example' };
      expect(refusal(() => settings({ production: moved }))).toContain(
        'would be sent to https://evil.example',
      );
      expect(refusal(() => settings({ production: confirmed }, { GRAFANA_TOKEN: 'glsa_other' }))).toContain(
        'would be sent',
      );
    });

    it('ask the same for Railway’s and the data source’s address', () => {
      const all = {
        production: {
          ...kept.production,
          PROMETHEUS_URL: 'https://prometheus.example',
          RAILWAY_PROMETHEUS_SERVICE_ID: 'service',
          GRAFANA_DATASOURCE_URL: 'https://evil.example',
        },
      };
      const secrets = {
        PRODUCTION_GRAFANA_URL: 'https://grafana.example',
        PRODUCTION_GRAFANA_TOKEN: 'glsa_x',
        RAILWAY_TOKEN: 'railway',
        GRAFANA_DATASOURCE_TOKEN: 'ds',
      };
      const text = refusal(() =>
        readSettings(lookupIn(secrets, all, 'production'), {
          environment: 'production',
          createDatasource: true,
        }),
      );
      expect(text).toContain('RAILWAY_TOKEN would be sent to https://api.example');
      expect(text).toContain('GRAFANA_DATASOURCE_TOKEN would be sent to https://evil.example');
      expect(text).not.toContain('GRAFANA_TOKEN would');
    });
  });

  it('refuse a name for which nothing is set', () => {
    expect(refusal(() => lookupIn({ GRAFANA_URL: 'x' }, file, 'prodution'))).toContain(
      'no settings for the environment "prodution"',
    );
    // Names that begin like a setting, or like what happens to be set.
    expect(refusal(() => lookupIn({ GRAFANA_URL: 'x', NPM_TOKEN: 'y' }, file, 'grafana'))).toContain(
      'no settings',
    );
    expect(refusal(() => lookupIn({}, file, 'constructor'))).toContain('no settings');
    for (const name of ['', ' ', '-', 'ö'])
      expect(refusal(() => lookupIn({ GRAFANA_URL: 'x' }, file, name))).toContain(
        '--environment takes a name that begins with a letter',
      );
    expect(prefixOf('eu-west 1')).toBe('EU_WEST_1_');
  });

  it('refuse a file with secrets or unknown settings, all of them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    const path = join(folder, 'provision.config.json');
    writeFileSync(
      path,
      JSON.stringify({
        environments: { live: { GRAFANA_TOKEN: 'x', GRAFANA_FOLDRE: 'y', GRAFANA_URL: 'z' } },
      }),
    );
    const text = refusal(() => readConfig(path));
    expect(text).toContain('live: GRAFANA_TOKEN is a secret');
    expect(text).toContain('live: there is no setting GRAFANA_FOLDRE');
    expect(text).not.toContain('GRAFANA_URL');
    writeFileSync(path, '{');
    expect(refusal(() => readConfig(path))).toContain('is no JSON');
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['null', 'it must be an object with the key "environments"'],
    ['[]', 'it must be an object with the key "environments"'],
    ['{"environment":{"live":{}}}', 'there is no key "environment": settings are below "environments"'],
    ['{"environments":null}', '"environments" must be an object'],
    ['{"environments":{"production":null}}', 'production: it must be an object with settings'],
    ['{"environments":{"production":"x"}}', 'production: it must be an object with settings'],
    ['{"environments":{"live":{"RULER_MAX_GROUPS":70}}}', 'live: RULER_MAX_GROUPS must be a text in quotes'],
  ])('refuse the file %s', (text, words) => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    const path = join(folder, 'provision.config.json');
    writeFileSync(path, text);
    expect(refusal(() => readConfig(path))).toContain(words);
    rmSync(folder, { recursive: true });
  });

  it('have no file, or one that can be read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    expect(readConfig(join(folder, 'provision.config.json'))).toEqual({});
    expect(refusal(() => readConfig(folder))).toContain('cannot be read (EISDIR)');
    rmSync(folder, { recursive: true });
  });
});
