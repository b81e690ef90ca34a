import { join } from 'node:path';
import { EnvironmentFailure } from '../../lib/errors.ts';
import { holderOf, tryLock } from '../../lib/lock.ts';
import { withFile } from './files.ts';

const lockFile = '.deployment-observability.lock';
/** A delivery takes minutes; a lock this old was left behind by a machine that died. */
const staleMs = 30 * 60_000;

/**
 * Takes the directory for this run, so that two provisions do not mix their files.
 * @returns the function that gives it back
 * @throws EnvironmentFailure while another run has it, or when it cannot be made
 */
export function lockDirectory(directory: string): () => void {
  const path = join(directory, lockFile);
  const release = withFile(path, 'locked', () => tryLock(path, staleMs));
  if (release) return release;
  const holder = holderOf(path);
  const who = holder
    ? `process ${holder.pid} on ${holder.host}`
    : `so says ${path}, which cannot be read: remove it if no other provision runs`;
  throw new EnvironmentFailure(
    `Another provision is delivering rules to ${directory} (${who}).`,
    'the rules; run it again when the other one has ended',
  );
}
