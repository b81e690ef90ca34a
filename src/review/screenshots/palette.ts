import { createRequire } from 'node:module';
import { join } from 'node:path';
import { previewFolder } from '../../preview/index.ts';

/** The part of sharp that is used here; the package itself is the preview's. */
interface Sharp {
  png(options: Record<string, boolean | number>): Sharp;
  toBuffer(): Promise<Buffer>;
}

/** A picture with a palette, a third of its size. The preview's packages must be installed. */
export function withPalette(png: Buffer): Promise<Buffer> {
  const sharp = createRequire(join(previewFolder, 'package.json'))('sharp') as (from: Buffer) => Sharp;
  // Dithering makes flat areas noisy, and twice as large; below this quality an orange becomes a red.
  return sharp(png)
    .png({ palette: true, quality: 60, dither: 0, effort: 10, compressionLevel: 9 })
    .toBuffer();
}
