import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/lib/errors.ts';
import { cachedProgram } from '../../src/servers/cache.ts';
import { findProgram, locateProgram, obtainPrograms } from '../../src/servers/find.ts';
import { type Machine, machine, program, script, write } from './machine.ts';

const inPath = (host: Machine, file: string, version: string): string =>
  program(join(host.folder, 'bin', file), file, version);
const inCache = (host: Machine, version = '3.1.0'): string =>
  program(cachedProgram('promtool', 'current', host.env), 'promtool', version);

describe('where a program is looked for', () => {
  test('nowhere: it is not found, and nothing is fetched', () => {
    const host = machine();
    expect(findProgram('promtool', 'current', host)).toBeUndefined();
    expect(host.said).toEqual([]);
  });

  test('the environment variable before PATH before the cache', () => {
    const host = machine();
    const cached = inCache(host);
    expect(locateProgram('promtool', 'current', host)).toEqual({ path: cached, where: 'cache' });
    const onPath = inPath(host, 'promtool', '3.2.0');
    expect(locateProgram('promtool', 'current', host)).toEqual({ path: onPath, where: 'PATH' });
    const chosen = program(join(host.folder, 'mine'), 'promtool', '3.3.0');
    const withVariable = { ...host, env: { ...host.env, PROMTOOL_BIN: chosen } };
    expect(locateProgram('promtool', 'current', withVariable)).toEqual({
      path: chosen,
      where: 'environment',
    });
  });

  test('the variable of one generation says nothing about the other', () => {
    const host = machine();
    const chosen = program(join(host.folder, 'mine'), 'prometheus', '2.42.0');
    const withVariable = { ...host, env: { ...host.env, PROMETHEUS_2_42_BIN: chosen } };
    expect(findProgram('prometheus', '2.42', withVariable)).toBe(chosen);
    expect(findProgram('prometheus', 'current', withVariable)).toBeUndefined();
  });

  test.each(['no-such-file', '.', 'plain'])(
    'a variable that names no executable (%s) is an error',
    (name) => {
      const host = machine();
      write(join(host.folder, 'plain'), 'text');
      const env = { ...host.env, AMTOOL_BIN: join(host.folder, name) };
      expect(() => findProgram('amtool', 'current', { ...host, env })).toThrow(UserError);
      expect(() => findProgram('amtool', 'current', { ...host, env })).toThrow(/^AMTOOL_BIN is /);
    },
  );

  test('an empty variable counts as unset', () => {
    const host = machine('linux', { PROMTOOL_BIN: '' });
    expect(findProgram('promtool', 'current', host)).toBeUndefined();
  });
});

describe('PATH', () => {
  test('counts only for the generation of the version that is there', () => {
    const host = machine();
    const path = inPath(host, 'prometheus', '2.53.1');
    expect(findProgram('prometheus', 'current', host)).toBeUndefined();
    expect(findProgram('prometheus', '2.42', host)).toBe(path);
  });

  test('knows the names that Debian gives', () => {
    const host = machine();
    const path = inPath(host, 'prometheus-alertmanager', '0.28.0');
    expect(findProgram('alertmanager', 'current', host)).toBe(path);
  });

  test('a later folder serves when the earlier holds another generation', () => {
    const host = machine();
    inPath(host, 'prometheus', '2.53.1');
    const second = program(join(host.folder, 'second', 'prometheus'), 'prometheus', '3.4.0');
    const env = { ...host.env, PATH: `${host.env.PATH}:${join(host.folder, 'second')}` };
    expect(findProgram('prometheus', 'current', { ...host, env })).toBe(second);
  });

  test('a program of the same name that is something else is passed over', () => {
    const host = machine();
    script(join(host.folder, 'bin', 'promtool'), 'echo usage; exit 2');
    expect(findProgram('promtool', 'current', host)).toBeUndefined();
  });

  test('a program is asked for its version once, and again after it changed', () => {
    const host = machine();
    const asked = join(host.folder, 'asked');
    const answer = (version: string): string => `echo x >> '${asked}'; echo "promtool, version ${version}"`;
    const path = script(join(host.folder, 'bin', 'promtool'), answer('3.5.0'));
    for (let i = 0; i < 3; i++) expect(findProgram('promtool', 'current', host)).toBe(path);
    expect(readFileSync(asked, 'utf8')).toBe('x\n');
    script(path, `${answer('2.42.0')} # changed`);
    expect(findProgram('promtool', 'current', host)).toBeUndefined();
    expect(readFileSync(asked, 'utf8')).toBe('x\nx\n');
  });

  test('works where the cache cannot be written', () => {
    const host = machine();
    const path = inPath(host, 'promtool', '3.5.0');
    const env = { ...host.env, XDG_CACHE_HOME: '/dev/null/cache' };
    expect(findProgram('promtool', 'current', { ...host, env })).toBe(path);
  });
});

describe('the cache', () => {
  test('is believed without starting the program', () => {
    const host = machine();
    const path = script(cachedProgram('promtool', 'current', host.env), `touch '${host.folder}/started'`);
    expect(findProgram('promtool', 'current', host)).toBe(path);
    expect(() => readFileSync(join(host.folder, 'started'))).toThrow('ENOENT');
  });

  test('holds nothing when the file is not executable', () => {
    const host = machine();
    chmodSync(inCache(host), 0o644);
    expect(findProgram('promtool', 'current', host)).toBeUndefined();
  });

  test('is below the home folder unless XDG_CACHE_HOME is an absolute path', () => {
    const below = 'relay-deployment-observability/servers/';
    const place = (env: NodeJS.ProcessEnv): string => cachedProgram('amtool', '2.42', env);
    expect(place({ HOME: '/home/ann' })).toContain(`/home/ann/.cache/${below}`);
    expect(place({ HOME: '/home/ann', XDG_CACHE_HOME: 'relative' })).toContain(`/home/ann/.cache/${below}`);
    expect(place({ HOME: '/home/ann', XDG_CACHE_HOME: '/c' })).toMatch(/^\/c\/.*\/2\.42\/amtool$/);
  });
});

test('programs that are there are obtained without fetching, on any system', async () => {
  const host = machine('win32');
  const cached = inCache(host);
  const onPath = inPath(host, 'amtool', '0.30.0');
  expect(await obtainPrograms(['promtool', 'amtool'], 'current', host)).toEqual({
    promtool: cached,
    amtool: onPath,
  });
  expect(host.said).toEqual([]);
  rmSync(cached);
  mkdirSync(cached);
  await expect(obtainPrograms(['promtool'], 'current', host)).rejects.toThrow(/^promtool /);
});
