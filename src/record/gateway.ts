import type { Redact } from '../lib/redact.ts';
import { authorization, baseUrl } from '../lib/url.ts';
import { secretRemover } from './secrets.ts';
import { type Way, way } from './way.ts';

/** The server that events are sent to: a gateway, or a receiver of remote writes. */
export interface ReadyGateway {
  readonly kind: 'ready';
  readonly way: Way;
  readonly base: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Takes credentials out of what it answers, before any of it is shown. */
  readonly clean: Redact;
}

/** The gateway that the environment names. */
export type Gateway =
  | ReadyGateway
  /** Switched off on purpose: nothing is sent, and nothing is warned of. */
  | { readonly kind: 'disabled' }
  | { readonly kind: 'unusable'; readonly problems: readonly string[] };

const attempt = <T>(make: () => T, problems: string[]): T | undefined => {
  try {
    return make();
  } catch (error) {
    const { message, fix } = error as Error & { fix?: string };
    problems.push(fix ? `${message} ${fix}` : message);
    return undefined;
  }
};

const addressees = {
  PUSHGATEWAY: 'Pushgateway',
  REMOTE_WRITE: 'receiver of remote writes (of a Prometheus: https://host.example/api/v1/write)',
} as const;

/** Reads the address (PUSHGATEWAY_URL, or REMOTE_WRITE_URL) and the credentials beside it. Empty counts as not set: an unset secret of a workflow is empty. */
export function gatewayOf(env: NodeJS.ProcessEnv): Gateway {
  const to = way();
  const variable = `${to.prefix}_URL`;
  // Pasted secrets often end with a line feed.
  const set = Object.fromEntries(
    Object.entries(env)
      .map(([name, value]) => [name, value?.trim()] as const)
      .filter(([name, value]) => name.startsWith(`${to.prefix}_`) && value),
  );
  const url = set[variable];
  if (url?.toLowerCase() === 'disabled') return { kind: 'disabled' };
  if (!url)
    return {
      kind: 'unusable',
      problems: [
        `${variable} is not set. Set it to the address of the ${addressees[to.prefix]}, or to "disabled".`,
      ],
    };
  const problems: string[] = [];
  const base = attempt(() => baseUrl(url, variable), problems);
  const headers = attempt(() => authorization(to.prefix, set), problems);
  const tenant = set.REMOTE_WRITE_TENANT;
  return base && headers && problems.length === 0
    ? {
        kind: 'ready',
        way: to,
        base,
        headers: { ...headers, ...(tenant && { 'x-scope-orgid': tenant }) },
        clean: (text) => secretRemover(env)(text),
      }
    : { kind: 'unusable', problems };
}
