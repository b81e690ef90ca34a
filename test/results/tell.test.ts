import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Push } from '../../src/record/emit.ts';
import { carried, carry } from '../../src/record/pipeline.ts';
import { Recorder } from '../../src/record/recorder.ts';
import type { DeploymentResult } from '../../src/record/result/model.ts';
import { slackText } from '../../src/record/tell/chat-text.ts';
import { type Audience, tell } from '../../src/record/tell/tell.ts';
import { FakeGrafana } from '../fakes/grafana/grafana.ts';
import { FakeSlack } from '../fakes/slack/slack.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import { json } from '../fakes/wire/types.ts';
import { pipeline } from '../relay.ts';
import { examples, noon, resultAt } from './examples.ts';

const chatOnly: Audience = { chat: true, annotations: false, isProgress: false };
const progress: Audience = { ...chatOnly, isProgress: true };
const annotationsOnly: Audience = { chat: false, annotations: true, isProgress: false };

let slack: FakeSlack;
let server: Listening;
let hooked: unknown[];
beforeEach(async () => {
  slack = new FakeSlack();
  hooked = [];
  server = await listen((request) => {
    if (request.path !== '/team/hook') return slack.handler(request);
    hooked.push(JSON.parse(request.body));
    return json(200, {});
  });
  carry({ ...pipeline, chat: { ...pipeline.chat, slackChannel: 'C0DEPLOYS' } });
});
afterEach(async () => {
  await server.stop();
  carry(pipeline);
});

const slackEnv = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  SLACK_TOKEN: slack.token,
  SLACK_API_URL: `${server.url}/api`,
  ...more,
});

/** Tells, and returns the warnings and the message as it is recorded. */
async function told(result: DeploymentResult, env: NodeJS.ProcessEnv, audience: Audience = chatOnly) {
  const pushed: Push[] = [];
  const io = {
    stdout: () => {},
    stderr: () => {},
    now: () => noon * 1000,
    capture: (p: Push) => void pushed.push(p),
  };
  const deployment = { environment: result.environment, deployment_id: result.id };
  const recorder = new Recorder(env, io, false);
  const warnings = await tell(result, { deployment, env, io, recorder }, audience);
  const { channel = '', message_ts: ts = '', thread_ts: thread = '' } = pushed[0]?.samples[0]?.labels ?? {};
  return { warnings, message: pushed.length === 0 ? undefined : { channel, ts, thread } };
}

