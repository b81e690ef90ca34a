import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { root } from './root.ts';

/** Runs git in the project's folder. @throws what git says, as the error's `stderr` */
export const git = (args: readonly string[], input?: string): Buffer =>
  execFileSync('git', [...args], {
    cwd: root,
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(input !== undefined && { input }),
  });

/** Output of a git command as text; undefined when it fails, or there is no git. */
export function askGit(...args: string[]): string | undefined {
  try {
    return git(args).toString('utf8').trim();
  } catch {
    return undefined;
  }
}

/** Ids of the files below a folder at a commit, by their path from the project's folder. */
export function blobsAt(commit: string, folder: string): ReadonlyMap<string, string> {
  const entries = git(['ls-tree', '-r', '-z', commit, '--', folder]).toString('utf8').split('\0');
  return new Map(
    entries.flatMap((entry) => {
      const [, id = '', path = ''] = /^\d+ blob (\w+)\t(.*)$/s.exec(entry) ?? [];
      return path === '' ? [] : [[path, id] as const];
    }),
  );
}

/** The texts of files by their ids, all in one go. */
export function readBlobs(ids: readonly string[]): ReadonlyMap<string, string> {
  if (ids.length === 0) return new Map();
  const out = git(['cat-file', '--batch'], ids.map((id) => `${id}\n`).join(''));
  const texts = new Map<string, string>();
  for (let at = 0; at < out.length; ) {
    const end = out.indexOf('\n', at);
    const [id = '', , size = '0'] = out.toString('utf8', at, end).split(' ');
    const from = end + 1;
    texts.set(id, out.toString('utf8', from, from + Number(size)));
    at = from + Number(size) + 1;
  }
  return texts;
}

/** The id that git gives a text. @param like an id of the same repository, which may be of the longer kind */
export function blobId(text: string, like: string): string {
  const bytes = Buffer.from(text);
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
