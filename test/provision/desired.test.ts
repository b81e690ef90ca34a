import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/lib/errors.ts';
import { readDesired } from '../../src/provision/desired.ts';
import { dashboard, desiredOf, ledgerRules, writeBundle } from './fixtures/bundle.ts';

let folder: string;
beforeEach(() => {
  folder = writeBundle();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const problems = (at = folder): string => {
  try {
    readDesired(at);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).fix).toBe('Run: npm run build');
    return (error as Error).message;
  }
  return '';
};
const path = (...parts: string[]): string => join(folder, ...parts);
const edit = (name: string, change: (text: string) => string): void =>
  writeFileSync(path(name), change(readFileSync(path(name), 'utf8')));

describe('what a build wrote', () => {
  it('is read as it is', () => {
    const desired = readDesired(folder);
    expect(desired).toEqual(desiredOf());
    expect(desired.dashboards.map((d) => d.uid)).toEqual(['deployment-pipeline', 'deployment-slo']);
    expect(desired.rules.map((f) => f.name)).toEqual(['alerts.yml', 'bundle.yml', 'ledger.yml']);
  });

  it('is refused when it is edited, incomplete or holds a stray file, all at once', () => {
    edit('grafana/dashboards/deployment-slo.json', (text) => text.replace('Success', 'Failure'));
    rmSync(path('prometheus/rules/ledger.yml'));
    writeFileSync(path('prometheus/rules/stray.yml'), 'groups: []\n');
    const text = problems();
    expect(text).toContain('grafana/dashboards/deployment-slo.json was changed after it was built');
    expect(text).toContain('prometheus/rules/ledger.yml is missing');
    expect(text).toContain('prometheus/rules/stray.yml is not in the manifest');
    expect(text).toContain('nothing was planned or applied');
  });

  it('is refused without a manifest, or with one that was edited', () => {
    edit('manifest.json', (text) => text.replace(/"version": "./, '"version": "x'));
    expect(problems()).toContain('does not hold a bundle hash');
    edit('manifest.json', () => '{');
    expect(problems()).toContain('manifest.json is no JSON');
    rmSync(path('manifest.json'));
    expect(problems()).toContain('manifest.json is missing');
    expect(problems('/nonexistent')).toContain('manifest.json is missing');
  });

  it('is refused when an artefact and its hash in the manifest were edited together', () => {
    edit('manifest.json', (text) =>
      text.replace(
        /("prometheus\/rules\/ledger.yml": ")./,
        `$1${text.includes('ledger.yml": "0') ? '1' : '0'}`,
      ),
    );
    expect(problems()).toContain('hash is not that of its artefacts');
  });

  it('is refused when the version’s rule is of another build', () => {
    edit('prometheus/rules/bundle.yml', (text) => text.replace(/version: \w+/, 'version: "000000000000"'));
    expect(problems()).toMatch(/bundle\.yml is not what the build writes for version \w{12}/);
  });

  it('is refused when the version’s file was edited beside the version', () => {
    for (const change of [
      (text: string) => text.replace('vector(1)', 'vector(2)'),
      (text: string) => text.replace('10s', '5s'),
      (text: string) => `${text}      - record: a:b\n        expr: up\n`,
    ]) {
      edit('prometheus/rules/bundle.yml', change);
      expect(problems()).toContain('bundle.yml is not what the build writes');
      writeBundle({}, folder);
    }
    expect(problems()).toBe('');
    rmSync(path('prometheus/rules/bundle.yml'));
    expect(problems()).toContain('bundle.yml is not what the build writes');
  });
});

describe('what cannot be provisioned', () => {
  const reads = (parts: Parameters<typeof writeBundle>[0]): string => {
    rmSync(folder, { recursive: true });
    writeBundle(parts, folder);
    return problems();
  };

  it('dashboards that Grafana would refuse', () => {
    const long = 'x'.repeat(41);
    expect(reads({ dashboards: [dashboard(long)] })).toContain('Grafana takes no such uid');
    expect(reads({ dashboards: [dashboard('ok', '')] })).toContain('it has no title');
  });

  it('rule files that Prometheus would refuse', () => {
    expect(reads({ rules: { 'a.yml': 'groups: [' } })).toContain('prometheus/rules/a.yml: ');
    expect(reads({ rules: { 'a.yml': 'nothing: 1' } })).toContain('there is no list "groups"');
    expect(reads({ rules: { 'a.yml': ledgerRules.replace('15s', 'soon') } })).toContain(
      'interval is no duration',
    );
    expect(reads({ rules: { 'a.yml': ledgerRules.replace(/expr: .*up.*/, 'expr: ""') } })).toContain(
      'expr is missing',
    );
    expect(reads({ rules: { 'a.yml': ledgerRules, 'b.yml': ledgerRules } })).toContain(
      'the group ledger is defined more than once',
    );
  });
});
