import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../../src/lib/root.ts';
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

/** The picture as a PNG with no filter. */
function png({ width, height, data }: Pixels): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Array.from({ length: height }, (_, y) =>
    Buffer.concat([Buffer.from([0]), data.subarray(y * width * 4, (y + 1) * width * 4)]),
  );
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const box = drawn(40, 30, (x, y) => x >= 10 && x < 20 && y >= 5 && y < 15);

describe('a picture', () => {
  it('is read as it was written', () => {
    expect(decodePng(png(box))).toEqual(box);
    expect(decodePng(Buffer.from('no picture'))).toBeUndefined();
  });

  it('as a browser writes it is read, with its filters', () => {
    const shot = decodePng(readFileSync(inProject('generated/images/deployment-pipeline.png')));
    expect(shot && shot.width > 500 && shot.height > 500).toBe(true);
    // Most of a dashboard is its background: wrongly read filters would leave noise.
    const corner = shot?.data.subarray(0, 3).join();
    const same = Array.from({ length: 200 }, (_, x) => shot?.data.subarray(x * 4, x * 4 + 3).join());
    expect(same.filter((colour) => colour === corner).length).toBeGreaterThan(150);
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
