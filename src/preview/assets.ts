import { readFile } from 'node:fs/promises';
import { basename, extname, join, normalize } from 'node:path';
import { previewFolder } from './install.ts';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The content type of a file name. */
export const contentType = (name: string): string => types[extname(name)] ?? 'application/octet-stream';

const modules = join(previewFolder, 'node_modules');
const interFiles = join(modules, '@fontsource', 'inter', 'files');
const monoFiles = join(modules, '@fontsource', 'roboto-mono', 'files');

/** Fonts under the names by which Grafana's styles ask for them. */
const fonts: Readonly<Record<string, string>> = {
  'inter/Inter-Regular.woff2': join(interFiles, 'inter-latin-400-normal.woff2'),
  'inter/Inter-Medium.woff2': join(interFiles, 'inter-latin-500-normal.woff2'),
  'roboto/L0xTDF4xlVMF-BfR8bXMIhJHg45mwgGEFl0_3vrtSM1J-gEPT5Ese6hmHSh0mQ.woff2': join(
    monoFiles,
    'roboto-mono-latin-400-normal.woff2',
  ),
};

const noIcon = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"/>');

/** An icon of Grafana's package; those that it asks for and does not publish are ours, or empty. */
async function icon(path: string): Promise<Uint8Array> {
  const published = join(modules, '@grafana', 'ui', 'dist', 'public', 'img', 'icons');
  const candidates = [join(published, normalize(path)), join(previewFolder, 'icons', basename(path))];
  for (const [i, file] of candidates.entries()) {
    if (!file.startsWith(i === 0 ? published : previewFolder) || extname(file) !== '.svg') continue;
    const found = await readFile(file).catch(() => undefined);
    if (found) return found;
  }
  return noIcon;
}

/**
 * A file that Grafana's packages ask for below `/public/`: icons and fonts.
 * @returns undefined when there is none
 */
export async function publicFile(path: string): Promise<Uint8Array | undefined> {
  const font = path.startsWith('fonts/') ? fonts[path.slice('fonts/'.length)] : undefined;
  if (font !== undefined) return await readFile(font);
  return path.startsWith('build/img/icons/') ? await icon(path.slice('build/img/icons/'.length)) : undefined;
}

/** The page itself. */
export const pageHtml = (): Promise<string> => readFile(join(previewFolder, 'page.html'), 'utf8');
