import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { judgeWithPromtool } from '../../src/compile/promtool.ts';
import { ruleFileText } from '../../src/compile/rules.ts';
import { validate } from '../../src/compile/validate.ts';
import { Vector } from '../../src/metrics/index.ts';
import { obtainPrograms } from '../../src/servers/find.ts';
import { bundle as relayBundle } from '../relay.ts';
import { bundleWith } from './good.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'promtool-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const texts = (bundle = bundleWith()): Record<string, string> =>
  Object.fromEntries(
    Object.entries(bundle.ruleFiles).map(([name, groups]) => [`${name}.yml`, ruleFileText(groups)]),
  );

describe.each(['current', '2.42'] as const)('promtool of generation %s', (generation) => {
  it('accepts the rules of this project', async () => {
    const { promtool } = await obtainPrograms(['promtool'], generation);
    vi.stubEnv('PROMTOOL_BIN', promtool);
    expect(await judgeWithPromtool(texts(relayBundle))).toEqual({ kind: 'judged', findings: [] });
  });

  it('refuses what is wrong, in its own words and without the path of a temporary folder', async () => {
    const { promtool } = await obtainPrograms(['promtool'], generation);
    vi.stubEnv('PROMTOOL_BIN', promtool);
    const judged = await judgeWithPromtool({ 'x.yml': 'groups:\n- name: g\n  rules:\n  - record: a b\n' });
    expect(judged.kind).toBe('judged');
    const [finding] = judged.kind === 'judged' ? judged.findings : [];
    expect(finding?.details).toContain('x.yml');
    expect(finding?.details).not.toContain('/tmp');
  });
});

describe('the last word', () => {
  it('is that of our own checks where they have found something in a rule', async () => {
    const { findings: found } = await validate(bundleWith({ alert: { expr: new Vector('sum(') } }));
    expect(found.map(({ id }) => id)).toEqual(['promql-syntax']);
  });

  it('is promtool’s where they have not', async () => {
    const promtool = join(folder, 'promtool');
    writeFileSync(promtool, '#!/bin/sh\necho "alerts.yml: it does not please me" >&2\nexit 1\n', {
      mode: 0o755,
    });
    vi.stubEnv('PROMTOOL_BIN', promtool);
    const [finding, ...rest] = (await validate(bundleWith())).findings;
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({ id: 'promtool', severity: 'error' });
    expect(finding?.details).toContain('it does not please me');
  });

  it('is said to be missing without promtool', async () => {
    vi.stubEnv('PATH', '/nonexistent');
    vi.stubEnv('XDG_CACHE_HOME', '/nonexistent');
    vi.stubEnv('PROMTOOL_BIN', '');
    expect(await judgeWithPromtool({})).toEqual({ kind: 'not installed' });
  });
});
