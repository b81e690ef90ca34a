/** Prometheus' remote write protocol, version 1.0: what a request is made of. */

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

/** The body of a request. */
export const writeRequest = (series: readonly WrittenSeries[]): Buffer =>
  snappyLiteral(encodeWriteRequest(series));

/** Its headers, without credentials. */
export const writeHeaders: Readonly<Record<string, string>> = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
};
