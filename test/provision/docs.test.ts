import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inProject } from '../../src/lib/root.ts';
import { purposes } from '../../src/provision/grafana/purposes.ts';
import { readSettings } from '../../src/provision/settings.ts';
import { confirmations } from '../../src/provision/settings-binding.ts';
import {
  isTarget,
  lookupIn,
  plainSettings,
  prefixOf,
  readConfig,
  secretSettings,
} from '../../src/provision/settings-source.ts';
import { faultKinds } from '../fakes/wire/faults.ts';

const page = readFileSync(inProject('docs', 'provision.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

describe('docs/provision.md', () => {
  it('names every setting, and none that does not exist', () => {
    const settings = [...plainSettings, ...Object.keys(secretSettings)];
    const named = new Set(
      [...page.matchAll(/`((?:GRAFANA|PROMETHEUS|RULES|RULER|RAILWAY|ALERTMANAGER)_[A-Z_]+)`/g)].map(
        (m) => m[1] ?? '',
      ),
    );
    expect([...named].sort()).toEqual([...settings].sort());
  });

  it('lists the permission that each call needs', () => {
    for (const { doing, permission, role } of Object.values(purposes))
      expect(rows).toContainEqual([doing, `\`${permission}\``, role]);
  });

  it('has a row for every fault', () => {
    for (const fault of faultKinds) expect(rows.filter(([name]) => name === fault)).toHaveLength(1);
  });

  it('lists the settings that an environment must have of its own', () => {
    const sentence = /What says where something is read or written \(([^)]*)\)/.exec(page)?.[1] ?? '';
    const named = [...sentence.matchAll(/`(\w+)`/g)].map((m) => m[1] ?? '');
    expect(named.sort()).toEqual([...plainSettings].filter(isTarget).sort());
  });
});

describe.each(['README.md', 'docs/provision.md'])('the settings file that %s shows', (name) => {
  const text = readFileSync(inProject(...name.split('/')), 'utf8');
  const example = /```json\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  const path = join(folder, 'provision.config.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['staging', 'production'])('is complete for %s, but for its secrets', (environment) => {
    writeFileSync(path, example);
    const prefix = prefixOf(environment);
    const secrets = { [`${prefix}GRAFANA_TOKEN`]: 'glsa_x', [`${prefix}RAILWAY_TOKEN`]: 'railway' };
    const shown = readConfig(path);
    const lines = confirmations(lookupIn(secrets, shown, environment));
    const confirmed = Object.fromEntries(lines.map((line) => [line.name, line.value]));
    const file = { ...shown, [environment]: { ...shown[environment], ...confirmed } };
    const settings = readSettings(lookupIn(secrets, file, environment), { environment });
    expect(settings).toMatchObject({ environment, rules: { delivery: 'railway' } });
    expect(settings.grafana?.url.protocol).toBe('https:');
  });
});

describe('the variables that README.md shows', () => {
  it('are settings with the prefix of an environment', () => {
    const text = readFileSync(inProject('README.md'), 'utf8');
    const names = [...text.matchAll(/^export PRODUCTION_(\w+)=/gm)].map((m) => m[1] ?? '');
    expect(names.length).toBeGreaterThan(3);
    const known: readonly string[] = [...plainSettings, ...Object.keys(secretSettings)];
    for (const name of names) expect(known).toContain(name);
    const env = Object.fromEntries(
      names.map((name) => [`PRODUCTION_${name}`, name.endsWith('URL') ? 'https://x.example' : 'x']),
    );
    const environment = 'production';
    expect(readSettings(lookupIn(env, {}, environment), { environment }).environment).toBe('production');
  });
});

describe('docs/examples/drift.yml', () => {
  const text = readFileSync(inProject('docs', 'examples', 'drift.yml'), 'utf8');
  it('is a workflow that sets only settings that exist', () => {
    const workflow = parse(text) as {
      jobs: { verify: { steps: { env?: Record<string, string>; run?: string }[] } };
    };
    const verify = workflow.jobs.verify.steps.find((step) => step.run?.includes('--verify'));
    const known: readonly string[] = [...plainSettings, ...Object.keys(secretSettings)];
    for (const name of Object.keys(verify?.env ?? {})) expect(known).toContain(name);
    // Secrets come from GitHub's secrets.
    for (const [name, value] of Object.entries(verify?.env ?? {}))
      if (/TOKEN|PASSWORD/.test(name)) expect(value).toContain('secrets.');
  });
});
