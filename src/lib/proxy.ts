import { type Fetch, fetchTransport, type Transport, transportWith } from './transport.ts';

/** A `fetch` through the proxies that the environment names. It is loaded only there: most machines need none. */
const throughProxy = async (): Promise<Fetch> => {
  const { EnvHttpProxyAgent, fetch } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent();
  return async (url, { method = 'GET', headers, body, redirect, signal }) => {
    const response = await fetch(url, {
      method,
      headers: { ...(headers as Record<string, string>) },
      ...(body !== undefined && { body: body as string }),
      ...(redirect && { redirect }),
      ...(signal && { signal }),
      dispatcher,
    });
    return {
      status: response.status,
      headers: new Headers([...response.headers]),
      text: () => response.text(),
    };
  };
};

const names = ['https_proxy', 'http_proxy'] as const;

/** Requests through `HTTPS_PROXY` and `HTTP_PROXY`, past them to what `NO_PROXY` names; straight on where there are none. */
export function environmentTransport(env: NodeJS.ProcessEnv = process.env): Transport {
  if (!names.some((name) => env[name] || env[name.toUpperCase()])) return fetchTransport;
  let loading: Promise<Fetch> | undefined;
  return transportWith(async (url, options) => {
    loading ??= throughProxy();
    return (await loading)(url, options);
  });
}
