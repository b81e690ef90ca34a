import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/lib/clock.ts';
import { EnvironmentFailure } from '../../../src/lib/errors.ts';
import { withFile } from '../../../src/provision/delivery/files.ts';
import { lockDirectory, type Waiting } from '../../../src/provision/delivery/lock.ts';
import { markerFile } from '../../../src/provision/delivery/marker.ts';
import { virtualClock } from '../../fakes/wire/clock.ts';
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
  const lock = (): string => read(lockName);
  const write = (holder: object): void => writeFileSync(join(directory, lockName), JSON.stringify(holder));
  const clock = virtualClock();
  const waiting = { clock, say: () => {}, signal: undefined };
  const take = (other: Partial<Waiting> = {}) => lockDirectory(directory, { ...waiting, ...other });
  const dead = { pid: 2 ** 22 + 1, host: hostname(), key: 'dead' };

  it('is had by one run at a time, and given back', async () => {
    const release = await take();
    await expect(take()).rejects.toThrow(`process ${process.pid} on ${hostname()}`);
    release();
    expect(readdirSync(directory)).toEqual([]);
    (await take())();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is taken over from a run that died here, at once', async () => {
    write(dead);
    const start = clock.now();
    const release = await take();
    expect(clock.now()).toBe(start);
    expect(JSON.parse(lock())).toMatchObject({ pid: process.pid });
    release();
  });

  it('is taken over from a run elsewhere that no longer renews it, and not from one that does', async () => {
    write({ ...dead, host: 'elsewhere' });
    const start = clock.now();
    const release = await take();
    expect(clock.now() - start).toBeLessThan(120_000);
    expect(JSON.parse(lock())).toMatchObject({ pid: process.pid });
    release();

    write({ ...dead, host: 'elsewhere' });
    // Its machine's clock is an hour behind; what counts is that it renews.
    let renewals = 0;
    const renewing: Clock = {
      ...clock,
      sleep: async (ms) => {
        clock.pass(ms);
        const at = new Date(Date.now() - 3_600_000 + ++renewals * 1000);
        if (renewals > 3) utimesSync(join(directory, lockName), at, at);
      },
    };
    await expect(take({ clock: renewing })).rejects.toThrow('on elsewhere');
    expect(left()).toEqual([lockName]);
  });

  it.each(['', 'null', '{}', JSON.stringify({ pid: process.pid, host: hostname() })])(
    'is not taken over while its holder is unknown: %s',
    async (text) => {
      writeFileSync(join(directory, lockName), text);
      await expect(take()).rejects.toThrow(/remove it if no other provision runs/);
      expect(lock()).toBe(text);
    },
  );

  it('is given back by its own run only', async () => {
    const release = await take();
    write({ ...dead, key: 'another' });
    release();
    expect(JSON.parse(lock())).toMatchObject({ key: 'another' });
  });
});

describe('the note of which files are ours', () => {
  it('cannot make us delete what lies elsewhere', async () => {
    await provision(on, desiredOf(), only);
    const outside = join(directory, '..', `outside-${process.pid}.yml`);
    writeFileSync(outside, 'groups: []\n');
    const note = JSON.parse(read(markerFile)) as { files: Record<string, unknown> };
    note.files[`../outside-${process.pid}.yml`] = ['x'];
    note.files['/etc/passwd'] = ['x'];
    note.files['theirs.txt'] = ['x'];
    writeFileSync(join(directory, 'theirs.txt'), 'x');
    writeFileSync(join(directory, markerFile), JSON.stringify(note));
    const ran = await provision(on, desiredOf(), { ...only, flags: { prune: true, force: true } });
    expect(ran.result?.code, ran.output).toBe(0);
    expect(existsSync(outside)).toBe(true);
    expect(read('theirs.txt')).toBe('x');
    rmSync(outside);
  });

  it('keeps the directories of bundles and environments apart', async () => {
    await provision(on, desiredOf(), { ...only, environment: 'production' });
    const before = readdirSync(directory).map((name) => [name, read(name)]);
    const all = { adopt: true, force: true, prune: true };
    const staging = await provision(on, desiredOf(), { ...only, environment: 'staging', flags: all });
    expect(staging.output).toContain('holds the rules of Relay/production, and these are of Relay/staging');
    const other = await provision(on, desiredOf({ name: 'Other' }), { ...only, flags: all });
    expect(other.output).toContain('these are of Other');
    expect(readdirSync(directory).map((name) => [name, read(name)])).toEqual(before);
    expect((await provision(on, desiredOf(), { ...only, environment: 'production' })).result?.code).toBe(0);
  });
});

describe('a copy of our rules in another file', () => {
  it('is refused before anything is written, and is no proof', async () => {
    writeFileSync(join(directory, 'theirs.yml'), ledgerRules);
    on.rules.onReload();
    const ran = await provision(on, desiredOf(), { ...only, flags: { adopt: true, force: true } });
    expect(ran.result?.code).toBe(1);
    expect(ran.output).toContain('theirs.yml, and would run them twice');
    expect(existsSync(join(directory, 'ledger.yml'))).toBe(false);
    // It comes while ours are delivered.
    rmSync(join(directory, 'theirs.yml'));
    on.rules.onReload();
    let copied = false;
    const late = await provision(on, desiredOf(), {
      ...only,
      faults: (_, { url }) => {
        if (!copied && url.pathname === '/-/reload') {
          copied = true;
          writeFileSync(join(directory, 'theirs.yml'), ledgerRules);
        }
        return 'none';
      },
    });
    expect(late.result?.code).toBe(1);
    expect(late.output).toContain('group ledger runs 2 times');
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
    // A directory where the last file is prepared cannot be removed like a file.
    const obstacle = join(directory, `.ledger.yml.${process.pid}.tmp`);
    mkdirSync(obstacle);
    const ran = await provision(on, next, only);
    rmSync(obstacle, { recursive: true });
    expect(ran.output).toMatch(/ledger\.yml cannot be written: it is a directory/);
    expect(ran.output).toContain('The rule files from before were put back and loaded.');
    expect(readdirSync(directory).map((name) => [name, read(name)])).toEqual(before);
  });
});

describe('a group that is no longer in a file of ours', () => {
  it('goes with the delivery of the file', async () => {
    await provision(on, desiredOf(), only);
    const renamed = desiredOf({
      rules: { 'ledger.yml': ledgerRules, 'alerts.yml': alertRules.replace('name: alerts', 'name: alarms') },
    });
    const planned = await plan(on, renamed, only);
    expect(planned.output).toContain('no longer defined, goes with the delivery');
    expect((await provision(on, renamed, only)).result?.code).toBe(0);
    expect(on.rules.groups.map((g) => g.name)).not.toContain('alerts');
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
  /** Edits a file by hand once the rules are being proven. */
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

  it('leaves alone files that were changed since, and names them', async () => {
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
    expect(ran.output).toContain('Left alone, because it was changed since: alerts.yml.');
    expect(ran.output).toContain('The other rule files from before were put back and loaded.');
    expect(new Set(ran.result?.outcomes.map((o) => o.state))).toEqual(new Set(['conflict']));
    expect(read('alerts.yml')).toBe(quickFix);
    expect({ bundle: read('bundle.yml'), ledger: read('ledger.yml') }).toEqual(before);
    expect(left()).toEqual([]);
    // And the next run sees an edit, not a file of ours.
    expect((await plan(on, next, only)).output).toContain('alerts.yml was edited by hand');
  });
});
