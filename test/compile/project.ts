import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { inProject } from '../../src/lib/root.ts';

/** Bytes of files by path. */
export type Files = Readonly<Record<string, string>>;

/** Paths of files that differ, or that only one side has. */
export const differing = (a: Files, b: Files): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((path) => a[path] !== b[path]).sort();

/** Result of a command. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of the project, for tests that edit definitions and build as a user does. */
export interface ProjectCopy {
  readonly root: string;
  /** Runs a command of the project; `env` is added to a plain environment. */
  run(command: string, args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
  read(path: string): string;
  write(path: string, text: string): void;
  /** Replaces a text that is there once. @throws when it is not */
  edit(path: string, from: string, to: string): void;
  /** Every file below a folder: its bytes (as latin1) by path. */
  files(folder: string): Files;
  /** Puts a folder back into the state that {@link files} saw. */
  restore(folder: string, files: Files): void;
  remove(): void;
}

const left: ReadonlySet<string> = new Set(['node_modules', '.git', 'test']);
/** The preview's own packages are large, and nothing here draws. */
const isCopied = (path: string): boolean => basename(path) !== 'node_modules';

/** Variables of GitHub's runner and a developer's shell that change the output. */
const plain = (): NodeJS.ProcessEnv => {
  const { GITHUB_ACTIONS, FORCE_COLOR, NO_COLOR, NODE_OPTIONS, ...env } = process.env;
  return env;
};

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Copies the project; packages are shared with the original. */
export function copyProject(): ProjectCopy {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'project-')));
  const source = inProject();
  for (const entry of readdirSync(source))
    if (!left.has(basename(entry)))
      cpSync(join(source, entry), join(root, entry), { recursive: true, filter: isCopied });
  symlinkSync(inProject('node_modules'), join(root, 'node_modules'), 'dir');
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const write = (path: string, text: string): void => writeFileSync(join(root, path), text);
  return {
    root,
    read,
    write,
    run: (command, args = [], env = {}) =>
      new Promise((resolve) => {
        const argv = [join(root, 'scripts', 'run.mjs'), command, ...args];
        const options = { cwd: root, env: { ...plain(), ...env }, maxBuffer: 64e6 };
        execFile(process.execPath, argv, options, (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
        );
      }),
    edit: (path, from, to) => {
      const text = read(path);
      if (text.split(from).length !== 2) throw new Error(`"${from}" is not once in ${path}`);
      write(path, text.replace(from, to));
    },
    files: (folder) =>
      Object.fromEntries(
        filesBelow(join(root, folder))
          .sort()
          .map((file) => [file.slice(join(root, folder).length + 1), readFileSync(file, 'latin1')]),
      ),
    restore: (folder, files) => {
      rmSync(join(root, folder), { recursive: true, force: true });
      for (const [path, bytes] of Object.entries(files)) {
        const file = join(root, folder, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, bytes, 'latin1');
      }
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
