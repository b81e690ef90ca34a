import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnvironmentFailure } from '../../../src/lib/errors.ts';
import { withFile } from '../../../src/provision/rules/files.ts';
import { lockDirectory } from '../../../src/provision/rules/lock.ts';
import type { FaultPlan } from '../../fakes/wire/transport.ts';
import { alertRules, desiredOf, ledgerRules } from '../fixtures/bundle.ts';
import { plan, provision, type Stage, stage } from '../harness.ts';

const only = { options: { only: 'prometheus' as const } };
const lockName = '.deployment-observability.lock';

let on: Stage;
let directory: string;
beforeEach(() => {
  on = stage('directory');
  directory = on.directory ?? '';
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));
const read = (name: string): string => readFileSync(join(directory, name), 'utf8');
const left = (): string[] => readdirSync(directory).filter((name) => /\.tmp$|\.lock$/.test(name));

describe('the lock of a directory', () => {
  const path = (): string => join(directory, lockName);

  it('is had by one run at a time, and given back', () => {
    const release = lockDirectory(directory);
    expect(() => lockDirectory(directory)).toThrow(`process ${process.pid} on ${hostname()}`);
    release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is taken over half an hour after a machine died, and not before', () => {
    writeFileSync(path(), JSON.stringify({ pid: 1, host: 'elsewhere', key: 'k' }));
    expect(() => lockDirectory(directory)).toThrow('process 1 on elsewhere');
    expect(left()).toEqual([lockName]);
    const past = new Date(Date.now() - 31 * 60_000);
    utimesSync(path(), past, past);
    lockDirectory(directory)();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is not taken over while its holder is unknown', () => {
    writeFileSync(path(), '');
    expect(() => lockDirectory(directory)).toThrow(/remove it if no other provision runs/);
    expect(read(lockName)).toBe('');
  });
});

describe('files that cannot be read or written', () => {
  it('are named in a sentence, with the reason', async () => {
    mkdirSync(join(directory, 'ledger.yml'));
    const ran = await provision(on, desiredOf(), only);
    expect(ran.error).toBeInstanceOf(EnvironmentFailure);
    expect(ran.output).toContain(
      `${join(directory, 'ledger.yml')} cannot be read: it is a directory (EISDIR).`,
    );
    rmSync(join(directory, 'ledger.yml'), { recursive: true });

    const elsewhere = await provision(on, desiredOf(), { ...only, env: { RULES_DIRECTORY: '/proc' } });
    expect(elsewhere.output).toMatch(
      /\/proc\/\.deployment-observability\.lock cannot be locked: .* \(E\w+\)\./,
    );
    expect(elsewhere.result?.outcomes.map((o) => o.state)).toContain('failed');

    const code = (text: string): Error => Object.assign(new Error('raw'), { code: text });
    const fails = (error: Error) => () =>
      withFile('/rules/a.yml', 'written', () => {
        throw error;
      });
    expect(fails(code('ENOSPC'))).toThrow('/rules/a.yml cannot be written: the disk is full (ENOSPC).');
    expect(fails(code('EROFS'))).toThrow('the file system is read-only (EROFS).');
    expect(fails(code('EWHAT'))).toThrow('cannot be written: the system says why (EWHAT).');
    expect(fails(new TypeError('a bug'))).toThrow(TypeError);
  });

  it('leave everything as it was when one of them cannot be written half-way', async () => {
    await provision(on, desiredOf(), only);
    const before = readdirSync(directory).map((name) => [name, read(name)]);
    const next = desiredOf({
      rules: { 'alerts.yml': alertRules.replace('== 2', '== 3'), 'ledger.yml': `${ledgerRules}# changed\n` },
    });
    // What stands where the last file is prepared cannot be removed like a file.
    const obstacle = join(directory, `.ledger.yml.${process.pid}.tmp`);
    mkdirSync(obstacle);
    const ran = await provision(on, next, only);
    rmSync(obstacle, { recursive: true });
    expect(ran.output).toMatch(/ledger\.yml cannot be written: it is a directory/);
    expect(ran.output).toContain('The rule files from before were put back and loaded.');
    expect(readdirSync(directory).map((name) => [name, read(name)])).toEqual(before);
  });
});

describe('files that are no longer defined', () => {
  it('go with --prune, and edited ones only with --force as well', async () => {
    const rules = { 'ledger.yml': ledgerRules };
    await provision(on, desiredOf({ rules: { ...rules, 'alerts.yml': alertRules } }), only);
    writeFileSync(join(directory, 'alerts.yml'), `${alertRules}# by hand\n`);
    const pruned = await provision(on, desiredOf({ rules }), { ...only, flags: { prune: true } });
    expect(pruned.output).toContain('edited by hand since');
    expect(read('alerts.yml')).toContain('# by hand');
    await provision(on, desiredOf({ rules }), { ...only, flags: { prune: true, force: true } });
    expect(existsSync(join(directory, 'alerts.yml'))).toBe(false);
  });
});

describe('taking files back', () => {
  /** Somebody edits a file by hand once the rules are being proven. */
  const edits = (change: () => void): FaultPlan => {
    let done = false;
    return (_, { url }) => {
      if (!done && url.pathname === '/api/v1/rules' && existsSync(join(directory, lockName))) {
        done = true;
        change();
      }
      return 'none';
    };
  };

  it('leaves alone what somebody has changed since, and names it', async () => {
    await provision(on, desiredOf(), only);
    const before = { bundle: read('bundle.yml'), ledger: read('ledger.yml') };
    on.rules.broken.set('DeploymentFailed', 'many-to-many matching not allowed');
    const next = desiredOf({
      rules: { 'alerts.yml': alertRules.replace('== 2', '== 3'), 'ledger.yml': ledgerRules },
    });
    const quickFix = alertRules.replace('DeploymentFailed', 'QuickFix');
    const ran = await provision(on, next, {
      ...only,
      faults: edits(() => writeFileSync(join(directory, 'alerts.yml'), quickFix)),
    });
    expect(ran.output).toContain('Left alone, because somebody changed it since: alerts.yml.');
    expect(ran.output).toContain('The other rule files from before were put back and loaded.');
    expect(new Set(ran.result?.outcomes.map((o) => o.state))).toEqual(new Set(['conflict']));
    expect(read('alerts.yml')).toBe(quickFix);
    expect({ bundle: read('bundle.yml'), ledger: read('ledger.yml') }).toEqual(before);
    expect(left()).toEqual([]);
    // And the next run sees an edit, not a file of ours.
    expect((await plan(on, next, only)).output).toContain('alerts.yml was edited by hand');
  });
});
