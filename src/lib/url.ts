import { UserError } from './errors.ts';

/**
 * A base URL from the environment, which may carry a path prefix.
 * @throws UserError naming the variable, when it is no http(s) URL, or carries credentials or a query
 */
export function baseUrl(text: string, variable: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UserError(
      /^[\w.-]+(:\d+)?(\/|$)/.test(text)
        ? `${variable} is not a URL: https:// is missing before it.`
        : `${variable} is not a URL.`,
      `Set it to something like https://host.example or https://host.example/prefix`,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new UserError(`${variable} must start with http:// or https://.`);
  if (url.username || url.password)
    throw new UserError(
      `${variable} carries a user name or password in the URL.`,
      'Put them into the variables made for them, so that they are never printed with the URL.',
    );
  if (url.search || url.hash)
    throw new UserError(
      `${variable} carries a query or a fragment (what follows ? or #), which is never sent.`,
      'Set it to the address alone, with its path prefix.',
    );
  return url;
}

/** The problem with a value that is to be sent in a header as it is; undefined when there is none. Does not show the value. */
export const headerProblem = (name: string, value: string): string | undefined =>
  /^[\x21-\x7e]*$/.test(value)
    ? undefined
    : `${name} has characters that cannot be sent, such as a blank, a line break or a letter outside ASCII: copy it anew`;

/** Appends a path (and a query) to a base URL, keeping the base's own path prefix. */
export function joinUrl(base: URL, path: string, query?: Record<string, string | readonly string[]>): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
  url.search = '';
  url.hash = '';
  for (const [name, value] of Object.entries(query ?? {}))
    for (const one of typeof value === 'string' ? [value] : value) url.searchParams.append(name, one);
  return url;
}

/** Authorization header from `<PREFIX>_TOKEN`, or `<PREFIX>_USERNAME` and `<PREFIX>_PASSWORD`; none when neither is set. */
export function authorization(prefix: string, env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  // A secret that was pasted often ends with a line break.
  const token = env[`${prefix}_TOKEN`]?.trim();
  if (token && !/^[\x21-\x7e]+$/.test(token))
    throw new UserError(
      `${prefix}_TOKEN has a character that no token has, such as a space, a line break or a letter with an accent.`,
      'Copy it again, alone.',
    );
  if (token) return { authorization: `Bearer ${token}` };
  const user = env[`${prefix}_USERNAME`];
  const password = env[`${prefix}_PASSWORD`];
  if (user === undefined && password === undefined) return {};
  if (!user || password === undefined)
    throw new UserError(
      `Of ${prefix}_USERNAME and ${prefix}_PASSWORD only one is set.`,
      'Set both, or neither.',
    );
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

/** Whether a host is this machine, so that plain http to it crosses no network. */
export const isLocalHost = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127(\.\d{1,3}){3}$/.test(hostname);