describe('the message in Slack', () => {
  test('is one, edited in place, with what failed in its thread', async () => {
    const started = await resultAt(examples.failed, noon + 20);
    const { message } = await told(started, slackEnv());
    expect(message).toEqual({ channel: 'C0DEPLOYS', ts: slack.messages[0]?.ts, thread: '' });
    const built = { ...(await resultAt(examples.failed, noon + 120)), chat: message! };
    expect(await told(built, slackEnv(), progress)).toEqual({ warnings: [], message: undefined });
    expect(slack.messages[0]?.text).toContain('✅ web build 1 min 16 s');

    const ended = { ...(await resultAt(examples.failed)), chat: message! };
    const end = await told(ended, slackEnv());
    expect(slack.messages).toHaveLength(2);
    expect(slack.messages[0]).toMatchObject({
      edits: 2,
      text: expect.stringContaining('failed* in 3 min 10 s'),
    });
    expect(slack.messages[1]).toMatchObject({
      thread: message!.ts,
      text: expect.stringContaining('error TS2322'),
    });
    // Told again, as after a late rollback: the thread stays as it is.
    await told({ ...ended, chat: end.message! }, slackEnv());
    expect(slack.messages).toHaveLength(2);
  });

  test('is left to the end by a job that cannot read where it is', async () => {
    const result = await resultAt(examples.good, noon + 200);
    expect(await told(result, slackEnv(), progress)).toEqual({ warnings: [], message: undefined });
    expect(slack.requests).toBe(0);
  });

  test.each([
    ['failures', 'good', 0],
    ['failures', 'failed', 2],
    ['production', 'good', 1],
    ['all', 'good', 1],
  ] as const)('is as quiet as the pipeline file says: %s of a %s one', async (about, example, count) => {
    carry({ ...carried(), chat: { ...carried().chat, about } });
    await told(await resultAt(examples[example]), slackEnv());
    expect(slack.messages).toHaveLength(count);
    slack.messages.length = 0;
    await told({ ...(await resultAt(examples.good)), environment: 'staging' }, slackEnv());
    expect(slack.messages).toHaveLength(about === 'all' ? 1 : 0);
  });

  test('waits when Slack asks for a little patience, and gives up when it asks for much', async () => {
    slack.tooFast = 1;
    expect((await told(await resultAt(examples.good), slackEnv())).warnings).toEqual([]);
    expect(slack.messages).toHaveLength(1);
    slack.tooFast = 1;
    slack.retryAfter = 30;
    const begun = Date.now();
    expect((await told(await resultAt(examples.good), slackEnv())).warnings).toEqual([
      expect.stringMatching(/too many requests and asks to wait 30 s/),
    ]);
    expect(Date.now() - begun).toBeLessThan(3_000);
  });

  test.each([
    ['is_archived', 'the channel is archived'],
    ['not_in_channel', 'invite it'],
  ])('says what to do about %s', async (state, words) => {
    slack.channels.set('C0DEPLOYS', state);
    expect((await told(await resultAt(examples.good), slackEnv())).warnings).toEqual([
      expect.stringContaining(words),
    ]);
  });

  test('says what to do about a token that is not valid, and does not repeat it', async () => {
    const env = slackEnv({ SLACK_TOKEN: 'xoxb-another-token-9876543210' });
    const [warning] = (await told(await resultAt(examples.good), env)).warnings;
    expect(warning).toContain('SLACK_TOKEN is not valid');
    expect(warning).not.toContain('another-token');
  });

  test('fits, however much there is, and no name in it is markup', async () => {
    const good = await resultAt(examples.good);
    const stages = Array.from({ length: 300 }, (_, i) => ({
      name: `<!channel> & <http://evil.example|stage> ${'long '.repeat(60)}${i}`,
      status: 'failure',
      error: { type: 'other', message: 'x'.repeat(200) },
    }));
    const result = { ...good, outcome: 'failure' as const, stages };
    expect((await told(result, slackEnv())).warnings).toEqual([]);
    expect(slack.messages).toHaveLength(2);
    for (const { text } of slack.messages) {
      expect(text.length).toBeLessThanOrEqual(3_000);
      expect(text).not.toContain('<!channel>');
      expect(text).not.toContain('<http://evil');
    }
  });

  test('never holds up a deployment', async () => {
    const slow = await listen(() => json(200, { ok: true }), 60_000);
    const begun = Date.now();
    const env = slackEnv({ SLACK_API_URL: `${slow.url}/api` });
    expect((await told(await resultAt(examples.good), env)).warnings).toEqual([
      expect.stringContaining('did not answer in time'),
    ]);
    expect(Date.now() - begun).toBeLessThan(8_000);
    await slow.stop();
  });
});

describe('a webhook', () => {
  test('of Slack gets one message at the start and one at the end', async () => {
    const env = { SLACK_WEBHOOK_URL: `${server.url}${slack.hook}` };
    await told(await resultAt(examples.good, noon + 20), env);
    await told(await resultAt(examples.good, noon + 200), env, progress);
    await told(await resultAt(examples.good), env);
    expect(slack.hooked.map((text) => /is running|succeeded/.exec(text)?.[0])).toEqual([
      'is running',
      'succeeded',
    ]);
  });

  test('of anything else gets the template, filled in', async () => {
    const template = {
      kind: 'deploy',
      body: [{ text: '{text}' }],
      about: '{environment}/{deployment_id} {what}',
    };
    carry({ ...carried(), chat: { ...carried().chat, template } });
    const result = await resultAt(examples['rolled-back']);
    expect((await told(result, { CHAT_WEBHOOK_URL: `${server.url}/team/hook?key=1` })).warnings).toEqual([]);
    expect(hooked).toEqual([
      {
        kind: 'deploy',
        body: [{ text: expect.stringContaining('was rolled back: health check failed') }],
        about: `production/${result.id} {what}`,
      },
    ]);
  });

  test('that refuses is said without its address', async () => {
    const env = { SLACK_WEBHOOK_URL: `${server.url}/services/T000/B000/wrongsecretwrongsecret` };
    const [warning] = (await told(await resultAt(examples.good), env)).warnings;
    expect(warning).toMatch(/^The chat was not told. /);
    expect(warning).not.toContain('wrongsecret');
    const plain = { CHAT_WEBHOOK_URL: 'http://chat.example/hook' };
    expect((await told(await resultAt(examples.good), plain)).warnings).toEqual([
      expect.stringContaining('must start with https://'),
    ]);
  });
});

