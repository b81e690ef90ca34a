import { type FakeRequest, type FakeResponse, type Handler, json, text } from '../wire/types.ts';

/** A message; `thread` is the ts of the one that it answers. */
export interface FakeMessage {
  readonly channel: string;
  readonly ts: string;
  readonly thread: string | undefined;
  text: string;
  edits: number;
}

const no = (error: string): FakeResponse => json(200, { ok: false, error });

/**
 * Slack: chat.postMessage, chat.update and an incoming webhook. It refuses what Slack refuses: other tokens, channels
 * that it does not know, archived ones and those that the app is not in, texts over 4,000 characters in an update and
 * sections over 3,000, messages that are not there, and more messages than it allows, with Retry-After.
 */
export class FakeSlack {
  readonly token = 'xoxb-fake-token-0123456789';
  readonly hook = '/services/T000/B000/hooksecrethooksecret';
  readonly channels = new Map([['C0DEPLOYS', 'open']]);
  readonly messages: FakeMessage[] = [];
  /** Texts that came through the webhook. */
  readonly hooked: string[] = [];
  /** The next so many requests come too fast. */
  tooFast = 0;
  retryAfter = 1;
  requests = 0;
  #ts = 1_795_521_600;

  readonly handler: Handler = (request) => {
    this.requests++;
    if (this.tooFast > 0) {
      this.tooFast--;
      return json(429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(this.retryAfter) });
    }
    return request.path.startsWith('/services/') ? this.#webhook(request) : this.#api(request);
  };

  #webhook({ method, path, body }: FakeRequest): FakeResponse {
    if (method !== 'POST' || path !== this.hook) return text(404, 'no_service');
    const { text: content } = JSON.parse(body) as { text?: string };
    if (!content) return text(400, 'no_text');
    this.hooked.push(content);
    return text(200, 'ok');
  }

  #api({ path, headers, body }: FakeRequest): FakeResponse {
    const method = /^\/api\/([a-zA-Z.]+)$/.exec(path)?.[1];
    if (method !== 'chat.postMessage' && method !== 'chat.update') return no('unknown_method');
    if (!headers.authorization) return no('not_authed');
    if (headers.authorization !== `Bearer ${this.token}`) return no('invalid_auth');
    const {
      channel,
      ts,
      text: content,
      thread_ts,
      blocks,
    } = JSON.parse(body) as Record<string, string> & {
      blocks?: { text?: { text?: string } }[];
    };
    const state = this.channels.get(channel ?? '');
    if (state === undefined) return no('channel_not_found');
    if (state !== 'open') return no(state);
    if (!content && !blocks) return no('no_text');
    if ((blocks ?? []).some((block) => (block.text?.text?.length ?? 0) > 3_000)) return no('invalid_blocks');
    if ((content ?? '').length > 4_000) return no('msg_too_long');
    if (method === 'chat.update') {
      const message = this.messages.find((one) => one.channel === channel && one.ts === ts);
      if (!message) return no('message_not_found');
      message.text = content ?? '';
      message.edits++;
      return json(200, { ok: true, channel, ts, text: content });
    }
    const message = {
      channel: channel!,
      ts: `${this.#ts++}.000100`,
      thread: thread_ts,
      text: content ?? '',
      edits: 0,
    };
    this.messages.push(message);
    return json(200, { ok: true, channel, ts: message.ts, message: { text: content } });
  }
}
