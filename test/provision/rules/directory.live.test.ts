import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Prometheus } from '../../../src/lib/prometheus.ts';
import { prometheusConfig, type RunningPrometheus, startPrometheus } from '../../../src/servers/start.ts';
import { type BundleParts, bundleFiles, desiredOf } from '../fixtures/bundle.ts';
import { deliver, rulesDirectory } from './real.ts';

const quick = (text: string): string => text.replaceAll(/interval: \w+/g, 'interval: 1s');
const ledger = `groups:
  - name: ledger
    interval: 1s
    rules:
      - record: deployment:outcome:code
        # Spelled differently from what the server prints.
        expr: |
          sum(
            up{job="a",  instance=~"b.*"}
          ) by (environment) or vector( 1e3 )
      - record: deployment:success:bool
        expr: deployment:outcome:code == bool 1000
`;
const alerts = `groups:
  - name: alerts
    interval: 1s
    rules:
      - alert: DeploymentFailed
        expr: deployment:outcome:code == 2
        for: 90s
        labels: { severity: page }
        annotations: { summary: "A deployment failed in {{ $labels.environment }}" }
`;
const parts = (rules: Record<string, string> = {}): BundleParts => ({
  rules: { 'ledger.yml': ledger, 'alerts.yml': alerts, ...rules },
  bundleInterval: '1s',
});
const desired = (rules: Record<string, string> = {}) => desiredOf(parts(rules));

