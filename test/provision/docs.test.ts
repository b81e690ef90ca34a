import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inProject } from '../../scripts/lib/root.ts';
import { purposes } from '../../scripts/provision/grafana/purposes.ts';
import { plainSettings, readConfig, secretSettings } from '../../scripts/provision/settings-source.ts';
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
      [...page.matchAll(/`((?:GRAFANA|PROMETHEUS|RULES|RULER|RAILWAY)_[A-Z_]+)`/g)].map((m) => m[1] ?? ''),
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

  it('shows a settings file that can be read', () => {
    const example = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    const settings = JSON.parse(example) as { environments: Record<string, Record<string, string>> };
    const names = Object.values(settings.environments).flatMap((e) => Object.keys(e));
    for (const name of names) expect(plainSettings).toContain(name);
    expect(readConfig('/nonexistent')).toEqual({});
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
