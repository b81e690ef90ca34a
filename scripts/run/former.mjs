// A build whose every input is what it was at a former one that found nothing wrong has nothing to do but to say so.
import { join } from 'node:path';
import { digest, stampOf, stampsBelow } from './stamp.mjs';

/** What of the environment a build's words may depend on. */
const variables = ['PATH', 'HOME', 'XDG_CACHE_HOME', 'NO_COLOR', 'FORCE_COLOR', 'GITHUB_ACTIONS'];
const circumstances = () => [
  process.version,
  process.stdout.isTTY === true,
  process.stderr.isTTY === true,
  ...variables.map((name) => process.env[name] ?? null),
  ...Object.entries(process.env).filter(([name]) => name.endsWith('_BIN')),
];

/** Which packages are installed: their list, as npm leaves it. */
const packageList = 'node_modules/.package-lock.json';
const packageStamp = (root) => [packageList, stampOf(join(root, packageList))];

/** A former run of the same command with the same arguments. */
export class Former {
  #root;
  #cache;
  #name;
  #forced;
  /** Stamps of every file of the project, taken before any was read. */
  #stamps;

  constructor(root, args, cache) {
    this.#root = root;
    this.#cache = cache;
    this.#forced = args.includes('--force');
    const rest = args.filter((arg) => arg !== '--force');
    this.#name = `former-${digest(root, rest, circumstances())}.json`;
    this.#stamps = new Map([...stampsBelow(root), packageStamp(root)]);
    globalThis[Symbol.for('former run')] = this;
  }

  /** Says what the former run said, if nothing has changed since. @returns whether it did */
  tell() {
    const known = this.#forced ? undefined : this.#cache.json(this.#name);
    if (!Array.isArray(known?.outside) || known.stamps !== this.#digest(this.#stamps, known.outside))
      return false;
    process.stdout.write(known.stdout);
    process.stderr.write(known.stderr);
    return true;
  }

  /**
   * Keeps what a run that found nothing wrong would say the next time.
   * @param written paths of the files that it wrote or removed itself
   * @param outside paths of files outside the project that it asked for, whether or not they are there
   */
  remember({ stdout, stderr, written, outside }) {
    const stamps = new Map(this.#stamps);
    for (const path of written) {
      const stamp = stampOf(join(this.#root, path));
      if (stamp === 'absent') stamps.delete(path);
      else stamps.set(path, stamp);
    }
    try {
      this.#cache.write(
        this.#name,
        JSON.stringify({ stamps: this.#digest(stamps, outside), outside, stdout, stderr }),
      );
      this.#cache.tidy('former-');
    } catch {
      // The next build is made again, and that is all.
    }
  }

  #digest(stamps, outside) {
    return digest(
      [...stamps].sort(([a], [b]) => (a < b ? -1 : 1)),
      outside.map((path) => [path, stampOf(path)]),
    );
  }
}
