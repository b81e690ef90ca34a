import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { EnvironmentFailure, explain } from '../../src/lib/errors.ts';
import { inProject } from '../../src/lib/root.ts';
import { cachedProgram, cacheFolder } from '../../src/servers/cache.ts';
import { obtainPrograms } from '../../src/servers/find.ts';
import type { ProgramName } from '../../src/servers/programs.ts';
import { bundle, debian, type Machine, machine, program, script, write } from './machine.ts';

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

/** Message of a failed attempt to obtain programs. */
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
      expect.stringMatching(/^deb (\[signed-by=\S+\] )?http:\/\/mirror\.invalid\/debian\/ sid main$/),
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
    expect(host.calls()[1]).toContain(' bookworm main');
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

describe('a release of the Prometheus project', () => {
  /** A machine with tar, and a server of releases; `spoil` changes an archive after its checksum was made. */
  async function released(
    spoil: (archive: Buffer) => Buffer = (same) => same,
  ): Promise<Machine & { asked: string[] }> {
    const host = machine();
    script(join(host.folder, 'bin', 'tar'), 'exec /usr/bin/env PATH=/usr/bin:/bin tar "$@"');
    const name = 'prometheus-3.5.0.linux-amd64';
    for (const each of ['prometheus', 'promtool']) program(join(host.folder, name, each), each, '3.5.0');
    execFileSync('tar', ['-czf', `${name}.tar.gz`, name], { cwd: host.folder });
    const archive = readFileSync(join(host.folder, `${name}.tar.gz`));
    const sum = createHash('sha256').update(archive).digest('hex');
    const base = '/prometheus/releases/download/v3.5.0';
    const files = new Map<string, string | Buffer>([
      [`${base}/sha256sums.txt`, `0123  other.tar.gz\n${sum}  ${name}.tar.gz\n`],
      [`${base}/${name}.tar.gz`, spoil(archive)],
    ]);
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const file = files.get(request.url ?? '');
      response.writeHead(file === undefined ? 404 : 200).end(file);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => void server.close());
    return { ...host, asked, releases: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  test('is downloaded once for all its programs, and held to its checksum', async () => {
    const host = await released();
    const found = await obtainPrograms(['prometheus', 'promtool'], 'current', host);
    expect(found.promtool).toBe(cachedProgram('promtool', 'current', host.env));
    expect(host.asked.map((url) => url.split('/').at(-1))).toEqual([
      'sha256sums.txt',
      'prometheus-3.5.0.linux-amd64.tar.gz',
    ]);
    expect(leftovers(host)).toEqual([]);
  });

  test('with another content than its checksum says is refused', async () => {
    const host = await released((archive) => Buffer.concat([archive, Buffer.from([0])]));
    expect(await failure(host, ['promtool'])).toContain('does not have the checksum that its release names');
    expect(existsSync(cachedProgram('promtool', 'current', host.env))).toBe(false);
  });

  test('that is not there leaves it to the next source', async () => {
    const host = await released();
    expect(await failure(host, ['pushgateway'])).toMatch(
      /sha256sums\.txt answered 404; this system has no apt/,
    );
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
    expect(text).toMatch(
      /^prometheus, promtool \(current generation\) cannot be fetched: .*; Failed to fetch/,
    );
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

  test('because the suite has another version never enters the cache', async () => {
    const host = debian(bookworm);
    const text = await failure(host, ['prometheus']);
    expect(text).toContain('prometheus is 2.42.0 there, wanted is at least 3.0');
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
    expect(await failure(machine('win32'), ['promtool'])).toContain(
      'there are no releases for win32 on x64; this system has no apt',
    );
  });

  test('apt on something that is neither Debian nor Ubuntu', async () => {
    const host = debian(sid);
    write(join(host.etc, 'os-release'), 'ID=alt\nPRETTY_NAME="ALT Linux"\n');
    expect(await failure(host, ['promtool'])).toContain('ALT Linux is neither Debian nor Ubuntu');
  });

  test('Debian without its own archive among its sources', async () => {
    const host = debian(sid);
    write(join(host.folder, 'targets'), 'http://other.invalid/ nodistro main\n');
    expect(await failure(host, ['promtool'])).toContain("Debian's own archive is not among the sources");
  });
});
