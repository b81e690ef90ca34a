import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { annotationsOf } from '../../src/compile/alerts/rules.ts';
import type { Generation } from '../../src/servers/find.ts';
import { type RunningServer, startAlertmanager } from '../../src/servers/start.ts';
import { alerts } from '../relay.ts';
import { type Inbox, startInbox } from './receiver.ts';
import { realConfig } from './system.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!condition() && Date.now() < end) await pause(100);
}

/** Steps as a real alert says them: sentences with colons, quotes and several lines. */
const action = annotationsOf(alerts.find(({ name }) => name === 'DeploymentFailed')!).action!.replaceAll(
  /\{\{.*?\}\}/g,
  'x',
);

/** An alert as Prometheus posts it. */
const posted = (alertname: string, severity: string, labels: Record<string, string>, run_url?: string) => ({
  labels: { alertname, severity, environment: 'production', ...labels },
  annotations: {
    summary: `${alertname} says what is wrong`,
    description: 'api build: command_failed, exit code 1.',
    action,
    dashboard_url: 'https://grafana.example/d/deployment-troubleshooting/',
    runbook_url: `generated/docs/runbooks/${alertname}.md`,
    ...(run_url && { run_url }),
  },
});

/** The same, where the address of the runbooks is known. */
const withLink = (alert: ReturnType<typeof posted>) => ({
  ...alert,
  annotations: {
    ...alert.annotations,
    runbook_url: `https://runbooks.example/${alert.labels.alertname}.md`,
  },
});

describe.each<[Generation]>([['current'], ['2.42']])('messages of Alertmanager, %s', (generation) => {
  let inbox: Inbox;
  let server: RunningServer;
  let folder = '';
  beforeAll(async () => {
    inbox = await startInbox();
    folder = mkdtempSync(join(tmpdir(), 'secrets-'));
    server = await startAlertmanager({ generation, config: { ...realConfig(inbox, folder) } });
    await post([
      posted('DeploymentFailed', 'critical', { deployment_id: '1' }, 'https://ci.example/runs/1'),
      withLink(
        posted('SmokeTestsFailingPostDeploy', 'high', { deployment_id: '2' }, 'https://ci.example/runs/2'),
      ),
      posted('HighErrorRatePostDeploy', 'high', { deployment_id: '2' }),
      posted('ErrorBudgetHalfSpent', 'medium', { slo: 'deployment-reliability' }),
    ]);
    await until(() => inbox.arrivals.length >= 3);
  });
  const post = async (alerts: readonly object[]): Promise<void> => {
    const response = await fetch(`${server.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts),
    });
    expect(response.status).toBe(200);
  };
  afterAll(async () => {
    await server.stop();
    await inbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('PagerDuty gets an incident with everything that is needed', () => {
    expect(inbox.at('/pager')).toEqual([
      expect.objectContaining({
        routing_key: 'a-routing-key',
        event_action: 'trigger',
        payload: expect.objectContaining({
          summary: 'DeploymentFailed says what is wrong. api build: command_failed, exit code 1.',
          severity: 'critical',
          class: 'DeploymentFailed',
          custom_details: expect.objectContaining({
            do: action,
            run: 'https://ci.example/runs/1',
            environment: 'production',
            runbook: 'generated/docs/runbooks/DeploymentFailed.md',
          }),
        }),
        links: [{ href: 'https://grafana.example/d/deployment-troubleshooting/', text: 'Dashboard' }],
      }),
    ]);
  });

  it('the ops channel gets one message for a deployment, with each alert in it', () => {
    const messages = inbox.at('/ops-channel') as { attachments: Record<string, string>[] }[];
    expect(messages).toHaveLength(1);
    const [attachment] = messages[0]!.attachments;
    expect(attachment).toMatchObject({
      color: 'danger',
      title_link: 'https://grafana.example/d/deployment-troubleshooting/',
    });
    expect(attachment!.title).toMatch(/ says what is wrong \(and 1 more\)$/);
    expect(attachment!.text).toContain('*SmokeTestsFailingPostDeploy says what is wrong*');
    expect(attachment!.text).toContain('*HighErrorRatePostDeploy says what is wrong*');
    expect(attachment!.text).toContain('<https://ci.example/runs/2|CI run>');
    expect(attachment!.text).toContain(action);
    // The alert without a run has no empty link.
    expect(attachment!.text!.match(/\|CI run>/g)).toHaveLength(1);
  });

  it('the ticket queue gets a ticket', () => {
    expect(JSON.stringify(inbox.at('/tickets'))).toContain('ErrorBudgetHalfSpent says what is wrong');
    expect(inbox.at('/log-channel')).toEqual([]);
  });

  it('names what fires, also when the first alert of the group is over', async () => {
    const before = inbox.at('/ops-channel').length;
    const ends = new Date(Date.now() - 1000).toISOString();
    const over = posted('HighErrorRatePostDeploy', 'high', { deployment_id: '2' });
    const more = posted('AnotherOneFires', 'high', { deployment_id: '2' }, 'https://ci.example/runs/2');
    const smoke = posted(
      'SmokeTestsFailingPostDeploy',
      'high',
      { deployment_id: '2' },
      'https://ci.example/runs/2',
    );
    await post([{ ...over, endsAt: ends }, smoke, more]);
    await until(() => inbox.at('/ops-channel').length > before);
    const messages = inbox.at('/ops-channel') as { attachments: Record<string, string>[] }[];
    const [attachment] = messages.at(-1)!.attachments;
    expect(attachment!.text).toContain('*Over: HighErrorRatePostDeploy says what is wrong*');
    expect(attachment!.title).toMatch(/^(AnotherOneFires|SmokeTestsFailingPostDeploy) says what is wrong/);
  });

  it('gives no link where the address of the runbook is not known', () => {
    const [message] = inbox.at('/ops-channel') as { attachments: Record<string, string>[] }[];
    expect(message!.attachments[0]!.text).toContain('Runbook: generated/docs/runbooks/');
    expect(message!.attachments[0]!.text).toContain(
      '<https://runbooks.example/SmokeTestsFailingPostDeploy.md|Runbook>',
    );
  });

  it('link to each deployment of an alert that is about several', async () => {
    const links = ['1', '2'].map((id) => `${id} https://grafana.example/d/x/?var-deployment=${id}&time=60`);
    const named = (alert: ReturnType<typeof posted>) => ({
      ...alert,
      annotations: { ...alert.annotations, deployments: links.join('\n') },
    });
    const slo = { slo: 'time-to-deploy' };
    await post([
      named(posted('ErrorBudgetBurnFast', 'critical', slo)),
      named(posted('SlaBreached', 'high', slo)),
    ]);
    const of = (path: string, name: string) =>
      inbox.at(path).filter((body) => JSON.stringify(body).includes(`${name} says what is wrong`));
    const page = () => of('/pager', 'ErrorBudgetBurnFast');
    const message = () => of('/ops-channel', 'SlaBreached');
    await until(() => page().length > 0 && message().length > 0);
    expect(page()).toEqual([
      expect.objectContaining({
        payload: expect.objectContaining({
          custom_details: expect.objectContaining({ deployments: links.join('\n') }),
        }),
      }),
    ]);
    expect(JSON.stringify(message()[0])).toContain(links.join('\\n'));
  });
});
