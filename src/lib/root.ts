import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder (absolute): the nearest one upwards that holds our package.json. */
export const root: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
})();

/** Absolute path of a file of the project. */
export const inProject = (...parts: string[]): string => join(root, ...parts);

/** A file's path as people write it in this project: relative to its root, with forward slashes. Takes a path or a file URL. */
export const projectPath = (file: string): string =>
  relative(root, file.startsWith('file:') ? fileURLToPath(file) : file).replaceAll('\\', '/');