test('the text in Slack leads to the deployment', async () => {
  expect(slackText(await resultAt(examples.good))).toContain('|Dashboard of this deployment>');
});

describe('annotations', () => {
  const grafanas = [new FakeGrafana(), new FakeGrafana()];
  const servers: Listening[] = [];
  beforeEach(async () => {
    for (const grafana of grafanas) {
      grafana.state.annotations.length = 0;
      grafana.state.tokens.set('glsa_writer', { role: 'Viewer', org: 1, state: 'valid', annotates: true });
      grafana.state.tokens.set('glsa_viewer', { role: 'Viewer', org: 1, state: 'valid' });
      servers.push(await listen((request) => grafana.handler(request)));
    }
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((one) => one.stop()));
  });
  afterAll(() => carry(pipeline));
  const env = (token = 'glsa_writer'): NodeJS.ProcessEnv => ({
    GRAFANA_ANNOTATION_URL: servers[0]!.url,
    GRAFANA_ANNOTATION_TOKEN: token,
    GRAFANA_ANNOTATION_URL_2: servers[1]!.url,
    GRAFANA_ANNOTATION_TOKEN_2: 'glsa_writer',
  });
  const all = () => grafanas.map(({ state }) => state.annotations);

  test('mark a deployment from its start to its end in two Grafanas, once, and follow a late rollback', async () => {
    const result = await resultAt(examples.good);
    await Promise.all([told(result, env(), annotationsOnly), told(result, env(), annotationsOnly)]);
    await told(result, env(), annotationsOnly);
    for (const annotations of all()) {
      expect(annotations).toHaveLength(1);
      expect(annotations[0]).toMatchObject({ time: (noon + 12) * 1000, timeEnd: (noon + 402) * 1000 });
      expect(annotations[0]?.tags).toEqual([
        'deployment',
        'environment:production',
        'deployment_id:17073938885',
        'outcome:success',
        'version:2.0.0',
        'service:api',
        'service:database',
        'service:web',
      ]);
    }
    const rollback = { reason: 'error_rate', to: 'x', at: noon + 3_600 };
    await told({ ...result, outcome: 'rolled_back', rollback }, env(), annotationsOnly);
    for (const annotations of all()) {
      expect(annotations).toHaveLength(1);
      expect(annotations[0]).toMatchObject({ timeEnd: (noon + 3_600) * 1000 });
      expect(annotations[0]?.tags).toContain('outcome:rolled_back');
    }
  });

  test('of one Grafana that refuses stop no other', async () => {
    const { warnings } = await told(await resultAt(examples.good), env('glsa_viewer'), annotationsOnly);
    expect(warnings).toEqual([expect.stringContaining('GRAFANA_ANNOTATION_TOKEN may not write annotations')]);
    expect(all().map(({ length }) => length)).toEqual([0, 1]);
  });

  test('need an address for each further token, which goes nowhere else', async () => {
    const { GRAFANA_ANNOTATION_URL_2: _, ...rest } = env();
    const { warnings } = await told(await resultAt(examples.good), rest, annotationsOnly);
    expect(warnings).toEqual([expect.stringContaining('GRAFANA_ANNOTATION_URL_2 is not')]);
    expect(all().map(({ length }) => length)).toEqual([1, 0]);
  });

  test('hold no markup of others, and no more tags than Grafana takes', async () => {
    const good = await resultAt(examples.good);
    const stages = Array.from({ length: 80 }, (_, i) => ({
      name: `s${i}`,
      service: `service-${i}`,
      status: 'success',
    }));
    await told({ ...good, id: '<img src=x>', stages, version: 'v'.repeat(400) }, env(), annotationsOnly);
    for (const annotations of all()) expect(annotations[0]?.text).not.toContain('<img');
  });
});
