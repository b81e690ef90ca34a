import type { Redact } from '../lib/redact.ts';
import { authorization, baseUrl } from '../lib/url.ts';
import { secretRemover } from './secrets.ts';

/** A gateway that can be asked. */
export interface ReadyGateway {
  readonly kind: 'ready';
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

/** Reads PUSHGATEWAY_URL and the credentials beside it. Empty counts as not set: an unset secret of a workflow is empty. */
export function gatewayOf(env: NodeJS.ProcessEnv): Gateway {
  // Pasted secrets often end with a line feed.
  const set = Object.fromEntries(
    Object.entries(env)
      .map(([name, value]) => [name, value?.trim()] as const)
      .filter(([name, value]) => name.startsWith('PUSHGATEWAY_') && value),
  );
  const url = set.PUSHGATEWAY_URL;
  if (url?.toLowerCase() === 'disabled') return { kind: 'disabled' };
  if (!url)
    return {
      kind: 'unusable',
      problems: ['PUSHGATEWAY_URL is not set. Set it to the address of the Pushgateway, or to "disabled".'],
    };
  const problems: string[] = [];
  const base = attempt(() => baseUrl(url, 'PUSHGATEWAY_URL'), problems);
  const headers = attempt(() => authorization('PUSHGATEWAY', set), problems);
  return base && headers && problems.length === 0
    ? { kind: 'ready', base, headers, clean: (text) => secretRemover(env)(text) }
    : { kind: 'unusable', problems };
}
