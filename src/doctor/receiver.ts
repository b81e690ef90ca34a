import { UserError } from '../lib/errors.ts';
import { environmentTransport } from '../lib/proxy.ts';
import { writeHeaders, writeRequest } from '../lib/remote-write.ts';
import { TransportError } from '../lib/transport.ts';
import { authorization, baseUrl } from '../lib/url.ts';
import { type Finding, findingsAt, type Step } from './model.ts';

const title = 'Receiver of remote writes';
const finding = findingsAt(title);
const step = (seen: string, ...findings: Finding[]): Step => ({ title, seen, findings });

/** Findings about the answer to a request without samples. */
function findingsOf(status: number, said: string): Finding[] {
  if (status >= 200 && status < 300) return [];
  if (status === 401 || status === 403)
    return [
      finding(
        'error',
        'receiver-credentials',
        `It refuses the credentials (${status}).`,
        'Set REMOTE_WRITE_TOKEN, or REMOTE_WRITE_USERNAME and REMOTE_WRITE_PASSWORD, here and in the pipeline’s secrets.',
      ),
    ];
  return [
    finding(
      'error',
      'receiver-refuses',
      `It answers ${status}: ${said.trim().slice(0, 200)}`,
      'Is REMOTE_WRITE_URL the whole address (https://host.example/api/v1/write), and does Prometheus run with --web.enable-remote-write-receiver?',
    ),
  ];
}

/** Is there a receiver, and may we write? Sends a request without samples, which writes nothing. */
export async function examineReceiver(env: NodeJS.ProcessEnv): Promise<Step> {
  const url = env.REMOTE_WRITE_URL?.trim();
  if (!url || url.toLowerCase() === 'disabled')
    return step(
      'not asked',
      finding(
        'error',
        'receiver-unset',
        url
          ? 'Recording is switched off: REMOTE_WRITE_URL is "disabled".'
          : 'REMOTE_WRITE_URL is not set, so nothing can be recorded.',
        'Set it to the address that takes remote writes, here and in the pipeline.',
      ),
    );
  try {
    const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
    const tenant = set.REMOTE_WRITE_TENANT;
    const answer = await environmentTransport(env)({
      method: 'POST',
      url: baseUrl(url, 'REMOTE_WRITE_URL'),
      headers: {
        ...authorization('REMOTE_WRITE', set),
        ...writeHeaders,
        ...(tenant && { 'x-scope-orgid': tenant }),
      },
      // One byte, and so the same as text.
      body: writeRequest([]).toString('latin1'),
      timeoutMs: 15_000,
    });
    return step(`answers at ${new URL(url).host}`, ...findingsOf(answer.status, answer.body));
  } catch (error) {
    if (!(error instanceof TransportError || error instanceof UserError)) throw error;
    const why = error instanceof TransportError ? `It does not answer (${error.code}).` : error.message;
    return step(
      'not asked',
      finding('error', 'receiver-unreachable', why, 'Check REMOTE_WRITE_URL, and whether the service runs.'),
    );
  }
}
