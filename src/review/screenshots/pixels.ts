import { inflateSync } from 'node:zlib';

/** A picture as its pixels, four bytes each: red, green, blue, opacity. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A part of a picture, in pixels. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const signature = '89504e470d0a1a0a';

/** The predictor of PNG's last filter: whichever neighbour is nearest to their plane (PNG specification, 9.4). */
function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** Takes the filters of PNG back, row by row. */
function unfiltered(raw: Buffer, height: number, stride: number, channels: number): Uint8Array {
  const out = new Uint8Array(height * stride);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)] ?? 0;
    for (let i = 0; i < stride; i += 1) {
      const at = y * stride + i;
      const left = i >= channels ? (out[at - channels] ?? 0) : 0;
      const up = y > 0 ? (out[at - stride] ?? 0) : 0;
      const corner = i >= channels && y > 0 ? (out[at - stride - channels] ?? 0) : 0;
      const add =
        [0, left, up, Math.floor((left + up) / 2), filter === 4 ? paeth(left, up, corner) : 0][filter] ?? 0;
      out[at] = (raw[y * (stride + 1) + 1 + i] ?? 0) + add;
    }
  }
  return out;
}

/** Reads a PNG as browsers write it: eight bits a channel, not interlaced. Undefined for anything else. */
export function decodePng(png: Buffer): Pixels | undefined {
  if (png.toString('hex', 0, 8) !== signature) return undefined;
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const [depth, colour, interlace] = [png[24], png[25], png[28]];
  const channels = colour === 2 ? 3 : colour === 6 ? 4 : 0;
  if (depth !== 8 || channels === 0 || interlace !== 0) return undefined;
  const parts: Buffer[] = [];
  for (let at = 8; at + 8 <= png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const rows = unfiltered(inflateSync(Buffer.concat(parts)), height, width * channels, channels);
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i += 1) {
    for (let c = 0; c < 3; c += 1) data[i * 4 + c] = rows[i * channels + c] ?? 0;
    data[i * 4 + 3] = channels === 4 ? (rows[i * channels + 3] ?? 0) : 255;
  }
  return { width, height, data };
}

/** Less than this in every channel is no difference that a person sees. */
const tolerance = 24;

const alike = (a: Pixels, i: number, b: Pixels, j: number): boolean => {
  for (let c = 0; c < 4; c += 1)
    if (Math.abs((a.data[i * 4 + c] ?? 0) - (b.data[j * 4 + c] ?? 0)) > tolerance) return false;
  return true;
};

/** Whether a pixel is there in the other picture, at its place or right beside it: edges are smoothed now here, now there. */
function isNear(a: Pixels, x: number, y: number, b: Pixels): boolean {
  for (let dy = -1; dy <= 1; dy += 1)
    for (let dx = -1; dx <= 1; dx += 1) {
      const [u, v] = [x + dx, y + dy];
      const inside = u >= 0 && v >= 0 && u < b.width && v < b.height;
      if (inside && alike(a, y * a.width + x, b, v * b.width + u)) return true;
    }
  return false;
}

/**
 * The smallest region in which two pictures of one size differ by more than the smoothing of edges; undefined where
 * they do not.
 */
export function differentRegion(a: Pixels, b: Pixels): Region | undefined {
  let [left, top, right, bottom] = [a.width, a.height, -1, -1];
  for (let y = 0; y < a.height; y += 1)
    for (let x = 0; x < a.width; x += 1) {
      const i = y * a.width + x;
      if (alike(a, i, b, i) || (isNear(a, x, y, b) && isNear(b, x, y, a))) continue;
      [left, top, right, bottom] = [
        Math.min(left, x),
        Math.min(top, y),
        Math.max(right, x),
        Math.max(bottom, y),
      ];
    }
  return right < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** Difference between two pictures: nothing, a region, or all of it where they cannot be laid on each other. */
export function pictureDifference(before: Buffer, after: Buffer): 'none' | 'all' | Region {
  if (before.equals(after)) return 'none';
  const [a, b] = [decodePng(before), decodePng(after)];
  if (!a || !b || a.width !== b.width || a.height !== b.height) return 'all';
  return differentRegion(a, b) ?? 'none';
}
