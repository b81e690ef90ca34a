import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { say } from '../lib/terminal.ts';

/** The machine as far as finding and fetching programs sees it, so that tests can stand in another one. */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly arch: NodeJS.Architecture;
  /** Address below which the Prometheus project publishes its releases. */
  readonly releases: string;
  readonly env: NodeJS.ProcessEnv;
  /** Folder of system settings: `/etc`. */
  readonly etc: string;
  /** Progress for a person who waits. */
  readonly say: (text: string) => void;
  /** Waits between two attempts. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** This machine. */
export const hostSystem: System = {
  platform: process.platform,
  arch: process.arch,
  releases: 'https://github.com/prometheus',
  env: process.env,
  etc: '/etc',
  say,
  sleep: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
};

/** Output of a program and its exit code, or -1 when it was not started or was killed. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; never throws, because callers judge by the exit code. */
export function run(
  system: System,
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly timeoutMs?: number } = {},
): Promise<Run> {
  return new Promise((done) => {
    const settings = {
      env: { ...system.env, LC_ALL: 'C' },
      timeout: options.timeoutMs ?? 300_000,
      maxBuffer: 16 * 1024 * 1024,
      ...(options.cwd !== undefined && { cwd: options.cwd }),
    };
    execFile(command, [...args], settings, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      done({ code, stdout, stderr: stderr || (code === -1 ? (error?.message ?? '') : '') });
    });
  });
}

/** Whether a command of this name is on PATH. */
export function hasCommand(system: System, command: string): boolean {
  return (system.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The distribution's own description of itself (`/etc/os-release`); empty where there is none. */
export function osRelease(system: System): Readonly<Record<string, string>> {
  let text: string;
  try {
    text = readFileSync(join(system.etc, 'os-release'), 'utf8');
  } catch {
    return {};
  }
  const pairs = [...text.matchAll(/^([A-Z_]+)=(?:"([^"\n]*)"|'([^'\n]*)'|(\S*))\s*$/gm)];
  return Object.fromEntries(
    pairs.map(([, key, double, single, bare]) => [key, double ?? single ?? bare ?? '']),
  );
}
