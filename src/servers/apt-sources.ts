import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One entry of apt's list of sources, in the format in which it was written. */
export type AptSource = Deb822Source | OneLineSource;

interface SourceFacts {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Keyring that signs the archive, where the entry names one. */
  readonly signedBy: string | undefined;
}
interface Deb822Source extends SourceFacts {
  readonly format: 'deb822';
  /** Fields as written, continuation lines included (a key may stand in the entry itself). */
  readonly fields: readonly (readonly [name: string, value: string])[];
}
interface OneLineSource extends SourceFacts {
  readonly format: 'one-line';
  /** The options between brackets, brackets included; empty when there are none. */
  readonly options: string;
}

const words = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter(Boolean);

function parseStanza(stanza: string): Deb822Source | undefined {
  const lines = stanza.split('\n').filter((line) => !line.startsWith('#'));
  const fields: [string, string][] = [];
  for (const line of lines) {
    const field = /^([^\s:]+):[ \t]*(.*)$/.exec(line);
    if (field) fields.push([field[1]!, field[2]!]);
    else if (/^\s/.test(line) && fields.length > 0) fields.at(-1)![1] += `\n${line}`;
  }
  const get = (name: string): string | undefined =>
    fields.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  if (/^(no|false|0|off|without|disable)$/i.test(get('Enabled')?.trim() ?? '')) return undefined;
  if (!words(get('Types')).includes('deb')) return undefined;
  return {
    format: 'deb822',
    fields,
    uris: words(get('URIs')),
    suites: words(get('Suites')),
    components: words(get('Components')),
    signedBy: get('Signed-By'),
  };
}

/** The enabled binary sources of a deb822 file (`*.sources`). */
export const parseDeb822 = (text: string): Deb822Source[] =>
  text
    .replaceAll('\r', '')
    .split(/\n[ \t]*\n/)
    .map(parseStanza)
    .filter((source) => source !== undefined);

/** The binary sources of a one-line file (`*.list`). CD-ROMs are left out: they hold one suite only. */
export function parseOneLine(text: string): OneLineSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:(\[[^\]]*\])\s+)?([^\s[]+)\s+(\S+)\s*([^#]*)/.exec(line);
    if (!match || match[2]!.startsWith('cdrom:')) return [];
    const options = match[1] ?? '';
    return [
      {
        format: 'one-line' as const,
        options,
        uris: [match[2]!],
        suites: [match[3]!],
        components: words(match[4]),
        signedBy: /\bsigned-by\s*=\s*([^\s\]]+)/i.exec(options)?.[1],
      },
    ];
  });
}

/** The same archive with another suite, as text of the same format. */
export function renderSource(source: AptSource, suite: string, components: readonly string[]): string {
  if (source.format === 'one-line')
    return `${['deb', source.options, ...source.uris, suite, ...components].filter(Boolean).join(' ')}\n`;
  const changed: Record<string, string> = {
    types: 'deb',
    suites: suite,
    components: components.join(' '),
  };
  const lines = source.fields.map(([name, value]) => {
    const text = changed[name.toLowerCase()] ?? value;
    return text.startsWith('\n') ? `${name}:${text}` : `${name}: ${text}`;
  });
  return `${lines.join('\n')}\n`;
}

/** Every source that the machine uses: `sources.list` and the files beside it. Unreadable files count as empty. */
export function readSources(etc: string): AptSource[] {
  const list = (folder: string): string[] => {
    try {
      return readdirSync(folder).sort();
    } catch {
      return [];
    }
  };
  const folder = join(etc, 'apt', 'sources.list.d');
  const files = [join(etc, 'apt', 'sources.list'), ...list(folder).map((name) => join(folder, name))];
  return files.flatMap((file): AptSource[] => {
    const parse = file.endsWith('.list') ? parseOneLine : file.endsWith('.sources') ? parseDeb822 : undefined;
    try {
      return parse ? parse(readFileSync(file, 'utf8')) : [];
    } catch {
      return [];
    }
  });
}
