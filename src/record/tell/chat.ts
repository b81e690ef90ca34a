import { systemClock } from '../../lib/clock.ts';
import { EnvironmentFailure, isExpected } from '../../lib/errors.ts';
import { type Answer, HttpClient, HttpFailure } from '../../lib/http.ts';
import { redactor } from '../../lib/redact.ts';
import { isRecord, isText } from '../../lib/shapes.ts';
import { baseUrl, isLocalHost } from '../../lib/url.ts';
import { nodeTransport } from '../http.ts';
import { carried } from '../pipeline.ts';
import type { DeploymentResult } from '../result/model.ts';
import { filledTemplate, plainText, slackText, threadText } from './chat-text.ts';

/** Of Slack's refusals those that a person can do something about. */
const fixes: Readonly<Record<string, string>> = {
  invalid_auth: 'SLACK_TOKEN is not valid: copy the bot token (xoxb-…) of the app again.',
  not_authed: 'SLACK_TOKEN is empty.',
  token_revoked: 'SLACK_TOKEN was revoked: install the app again.',
  account_inactive: 'the app was removed: install it again.',
  missing_scope: 'the app needs the scope chat:write.',
  channel_not_found: 'there is no such channel for the app: give the id of the channel, and invite the app.',
  not_in_channel: 'the app is not in the channel: invite it.',
  is_archived: 'the channel is archived: name another one.',
  message_not_found: 'the message was deleted.',
};

/** The message of a deployment, and the one in its thread. */
export type Message = NonNullable<DeploymentResult['chat']>;

/** Messages that were sent to the chat. */
export interface Chatted {
  /** To be recorded, when it is new. */
  readonly message?: Message;
  readonly warnings: readonly string[];
}

interface Asked {
  readonly env: NodeJS.ProcessEnv;
  /** Between start and end: nothing is begun, only edited. */
  readonly isProgress: boolean;
  readonly signal: AbortSignal;
}

/** Whether the pipeline file wants to hear of it. */
export function isWanted({ environment, outcome }: DeploymentResult): boolean {
  const { chat, environments } = carried();
  if (chat.about === 'all') return true;
  if (chat.about === 'production') return environments[environment]?.kind === 'production';
  return !['running', 'success'].includes(outcome);
}

const clientOf = (
  service: string,
  base: URL,
  variable: string,
  secrets: readonly string[],
  signal: AbortSignal,
  headers: Record<string, string> = {},
): HttpClient => {
  if (base.protocol !== 'https:' && !isLocalHost(base.hostname))
    throw new EnvironmentFailure(
      `${variable} must start with https://, because it holds, or is sent, a secret.`,
    );
  return new HttpClient({
    service,
    base,
    variable,
    headers,
    redact: redactor(secrets),
    transport: nodeTransport,
    timeoutMs: 4_000,
    signal,
  });
};

/** A chat that asks for more patience hears of it another time. */
const longestWaitMs = 3_000;

/** Sends once, and once more when the service asks to wait a little. Nothing tells whether a lost message arrived. */
async function post(send: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    const wait =
      error instanceof HttpFailure && error.kind === 'too-many-requests' ? error.retryAfterMs : undefined;
    if (wait === undefined || wait > longestWaitMs) throw error;
    await systemClock.sleep(wait, signal);
    return await send();
  }
}

/** Slack's Web API, of which two methods are used. */
class Slack {
  readonly #client: HttpClient;
  readonly #signal: AbortSignal;
  constructor(env: NodeJS.ProcessEnv, token: string, signal: AbortSignal) {
    this.#signal = signal;
    const base = baseUrl(env.SLACK_API_URL?.trim() || 'https://slack.com/api', 'SLACK_API_URL');
    this.#client = clientOf('Slack', base, 'SLACK_API_URL', [token], signal, {
      authorization: `Bearer ${token}`,
    });
  }

  /** @throws EnvironmentFailure */
  async call(method: 'chat.postMessage' | 'chat.update', json: Record<string, string>) {
    const content = { ...json, unfurl_links: false, unfurl_media: false };
    const answer = await post(() => this.#client.once('POST', method, { json: content }), this.#signal);
    const body = isRecord(answer.json) ? answer.json : {};
    if (body.ok !== true) {
      const error = isText(body.error) ? body.error : `status ${answer.status}`;
      throw new EnvironmentFailure(`Slack refused: ${fixes[error] ?? `${error}.`}`);
    }
    return {
      channel: isText(body.channel) ? body.channel : (json.channel ?? ''),
      ts: isText(body.ts) ? body.ts : '',
    };
  }
}