describe.each(['current', '2.42'] as const)('directory delivery to a real Prometheus (%s)', (generation) => {
  const directory = rulesDirectory();
  let server: RunningPrometheus;
  const served = async (): Promise<string[]> => {
    const { groups } = await new Prometheus(server.url).get<{ groups: { name: string }[] }>('api/v1/rules');
    return groups.map((g) => g.name).sort();
  };
  const files = (): string[] =>
    readdirSync(directory)
      .filter((name) => name.endsWith('.yml'))
      .sort();
  const read = (name: string): string => readFileSync(join(directory, name), 'utf8');

  beforeAll(async () => {
    const config = prometheusConfig({ ruleFiles: [join(directory, '*.yml')] });
    server = await startPrometheus({ generation, config });
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  beforeEach(async () => {
    for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
    writeFileSync(
      join(directory, 'theirs.yml'),
      quick('groups:\n  - name: theirs\n    interval: 1s\n    rules: [{ record: "a:b", expr: up }]\n'),
    );
    await server.reload();
  });

  it('plans, applies, proves, and then has nothing to do', async () => {
    const before = await deliver(server.url, directory, desired(), { options: { mode: 'plan' } });
    expect(before.result?.code).toBe(2);
    expect(files()).toEqual(['theirs.yml']);

    const applied = await deliver(server.url, directory, desired());
    expect(applied.output).toContain('3 of 3 changes applied.');
    expect(applied.result?.code).toBe(0);
    expect(await served()).toEqual(['alerts', 'deployment-bundle', 'ledger', 'theirs']);
    for (const [path, text] of bundleFiles(parts()))
      if (path.startsWith('prometheus/rules/')) expect(read(path.slice(17))).toBe(text);

    const again = await deliver(server.url, directory, desired(), { options: { mode: 'plan' } });
    expect(again.output).toContain('0 changes to apply, 3 unchanged.');
    expect(again.result?.code).toBe(0);
    expect(readdirSync(directory).filter((name) => /tmp|lock/.test(name))).toEqual([]);
  });

  it('says what changes, and that it is not loaded when only the files are right', async () => {
    await deliver(server.url, directory, desired());
    const after = desired({ 'alerts.yml': alerts.replace('== 2', '== 3').replace('90s', '2m') });
    const ran = await deliver(server.url, directory, after, { options: { mode: 'plan' } });
    expect(ran.output).toContain('DeploymentFailed: hold 90s → 2m (it fires later than before)');
    expect(ran.output).toMatch(/labels changed: .*version="\w+"} → .*version="\w+"}/);
  });

  it('names a rule that cannot be evaluated before it writes anything', async () => {
    await deliver(server.url, directory, desired());
    const before = read('.deployment-observability.json');
    const bad = alerts.replace(
      'deployment:outcome:code == 2',
      'prometheus_http_requests_total_x or (vector(1) * on() group_left() (label_replace(vector(1), "a", "1", "", "") or label_replace(vector(2), "a", "2", "", "")))',
    );
    const ran = await deliver(server.url, directory, desired({ 'alerts.yml': bad }));
    expect(ran.result?.code).toBe(1);
    expect(ran.output).toMatch(
      /Nothing was delivered, because this Prometheus cannot evaluate: alerts\.yml › alerts › DeploymentFailed: .*(many-to-many|multiple matches)/,
    );
    expect(read('alerts.yml')).toBe(alerts);
    expect(read('.deployment-observability.json')).toBe(before);
  });

  it('names a rule that cannot be evaluated once the others run, and brings the old rules back', async () => {
    await deliver(server.url, directory, desired());
    // Each expression can be evaluated while the series of the rules before it do not exist.
    const bad = alerts
      .replace(
        '    rules:\n',
        `    rules:
      - { record: "probe:many", expr: vector(1), labels: { a: "1" } }
      - { record: "probe:many", expr: vector(2), labels: { a: "2" } }
`,
      )
      .replace('deployment:outcome:code == 2', 'vector(1) * on() group_left() probe:many');
    const ran = await deliver(server.url, directory, desired({ 'alerts.yml': bad }), {
      options: { proofMs: 6000 },
    });
    expect(ran.result?.code).toBe(1);
    expect(ran.output).toMatch(
      /alerts › DeploymentFailed cannot be evaluated: .*(many-to-many|multiple matches)/,
    );
    expect(ran.output).toContain('The rule files from before were put back and loaded.');
    expect(read('alerts.yml')).toBe(alerts);
    const again = await deliver(server.url, directory, desired(), { options: { mode: 'plan' } });
    expect(again.result?.code).toBe(0);
  });

  it('restores the files when the server refuses to load them', async () => {
    await deliver(server.url, directory, desired());
    const bad = alerts.replace('{{ $labels.environment }}', '{{ $labels.environment');
    const ran = await deliver(
      server.url,
      directory,
      desired({ 'alerts.yml': bad, 'new.yml': quick(ledger).replaceAll('ledger', 'new') }),
    );
    expect(ran.result?.code).toBe(1);
    expect(ran.output).toContain('The rule files from before were put back and loaded.');
    expect(files()).toEqual(['alerts.yml', 'bundle.yml', 'ledger.yml', 'theirs.yml']);
    expect(await served()).toEqual(['alerts', 'deployment-bundle', 'ledger', 'theirs']);
  });

  it('names an expression that the server cannot read before it writes anything', async () => {
    const ran = await deliver(
      server.url,
      directory,
      desired({ 'alerts.yml': alerts.replace('== 2', '== ((2') }),
    );
    expect(ran.output).toMatch(/alerts\.yml › alerts › DeploymentFailed: .*parse error/);
    expect(files()).toEqual(['theirs.yml']);
  });

  it('leaves a file of others, and one that was edited, unless told', async () => {
    writeFileSync(join(directory, 'alerts.yml'), alerts.replace('alerts', 'somebody'));
    const refused = await deliver(server.url, directory, desired());
    expect(refused.output).toContain('alerts.yml exists and was not made by us');
    expect(refused.result?.code).toBe(1);
    expect(files()).toEqual(['alerts.yml', 'theirs.yml']);
    expect((await deliver(server.url, directory, desired(), { flags: { adopt: true } })).result?.code).toBe(
      0,
    );

    writeFileSync(join(directory, 'ledger.yml'), `${ledger}# by hand\n`);
    const edited = await deliver(server.url, directory, desired());
    expect(edited.output).toContain('ledger.yml was edited by hand');
    expect(read('ledger.yml')).toContain('# by hand');
    expect((await deliver(server.url, directory, desired(), { flags: { force: true } })).result?.code).toBe(
      0,
    );
    expect(read('ledger.yml')).toBe(ledger);
  });

  it('keeps files that are no longer defined until told to prune', async () => {
    await deliver(
      server.url,
      directory,
      desired({
        'extra.yml': ledger.replace('name: ledger', 'name: extra').replaceAll('deployment:', 'extra:'),
      }),
    );
    const kept = await deliver(server.url, directory, desired());
    expect(kept.output).toContain('no longer defined');
    expect(kept.result?.code).toBe(0);
    expect(await served()).toContain('extra');
    const pruned = await deliver(server.url, directory, desired(), { flags: { prune: true } });
    expect(pruned.result?.code).toBe(0);
    expect(await served()).not.toContain('extra');
    expect(files()).not.toContain('extra.yml');
    expect(files()).toContain('theirs.yml');
  });

  it('stops while another run delivers, and takes over from one that died', async () => {
    const lock = join(directory, '.deployment-observability.lock');
    const held = (pid: number): void =>
      writeFileSync(lock, JSON.stringify({ pid, host: hostname(), key: 'another' }));
    held(process.pid);
    const busy = await deliver(server.url, directory, desired());
    expect(busy.output).toContain('Another provision is delivering rules');
    expect(files()).toEqual(['theirs.yml']);
    held(2 ** 22 + 1);
    expect((await deliver(server.url, directory, desired())).result?.code).toBe(0);
    expect(existsSync(lock)).toBe(false);
  });

  it('puts everything back when it is interrupted before the proof', async () => {
    await deliver(server.url, directory, desired());
    const interrupt = new AbortController();
    const changed = desired({ 'alerts.yml': alerts.replace('== 2', '== 9') });
    const running = deliver(server.url, directory, changed, { signal: interrupt.signal });
    while (read('alerts.yml') === alerts) await new Promise((resolve) => setTimeout(resolve, 5));
    interrupt.abort();
    const ran = await running;
    expect(ran.result?.code).toBe(1);
    expect(ran.output).toContain('Interrupted before it was proven');
    expect(read('alerts.yml')).toBe(alerts);
  });
});
