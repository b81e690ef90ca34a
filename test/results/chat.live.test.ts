import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type RunningServer, startPushgateway } from '../../src/servers/start.ts';
import { FakeSlack } from '../fakes/slack/slack.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import { jobEnv, runRecorder, seriesOf } from '../record/helpers.ts';

let gateway: RunningServer;
let server: Listening;
const slack = new FakeSlack();
beforeAll(async () => {
  gateway = await startPushgateway();
  server = await listen((request) => slack.handler(request), 300);
});
afterAll(() => Promise.all([gateway.stop(), server.stop()]));

test('the recorder posts one message, edits it as stages end, and waits for Slack only at the end', async () => {
  const env = jobEnv({
    PUSHGATEWAY_URL: gateway.url,
    SLACK_TOKEN: slack.token,
    SLACK_CHANNEL: 'C0DEPLOYS',
    SLACK_API_URL: `${server.url}/api`,
  });
  const message = () => slack.messages[0];
  expect((await runRecorder(['start', '--version', '1.2.3'], env)).code).toBe(0);
  await vi.waitFor(async () => {
    const held = await seriesOf(gateway.url);
    expect(held.find(({ name }) => name === 'deployment_message_info')?.labels).toMatchObject({
      channel: 'C0DEPLOYS',
      message_ts: message()?.ts,
    });
  }, 30_000);
  const stage = ['stage', '--service', 'api', '--stage', 'build', '--'];
  expect((await runRecorder([...stage, 'true'], env)).code).toBe(0);
  await vi.waitFor(() => expect(message()?.text).toContain('✅ api build'), 30_000);
  expect(
    (await runRecorder(['stage', '--service', 'web', '--stage', 'build', '--', 'false'], env)).code,
  ).toBe(1);
  const { code, warnings } = await runRecorder(['finish', '--outcome', 'failure'], env);
  expect([code, warnings]).toEqual([0, []]);
  expect(message()?.text).toMatch(/❌ \*Deployment 4711 to production failed\*[\s\S]*❌ web build/);
  expect(slack.messages.filter(({ thread }) => thread === undefined)).toHaveLength(1);
  expect(slack.messages.filter(({ thread }) => thread === message()?.ts)).toHaveLength(1);
});
