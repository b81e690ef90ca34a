import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  decodePng,
  differentRegion,
  type Pixels,
  pictureDifference,
} from '../../../src/review/screenshots/pixels.ts';

/** A white picture with black where it is told. */
function drawn(width: number, height: number, black: (x: number, y: number) => boolean): Pixels {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      if (black(x, y)) data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
  return { width, height, data };
}

function chunk(type: string, body: Buffer): Buffer {
  const head = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(head));
  return Buffer.concat([length, head, sum]);
}

/** PNG filters: the prediction that is subtracted from a byte, from the bytes to its left, above, and above left. */
const guesses: readonly ((left: number, up: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_, up) => up,
  (left, up) => (left + up) >> 1,
  (left, up, corner) => {
    const nearness = (value: number): number => Math.abs(left + up - corner - value);
    return [left, up, corner].reduce((best, value) => (nearness(value) < nearness(best) ? value : best));
  },
];

/** The picture as a PNG with one filter for all rows. */
function png({ width, height, data }: Pixels, filter = 0): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const at = (x: number, y: number): number => (x < 0 || y < 0 ? 0 : data[y * width * 4 + x]!);
  const rows = Array.from({ length: height }, (_, y) => [
    filter,
    ...Array.from(
      { length: width * 4 },
      (_, x) => (at(x, y) - guesses[filter]!(at(x - 4, y), at(x, y - 1), at(x - 4, y - 1))) & 255,
    ),
  ]);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const box = drawn(40, 30, (x, y) => x >= 10 && x < 20 && y >= 5 && y < 15);

describe('a picture', () => {
  it('is read as it was written', () => {
    expect(decodePng(png(box))).toEqual(box);
    expect(decodePng(Buffer.from('no picture'))).toBeUndefined();
  });

  it('is read with every filter that a browser may choose', () => {
    const sloped = drawn(40, 30, (x, y) => (x * 7 + y * 3) % 5 < 2);
    for (const filter of [0, 1, 2, 3, 4]) expect(decodePng(png(sloped, filter)), `${filter}`).toEqual(sloped);
  });
});

describe('the difference of two pictures', () => {
  it('is none where edges are smoothed otherwise', () => {
    const shifted = drawn(40, 30, (x, y) => x >= 11 && x < 21 && y >= 5 && y < 15);
    expect(differentRegion(box, shifted)).toBeUndefined();
    expect(pictureDifference(png(box), png(shifted))).toBe('none');
  });

  it('is the region that another number, line or colour takes', () => {
    const more = drawn(
      40,
      30,
      (x, y) => (x >= 10 && x < 20 && y >= 5 && y < 15) || (x >= 30 && x < 34 && y >= 20 && y < 26),
    );
    expect(pictureDifference(png(box), png(more))).toEqual({ x: 30, y: 20, width: 4, height: 6 });
  });

  it('is all of it where they are of different sizes', () => {
    expect(pictureDifference(png(box), png(drawn(41, 30, () => false)))).toBe('all');
  });
});
