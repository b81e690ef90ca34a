import { authorization, baseUrl } from '../scripts/lib/url.ts';

/** What the environment says of the gateway. */
export type Gateway =
  | { readonly kind: 'ready'; readonly base: URL; readonly headers: Readonly<Record<string, string>> }
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
  const set = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => name.startsWith('PUSHGATEWAY_') && value?.trim()),
  );
  const url = set.PUSHGATEWAY_URL?.trim();
  if (url?.toLowerCase() === 'disabled') return { kind: 'disabled' };
  if (!url)
    return {
      kind: 'unusable',
      problems: ['PUSHGATEWAY_URL is not set. Set it to the address of the Pushgateway, or to "disabled".'],
    };
  const problems: string[] = [];
  const base = attempt(() => baseUrl(url, 'PUSHGATEWAY_URL'), problems);
  const headers = attempt(() => authorization('PUSHGATEWAY', set), problems);
  return base && headers ? { kind: 'ready', base, headers } : { kind: 'unusable', problems };
}