/** Posts the one message, or brings it up to date; what failed goes into its thread once. */
async function toSlack(
  result: DeploymentResult,
  token: string,
  { env, isProgress, signal }: Asked,
): Promise<Message | undefined> {
  const channel = carried().chat.slackChannel || env.SLACK_CHANNEL?.trim();
  const slack = new Slack(env, token, signal);
  const { chat } = result;
  // Without knowing where the message is, leave it to the end.
  if (!chat && isProgress) return undefined;
  if (!chat && !channel)
    throw new EnvironmentFailure(
      'Slack has no channel: name its id as chat.slackChannel in pipeline.config.ts.',
    );
  const text = slackText(result);
  const message = chat
    ? await slack.call('chat.update', { channel: chat.channel, ts: chat.ts, text })
    : await slack.call('chat.postMessage', { channel: channel!, text });
  const at = chat ?? { ...message, thread: '' };
  // A stage that ended last may tell when the deployment has ended too, which tells by itself what failed.
  const isOver = result.outcome !== 'running' && !isProgress;
  const thread = isOver && at.thread === '' ? threadText(result) : undefined;
  if (thread === undefined) return chat ? undefined : at;
  const reply = await slack.call('chat.postMessage', { channel: at.channel, thread_ts: at.ts, text: thread });
  return { ...at, thread: reply.ts };
}

/** Sends JSON to an address that is a secret itself. @throws EnvironmentFailure */
async function toWebhook(
  variable: string,
  address: string,
  json: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<void> {
  if (!URL.canParse(address)) throw new EnvironmentFailure(`${variable} is no address.`);
  const url = new URL(address);
  const secrets = [address, url.pathname, url.search];
  const client = clientOf('The webhook', new URL('/', url), variable, secrets, signal);
  const query = Object.fromEntries(url.searchParams);
  const { status } = await post(
    () => client.once('POST', url.pathname, { query, json, expect: 'anything' }),
    signal,
  );
  if (status >= 300)
    throw new EnvironmentFailure(
      `The webhook of ${variable} at ${url.host} answered ${status}: check its address.`,
    );
}

/** Tells the chat of a deployment: one message that is edited, and one for each webhook. Never throws. */
export async function tellChat(result: DeploymentResult, asked: Asked): Promise<Chatted> {
  const { env, isProgress, signal } = asked;
  if (!isWanted(result)) return { warnings: [] };
  const warnings: string[] = [];
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!isExpected(error)) throw error;
      warnings.push(`The chat was not told. ${error.message}`);
      return undefined;
    }
  };
  const token = env.SLACK_TOKEN?.trim();
  const incoming = env.SLACK_WEBHOOK_URL?.trim();
  const webhook = env.CHAT_WEBHOOK_URL?.trim();
  const [message] = await Promise.all([
    token ? attempt(() => toSlack(result, token, asked)) : undefined,
    // A message that came through a webhook cannot be edited: one at the start and one at the end.
    incoming && !token && !isProgress
      ? attempt(() => toWebhook('SLACK_WEBHOOK_URL', incoming, { text: slackText(result) }, signal))
      : undefined,
    webhook && !isProgress
      ? attempt(() =>
          toWebhook(
            'CHAT_WEBHOOK_URL',
            webhook,
            filledTemplate(carried().chat.template, result, plainText(result)),
            signal,
          ),
        )
      : undefined,
  ]);
  return { ...(message && { message }), warnings };
}
