import { request } from 'node:http';
import { EnvironmentFailure } from '../lib/errors.ts';
import { type WrittenSeries, writeHeaders, writeRequest } from '../lib/remote-write.ts';
import { reason } from '../lib/transport.ts';
import { joinUrl } from '../lib/url.ts';

const samplesPerRequest = 20_000;

/** Series in portions of a size that a receiver takes; a series is not divided. */
function* portions(series: Iterable<WrittenSeries>): Generator<WrittenSeries[]> {
  let portion: WrittenSeries[] = [];
  let samples = 0;
  for (const one of series) {
    portion.push(one);
    samples += one.points.length;
    if (samples < samplesPerRequest) continue;
    yield portion;
    portion = [];
    samples = 0;
  }
  if (portion.length > 0) yield portion;
}

/**
 * Writes samples into a Prometheus that runs with `--web.enable-remote-write-receiver`; for samples older than its
 * newest ones also with an out-of-order window.
 * @param patienceMs how long one request may take; a server that is only busy answers such small ones in a moment
 * @throws EnvironmentFailure with its reason, when it refuses or does not answer
 */
export async function remoteWrite(
  url: string,
  series: Iterable<WrittenSeries>,
  patienceMs = 60_000,
): Promise<void> {
  for (const portion of portions(series)) {
    const response = await send(url, portion, patienceMs);
    if (!response.ok)
      throw new EnvironmentFailure(
        `Prometheus did not take the samples (${response.status}): ${response.text}`,
      );
  }
}

const attempts = 2;

interface Verdict {
  readonly ok: boolean;
  readonly status: number;
  readonly text: string;
}

/** One request; again when the connection broke or nothing answers, because the same samples may be written twice. */
async function send(url: string, portion: readonly WrittenSeries[], patienceMs: number): Promise<Verdict> {
  const address = joinUrl(new URL(url), 'api/v1/write');
  const body = writeRequest(portion);
  for (let attempt = 1; ; attempt++)
    try {
      return await post(address, body, patienceMs);
    } catch (error) {
      const refused = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
      if (attempt === attempts || refused)
        throw new EnvironmentFailure(`Prometheus at ${url} cannot be reached: ${reason(error)}.`);
    }
}

/** On a connection of its own: one that is kept may end in the moment in which it is used again. */
function post(address: URL, body: Buffer, patienceMs: number): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const headers = { ...writeHeaders, 'content-length': body.length };
    const late = AbortSignal.timeout(patienceMs);
    const fail = (error: Error): void =>
      reject(late.aborted ? new Error(`no answer within ${patienceMs / 1000} s`) : error);
    const sent = request(address, { method: 'POST', agent: false, headers, signal: late }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', fail);
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        resolve({ ok: status >= 200 && status < 300, status, text: Buffer.concat(parts).toString().trim() });
      });
    });
    sent.on('error', fail);
    sent.end(body);
  });
}
