import { request } from 'node:http';
import { EnvironmentFailure } from '../lib/errors.ts';
import { reason } from '../lib/transport.ts';
import { joinUrl } from '../lib/url.ts';

/** Samples of one series; times are Unix seconds. The name is the label `__name__`. */
export interface WrittenSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [time: number, value: number])[];
}

/** A number of any size in groups of seven bits, the lowest first. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

/** A field of a protobuf message whose content has a length. */
const field = (number: number, content: Buffer): Buffer =>
  Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);

function encodeLabel([name, value]: readonly [string, string]): Buffer {
  return field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))]));
}

/** In place of a value: the series has gone. Nothing here ever measures NaN itself. */
export const staleMarker = Number.NaN;
/** The bits by which Prometheus knows it. */
const staleBits = 0x7ff0_0000_0000_0002n;

function encodeSample([time, value]: readonly [number, number]): Buffer {
  const double = Buffer.alloc(9);
  double[0] = 1 * 8 + 1;
  if (Number.isNaN(value)) double.writeBigUInt64LE(staleBits, 1);
  else double.writeDoubleLE(value, 1);
  return field(2, Buffer.concat([double, Buffer.from([2 * 8]), varint(Math.round(time * 1000))]));
}

/** The body of a remote write request (version 1) before compression. */
export const encodeWriteRequest = (series: readonly WrittenSeries[]): Buffer =>
  Buffer.concat(
    series.map(({ labels, points }) => {
      // Receivers want the labels in order.
      const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
      return field(1, Buffer.concat([...sorted.map(encodeLabel), ...points.map(encodeSample)]));
    }),
  );

/** The bytes in Snappy's block format, as one literal: valid, and not a byte smaller. */
export function snappyLiteral(content: Buffer): Buffer {
  if (content.length === 0) return varint(0);
  const head = Buffer.alloc(5);
  head[0] = 0xfc;
  head.writeUInt32LE(content.length - 1, 1);
  return Buffer.concat([varint(content.length), head, content]);
}

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
  const body = snappyLiteral(encodeWriteRequest(portion));
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
    const headers = {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'content-length': body.length,
      'x-prometheus-remote-write-version': '0.1.0',
    };
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
