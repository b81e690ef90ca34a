import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FetchedRun, WireRun } from './wire.ts';

/**
 * Runs that were read, as files: a run that has ended changes only when it is run again, which its attempt and its last
 * update tell. So an import that was cut off goes on, and a second one asks for new runs only.
 */
export class RunCache {
  readonly #folder: string;

  /** @param folder is made; one for each repository */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  #path({ id }: WireRun): string {
    return join(this.#folder, `${id}.json`);
  }

  /** Answers about this very state of a run. */
  get(run: WireRun): FetchedRun | undefined {
    const path = this.#path(run);
    if (!existsSync(path)) return undefined;
    try {
      const kept = JSON.parse(readFileSync(path, 'utf8')) as FetchedRun;
      const same = kept.run.updated_at === run.updated_at && kept.run.run_attempt === run.run_attempt;
      return same ? kept : undefined;
    } catch {
      // Half written by an older system; it is read again.
      return undefined;
    }
  }

  put(fetched: FetchedRun): void {
    const path = this.#path(fetched.run);
    writeFileSync(`${path}.new`, JSON.stringify(fetched));
    renameSync(`${path}.new`, path);
  }
}
