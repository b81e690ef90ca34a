import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { EnvironmentFailure, explain } from '../../src/lib/errors.ts';
import { inProject } from '../../src/lib/root.ts';
import { cachedProgram, cacheFolder } from '../../src/servers/cache.ts';
import { obtainPrograms } from '../../src/servers/find.ts';
import type { ProgramName } from '../../src/servers/programs.ts';
import { bundle, debian, type Machine, machine, script, write } from './machine.ts';

const sid = {
  prometheus: [['prometheus', '3.5.3']],
  promtool: [['promtool', '3.5.3']],
  'prometheus-alertmanager': [
    ['prometheus-alertmanager', '0.33.1'],
    ['amtool', '0.33.1'],
  ],
} as const;
const bookworm = {
  prometheus: [
    ['prometheus', '2.42.0'],
    ['promtool', '2.42.0'],
  ],
} as const;

/** What a failed attempt to obtain programs tells the user. */
async function failure(host: Machine, names: readonly ProgramName[]): Promise<string> {
  const error = await obtainPrograms(names, 'current', host).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(EnvironmentFailure);
  return explain(error);
}
const leftovers = (host: Machine): string[] =>
  readdirSync(cacheFolder(host.env)).filter((name) => /staging|lock/.test(name));

describe('fetching', () => {
  test("takes Debian's packages from sid of the machine's own mirror into the cache", async () => {
    const host = debian(sid);
    const names = ['prometheus', 'promtool', 'alertmanager', 'amtool'] as const;
    const found = await obtainPrograms(names, 'current', host);
    for (const name of names) expect(found[name]).toBe(cachedProgram(name, 'current', host.env));
    expect(host.calls()).toEqual([
      'update ',
      'Types: deb',
      'URIs: http://mirror.invalid/debian',
      'Suites: sid',
      'Components: main',
      'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
      'show prometheus',
      'show promtool',
      'show prometheus-alertmanager',
      'show prometheus-alertmanager',
      'download prometheus promtool prometheus-alertmanager',
    ]);
    expect(host.said[0]).toContain('Debian sid');
    expect(leftovers(host)).toEqual([]);
  });

  test('takes promtool from the package of Prometheus where it has none of its own', async () => {
    const host = debian(bookworm);
    await obtainPrograms(['promtool'], '2.42', host);
    expect(host.calls()).toContain('Suites: bookworm');
    expect(host.calls().at(-1)).toBe('download prometheus');
  });

  test('fetches only what is missing, and nothing twice', async () => {
    const host = debian(sid);
    await obtainPrograms(['promtool'], 'current', host);
    await obtainPrograms(['prometheus', 'promtool'], 'current', host);
    await obtainPrograms(['prometheus', 'promtool'], 'current', host);
    expect(host.calls().filter((call) => call.startsWith('download'))).toEqual([
      'download promtool',
      'download prometheus',
    ]);
  });

  test('happens once when many ask at the same time', async () => {
    const host = debian(sid);
    await Promise.all([1, 2, 3, 4].map(() => obtainPrograms(['prometheus'], 'current', host)));
    expect(host.calls().filter((call) => call.startsWith('download'))).toHaveLength(1);
    expect(host.said.filter((line) => line.startsWith('Waiting'))).toHaveLength(3);
  });

  test('happens once when several processes ask, also after one was killed at it', async () => {
    const host = debian(sid);
    const { folder, env, etc } = host;
    const patient = readFileSync(join(folder, 'bin', 'apt-get'), 'utf8').replace(
      'then\n  cat',
      'then sleep 0.5\n  cat',
    );
    script(join(folder, 'bin', 'apt-get'), patient);
    const source = `
      import { obtainPrograms } from ${JSON.stringify(inProject('src/servers/find.ts'))};
      import { hostSystem } from ${JSON.stringify(inProject('src/servers/system.ts'))};
      const { promtool } = await obtainPrograms(['promtool'], 'current', { ...hostSystem, etc: ${JSON.stringify(etc)} });
      console.log(promtool);
    `;
    const file = await bundle(source);
    const ask = () => spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    const first = ask();
    const lock = join(cacheFolder(env), 'fetch.lock');
    await expect.poll(() => existsSync(lock), { timeout: 5_000, interval: 10 }).toBe(true);
    first.kill('SIGKILL');
    const answers = [1, 2, 3].map(async () => (await readAll(ask().stdout)).trim());
    const expected = cachedProgram('promtool', 'current', env);
    expect(await Promise.all(answers)).toEqual([expected, expected, expected]);
    expect(host.calls().filter((call) => call.startsWith('download'))).toHaveLength(1);
    expect(leftovers(host)).toEqual([]);
  });

  test('sweeps away what a killed fetch left behind', async () => {
    const host = debian(sid);
    write(join(cacheFolder(host.env), 'staging-abc', 'half.deb'), 'half');
    await obtainPrograms(['prometheus'], 'current', host);
    expect(leftovers(host)).toEqual([]);
  });

  test('leaves the hooks, pins and installed packages of the machine alone', async () => {
    const host = debian(sid);
    script(join(host.folder, 'bin', 'apt-cache'), `/bin/cat "$2" > '${host.folder}/conf'; exit 100`);
    await failure(host, ['prometheus']);
    const config = readFileSync(join(host.folder, 'conf'), 'utf8');
    for (const line of [/^#clear APT::Update::Post-Invoke;$/m, /^#clear APT::Default-Release;$/m])
      expect(config).toMatch(line);
    for (const key of ['SourceParts', 'PreferencesParts'])
      expect(config).toContain(`Dir::Etc::${key} "/dev/null";`);
    expect(config).toMatch(/^Dir::State::status ".*\/cache\/.*staging-.*\/status";$/m);
  });
});

describe('what fails', () => {
  test('for a moment is tried again', async () => {
    const host = debian(sid, { updates: 2 });
    await obtainPrograms(['promtool'], 'current', host);
    expect(host.pauses).toEqual([2_000, 6_000]);
  });

  test('for good is told with the reason of apt and a way out, and leaves nothing half', async () => {
    const host = debian(sid, { updates: 99 });
    const text = await failure(host, ['prometheus', 'promtool']);
    expect(text).toMatch(/^prometheus, promtool \(current generation\) cannot be fetched: Failed to fetch/);
    expect(text).toContain('npm run servers -- --fetch');
    expect(text).toContain('PROMETHEUS_BIN, PROMTOOL_BIN');
    expect(text).not.toMatch(/^\s+at /m);
    expect(leftovers(host)).toEqual([]);
    expect(existsSync(join(cacheFolder(host.env), 'current'))).toBe(false);
  });

  test('because the archive has no such suite is not tried again', async () => {
    const says = "E: The repository 'http://mirror.invalid sid Release' does not have a Release file.";
    const host = debian(sid, { updates: 99, says });
    expect(await failure(host, ['promtool'])).toContain('does not have a Release file');
    expect(host.pauses).toEqual([]);
  });

  test('with one source is tried with the next', async () => {
    const says = 'E: The repository does not have a Release file.';
    const host = debian(sid, { updates: 1, says });
    write(
      join(host.etc, 'apt', 'sources.list.d', 'other.list'),
      'deb http://other.invalid/debian bookworm main\n',
    );
    await obtainPrograms(['promtool'], 'current', host);
    expect(host.calls()).toContain('deb http://other.invalid/debian sid main');
  });

  test('because the suite has another version never enters the cache', async () => {
    const host = debian(bookworm);
    const text = await failure(host, ['prometheus']);
    expect(text).toContain('the archive gave prometheus 2.42.0, wanted is at least 3.0');
    expect(existsSync(cachedProgram('prometheus', 'current', host.env))).toBe(false);
  });

  test('because a program does not run here never enters the cache', async () => {
    const host = debian(sid);
    script(join(host.folder, 'archive/promtool/usr/bin/promtool'), 'echo "wrong machine" >&2; exit 126');
    expect(await failure(host, ['prometheus', 'promtool'])).toContain('does not run here. wrong machine');
    expect(existsSync(cachedProgram('prometheus', 'current', host.env))).toBe(false);
  });

  test('because the package lacks is said', async () => {
    expect(await failure(debian(sid), ['pushgateway'])).toContain(
      'sid has no package prometheus-pushgateway',
    );
  });

  test('because the cache cannot be written names the variable that moves it', async () => {
    const host = debian(sid);
    const env = { ...host.env, XDG_CACHE_HOME: '/dev/null/cache' };
    expect(await failure({ ...host, env }, ['promtool'])).toMatch(
      /cannot be written \(\w+\).*XDG_CACHE_HOME/,
    );
  });
});

describe('on another system', () => {
  test('macOS: the command of Homebrew, and the release of what it does not have', async () => {
    const text = await failure(machine('darwin'), ['prometheus', 'promtool', 'amtool', 'pushgateway']);
    expect(text).toContain('Run: brew install prometheus alertmanager.');
    expect(text).toContain('set PUSHGATEWAY_BIN');
    expect(await failure(machine('darwin'), ['pushgateway'])).not.toContain('brew');
  });

  test('macOS: the old generation comes from the releases', async () => {
    const error = await obtainPrograms(['prometheus'], '2.42', machine('darwin')).catch((thrown) => thrown);
    expect(explain(error)).toContain('unpack the release of prometheus');
    expect(explain(error)).toContain('PROMETHEUS_2_42_BIN');
    expect(explain(error)).not.toContain('brew');
  });

  test('Linux without apt: the releases and the variables', async () => {
    const text = await failure(machine('linux'), ['promtool', 'amtool']);
    expect(text).toContain('this system has no apt');
    expect(text).toContain('unpack the release of prometheus, alertmanager');
    expect(text).toContain('PROMTOOL_BIN, AMTOOL_BIN');
  });

  test('Windows says so too, and never mentions apt', async () => {
    expect(await failure(machine('win32'), ['promtool'])).toContain('on Debian and Ubuntu only');
  });

  test('apt on something that is neither Debian nor Ubuntu', async () => {
    const host = debian(sid);
    write(join(host.etc, 'os-release'), 'ID=alt\nPRETTY_NAME="ALT Linux"\n');
    expect(await failure(host, ['promtool'])).toContain('ALT Linux is neither Debian nor Ubuntu');
  });

  test('Debian without its own archive among its sources', async () => {
    const host = debian(sid);
    write(join(host.etc, 'apt', 'sources.list.d', 'debian.sources'), '');
    expect(await failure(host, ['promtool'])).toContain("Debian's own archive is not among the sources");
    expect(existsSync(cacheFolder(host.env))).toBe(false);
  });
});
