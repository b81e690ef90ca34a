import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { receivers, secretsFolder } from '../../src/alerts/receivers.ts';
import { severities } from '../../src/alerts/severity.ts';
import { alertmanagerConfig } from '../../src/compile/alerts/alertmanager.ts';
import { inProject } from '../../src/lib/root.ts';
import { type Generation, obtainPrograms } from '../../src/servers/find.ts';
import { alerts, pipeline } from '../relay.ts';

const run = promisify(execFile);
const file = inProject('generated', 'alertmanager', 'alertmanager.yml');

/** Labels of each alert's example when it arrives at Alertmanager, in an environment. */
const labelled = (environment: string) =>
  alerts.map((alert) => {
    const [{ labels }] = alert.examples.fires[0].notifications;
    const own = labels.environment ? { ...labels, environment } : labels;
    return { alert, labels: { alertname: alert.name, severity: alert.severity, ...own } };
  });

describe.each<[Generation]>([['current'], ['2.42']])('amtool of generation %s', (generation) => {
  let amtool = '';
  beforeAll(async () => {
    amtool = (await obtainPrograms(['amtool'], generation)).amtool;
  });
  const routed = async (labels: Readonly<Record<string, string>>): Promise<string> => {
    const matchers = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
    const { stdout } = await run(amtool, ['config', 'routes', 'test', `--config.file=${file}`, ...matchers]);
    return stdout.trim();
  };

  it('accepts the configuration', async () => {
    const { stdout } = await run(amtool, ['check-config', file]);
    expect(stdout).toContain('SUCCESS');
    expect(stdout).toContain('4 receivers');
  });

  it.each(labelled('production').map((one) => [one.alert.name, one] as const))(
    'routes %s of production by its severity',
    async (_, { alert, labels }) => {
      expect(await routed(labels)).toBe(severities[alert.severity].receiver);
    },
  );

  it('never pages for staging', async () => {
    const reached = await Promise.all(
      labelled('staging')
        .filter(({ labels }) => 'environment' in labels)
        .map(({ labels }) => routed(labels)),
    );
    expect(reached).not.toContain('pager');
    expect(reached).toContain('ops-channel');
  });

  it('loses no alert that has no severity', async () => {
    expect(await routed({ alertname: 'AlertOfOthers' })).toBe('ops-channel');
  });
});

describe('the configuration', () => {
  const text = JSON.stringify(alertmanagerConfig(alerts, pipeline));

  it('holds no secret, but the names of the files that do', () => {
    for (const { secret } of Object.values(receivers(pipeline)))
      expect(text).toContain(`${secretsFolder}/${secret.file}`);
    expect(text).not.toMatch(/hooks\.slack\.com|api_url"|routing_key"|password/);
  });

  it('makes one notification of everything about a deployment', () => {
    const { route } = alertmanagerConfig(alerts, pipeline) as { route: { routes: { routes: object[] }[] } };
    for (const { routes } of route.routes)
      expect(routes).toEqual([
        { matchers: ['deployment_id=~".+"'], group_by: ['environment', 'deployment_id'] },
      ]);
  });

  it('lets what is less urgent wait longer, so that the page is there first', () => {
    const seconds = (wait: string): number => Number.parseInt(wait, 10) * (wait.endsWith('m') ? 60 : 1);
    const { critical, high, medium } = severities;
    expect(seconds(critical.wait)).toBeLessThan(seconds(high.wait));
    expect(seconds(high.wait)).toBeLessThan(seconds(medium.wait));
  });
});
