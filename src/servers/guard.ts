import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Reads "+ pid" and "- pid" lines. When this process is gone, in whichever way (also by SIGKILL, when no handler of
// ours runs), its end of the pipe closes: then the servers that are left are killed and their folder is removed.
const watchdog = `
trap '' INT TERM HUP
list=' '
while read -r verb pid; do
  case "$verb" in
    +) list="$list$pid " ;;
    -) case "$list" in *" $pid "*) list="\${list%% $pid *} \${list#* $pid }" ;; esac ;;
  esac
done
for pid in $list; do kill -9 -"$pid" 2>/dev/null; done
[ "$list" = ' ' ] || sleep 0.2
rm -rf -- "$1"
`;

let folder: string | undefined;
let dog: ChildProcess | undefined;
const pids = new Set<number>();

/** The folder below which this process keeps the data of its servers; it goes when the process goes. */
export function sessionFolder(): string {
  if (folder) return folder;
  const created = mkdtempSync(join(tmpdir(), 'deployment-servers-'));
  folder = created;
  process.once('exit', () => {
    for (const pid of pids) kill(pid);
    rmSync(created, { recursive: true, force: true, maxRetries: 3 });
  });
  // In a session of its own, so that Ctrl-C in the terminal does not reach it.
  dog = spawn('/bin/sh', ['-c', watchdog, 'sh', created], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  dog.on('error', () => {});
  dog.stdin?.on('error', () => {});
  dog.unref();
  (dog.stdin as Socket | null)?.unref();
  return created;
}

/** Ends a server's process group: each server leads one. */
function kill(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {}
}

/** The server must not outlive this process. */
export function guard(pid: number): void {
  pids.add(pid);
  dog?.stdin?.write(`+ ${pid}\n`);
}

/** The server has ended by itself: its process id may soon belong to another process. */
export function unguard(pid: number): void {
  if (pids.delete(pid)) dog?.stdin?.write(`- ${pid}\n`);
}
