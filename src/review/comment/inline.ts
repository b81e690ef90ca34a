import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../lib/errors.ts';

/** A picture that a pull request's own job has taken. */
export interface Picture {
  /** Uid of the dashboard. */
  readonly uid: string;
  readonly bytes: Buffer;
}

const most = 10;
const mostBytes = 4 << 20;
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const fileName = /^([A-Za-z0-9_-]{1,40})\.png$/;

/** A file's bytes where it is a PNG of a reasonable size; what is larger is not read. */
function pngAt(file: string): Buffer | undefined {
  if (statSync(file).size > mostBytes) return undefined;
  const bytes = readFileSync(file);
  return bytes.subarray(0, signature.length).equals(signature) ? bytes : undefined;
}

/**
 * Pictures in a folder. It comes from a job that ran the pull request's code, so anything may lie in it: only what is
 * named like a dashboard, begins like a PNG and is not too large is taken.
 * @throws UserError when there is no such folder
 */
export function picturesIn(folder: string): Picture[] {
  let names: string[];
  try {
    names = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
  } catch {
    throw new UserError(
      `There is no folder ${folder} with pictures.`,
      'Give the folder "compare" of a report.',
    );
  }
  const pictures: Picture[] = [];
  for (const name of names.sort()) {
    const uid = fileName.exec(name)?.[1];
    const bytes = uid === undefined ? undefined : pngAt(join(folder, name));
    if (uid !== undefined && bytes) pictures.push({ uid, bytes });
    if (pictures.length === most) break;
  }
  return pictures;
}

const shown = /^https?:\/\/[^\s()<>"']+\/([A-Za-z0-9_-]{1,40})\.png\?raw=true$/;

/** Addresses of uploaded pictures, as {@link uploadPictures} gives them, in Markdown; empty without any. */
export function inlineMarkdown(addresses: readonly string[]): string {
  const pictures = addresses.flatMap((address) => {
    const uid = shown.exec(address)?.[1];
    return uid === undefined ? [] : [`**${uid}**\n\n![${uid} before and after](${address})`];
  });
  return pictures.length === 0
    ? ''
    : `\n<details open><summary>Before and after</summary>\n\n${pictures.join('\n\n')}\n\n</details>\n`;
}
