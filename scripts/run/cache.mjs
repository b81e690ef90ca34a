// What a command may use again at its next start lies below node_modules, which "npm ci" empties.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const oneDay = 86_400_000;

/** Files that may be lost at any time. */
export class Cache {
  #folder;

  constructor(root) {
    this.#folder = join(root, 'node_modules', '.cache', 'run');
  }

  path(name) {
    return join(this.#folder, name);
  }

  /** What was kept under a name, or undefined when there is nothing that can be read. */
  json(name) {
    try {
      return JSON.parse(readFileSync(this.path(name), 'utf8'));
    } catch {
      return undefined;
    }
  }

  /** Another command may be at it as well: each writes a whole file, and the last one stays. */
  write(name, text) {
    mkdirSync(this.#folder, { recursive: true });
    const temporary = `${this.path(name)}.${process.pid}`;
    writeFileSync(temporary, text);
    renameSync(temporary, this.path(name));
  }

  /** Removes what nobody has written for a day, of the names that begin so. */
  tidy(prefix) {
    for (const name of readdirSync(this.#folder).filter((each) => each.startsWith(prefix)))
      try {
        if (Date.now() - statSync(this.path(name)).mtimeMs > oneDay) rmSync(this.path(name));
      } catch {
        // Another command was faster.
      }
  }
}
