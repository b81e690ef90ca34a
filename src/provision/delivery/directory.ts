import { readdirSync } from 'node:fs';
import { EnvironmentFailure, UserError } from '../../lib/errors.ts';
import type { HttpClient } from '../../lib/http.ts';
import { counted } from '../../lib/words.ts';
import { sha256 } from '../desired.ts';
import type { Owner } from '../owner.ts';
import type { RuleFile, RuleGroup } from '../rule.ts';
import { parseRuleFile } from '../rule-file.ts';
import {
  type Delivered,
  type DeliverOptions,
  type Delivery,
  DeliveryConflict,
  type Inspection,
  ReloadRefusal,
  type Undone,
  type Unit,
} from './delivery.ts';
import { type Contents, codeOf, readContents, replaceFile } from './files.ts';
import { lockDirectory } from './lock.ts';
import { checkOwner, type Marker, markerFile, noteText, readNote } from './marker.ts';

function unitOf(name: string, marker: Marker, content: Buffer | undefined, file: RuleFile | undefined): Unit {
  const known = marker[name];
  const groups = file?.groups ?? (content ? parseRuleFile(name, content.toString('utf8')).file.groups : []);
  const same = content !== undefined && content.toString('utf8') === file?.text;
  const hash = content === undefined ? '' : sha256(content);
  const state =
    content === undefined
      ? 'absent'
      : same || known?.includes(hash)
        ? 'ours'
        : known === undefined
          ? 'foreign'
          : 'edited';
  return { id: name, groups: groups.map((g) => g.name), state, same };
}

/** Files of one kind in a directory, and the server that reads them. */
export interface Reading {
  /** One of the files, in words: `rule file`. */
  readonly file: string;
  /** The setting that names the directory. */
  readonly variable: string;
  /** Requirement on the directory, as a sentence. */
  readonly must: string;
  /** Makes its requests. */
  readonly client: HttpClient;
  /** Loads the files. @returns the server's time after which they are in use @throws ReloadRefusal */
  reload(): Promise<number>;
  /** More about files that the server refused, where it can be told. */
  refused(files: readonly RuleFile[]): Promise<string>;
}

/** Files in a directory that a server reads, loaded by `POST /-/reload`. */
export class DirectoryDelivery implements Delivery {
  readonly where: string;
  readonly #directory: string;
  readonly #server: Reading;
  readonly #owner: Owner;
  constructor(directory: string, server: Reading, owner: Owner) {
    this.#directory = directory;
    this.#server = server;
    this.#owner = owner;
    this.where = `directory ${directory}`;
  }

  async groups(files: readonly RuleFile[]): Promise<RuleGroup[]> {
    return files.flatMap((file) => file.groups);
  }

  async inspect(files: readonly RuleFile[]): Promise<Inspection> {
    const { file, variable, must } = this.#server;
    try {
      readdirSync(this.#directory);
    } catch (error) {
      throw new UserError(`${variable} ${this.#directory} cannot be read (${codeOf(error)}).`, must);
    }
    const { marker, owner } = readNote(this.#directory);
    checkOwner(owner, this.#owner, `${variable} ${this.#directory}`, `${variable} to another directory`);
    const defined = new Map(files.map((f) => [f.name, f]));
    const left = Object.keys(marker).filter((name) => !defined.has(name));
    const contents = readContents(this.#directory, [...defined.keys(), ...left, markerFile]);
    const orphans = left.map((name) => unitOf(name, marker, contents.get(name), undefined));
    return {
      units: files.map((f) => unitOf(f.name, marker, contents.get(f.name), f)),
      orphans: orphans.filter((unit) => unit.state !== 'absent'),
      scope: { kind: 'files', names: [...defined.keys(), ...left] },
      how: `writes ${file}s into ${this.#directory} and reloads`,
      seen: fingerprint(contents),
      notes: [],
    };
  }

  async deliver(
    files: readonly RuleFile[],
    inspection: Inspection,
    { remove: removed, say, signal }: DeliverOptions,
  ): Promise<Delivered> {
    const release = await lockDirectory(this.#directory, { clock: this.#server.client.clock, say, signal });
    try {
      const now = await this.inspect(files);
      if (now.seen !== inspection.seen)
        throw new DeliveryConflict(
          `Files in ${this.#directory} were changed since the plan was made, so none was written. Plan again.`,
        );
      const before = readContents(this.#directory, [markerFile, ...files.map((f) => f.name), ...removed]);
      for (const { id, state } of now.units)
        if (state === 'foreign' || state === 'edited') this.#keep(id, before.get(id), say);
      const written = await this.#write(files, removed, before);
      say(`wrote ${counted(files.length, this.#server.file)}, reloading`);
      const undo = (): Promise<Undone> => this.#restore(before, written).finally(release);
      const finish = async (): Promise<void> => {
        this.#finish(files, removed, say);
        release();
      };
      return { since: await this.#reloadOr(files, before, written), settleMs: 10_000, undo, finish };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Reloads; if the server refuses, the old files are put back first. */
  async #reloadOr(files: readonly RuleFile[], before: Contents, written: Contents): Promise<number> {
    try {
      return await this.#server.reload();
    } catch (error) {
      const { text } = await this.#restore(before, written);
      const which = error instanceof ReloadRefusal ? await this.#server.refused(files) : '';
      throw new EnvironmentFailure([(error as Error).message, which, text].filter(Boolean).join('\n'));
    }
  }

  /** Puts aside what others wrote. It may hold secrets, so it stays in its place, under a name that is not read. */
  #keep(name: string, content: Buffer | undefined, say: (text: string) => void): void {
    if (content === undefined) return;
    replaceFile(this.#directory, `${name}.overwritten`, content);
    say(`${name} as others wrote it is kept as ${name}.overwritten`);
  }

  /** Writes what differs. @returns what it wrote, by name @throws EnvironmentFailure when everything is as before */
  async #write(files: readonly RuleFile[], removed: readonly string[], before: Contents): Promise<Contents> {
    const { marker } = readNote(this.#directory);
    // Both hashes while the delivery is under way: a run that dies half-way must not make our files look edited.
    const both = files.map((f) => {
      const old = before.get(f.name);
      return [f.name, [sha256(f.text), ...(old ? [sha256(old)] : [])]] as const;
    });
    const wanted: [name: string, content: string | undefined][] = [
      [markerFile, noteText({ ...marker, ...Object.fromEntries(both) }, this.#owner)],
      ...files
        .filter((f) => before.get(f.name)?.toString('utf8') !== f.text)
        .map((f): [string, string] => [f.name, f.text]),
      ...removed.map((name): [string, undefined] => [name, undefined]),
    ];
    const written = new Map<string, Buffer | undefined>();
    try {
      for (const [name, content] of wanted) {
        replaceFile(this.#directory, name, content);
        written.set(name, content === undefined ? undefined : Buffer.from(content));
      }
      return written;
    } catch (error) {
      const { text } = await this.#restore(before, written);
      throw new EnvironmentFailure(`${(error as Error).message} ${text}`);
    }
  }

  /** Notes that from now on only the new files are ours. Without that, the old ones are still known as well. */
  #finish(files: readonly RuleFile[], removed: readonly string[], say: (text: string) => void): void {
    const kept = Object.entries(readNote(this.#directory).marker).filter(([name]) => !removed.includes(name));
    const ours = files.map((f) => [f.name, [sha256(f.text)]] as const);
    const left = kept.length + ours.length;
    const text = noteText({ ...Object.fromEntries(kept), ...Object.fromEntries(ours) }, this.#owner);
    try {
      replaceFile(this.#directory, markerFile, left > 0 ? text : undefined);
    } catch (error) {
      say(`they are in use, and the next run tidies up after this one: ${(error as Error).message}`);
    }
  }

  /** Puts the files from before back where they are still as this delivery left them, and loads them. */
  async #restore(before: Contents, written: Contents): Promise<Undone> {
    if (written.size === 0) return { text: 'Nothing was written.', conflict: false };
    const left: string[] = [];
    const failed: string[] = [];
    // The marker, which was written first, goes back last: until then it knows both.
    for (const [name, ours] of [...written].reverse())
      try {
        const now = readContents(this.#directory, [name]).get(name);
        if (isSame(now, ours)) replaceFile(this.#directory, name, before.get(name));
        else left.push(name);
      } catch (error) {
        failed.push((error as Error).message);
      }
    const words = [
      ...(left.length > 0 ? [`Left alone, because it was changed since: ${left.join(', ')}.`] : []),
      ...(failed.length > 0 ? [`Not all files could be put back: ${failed.join(' ')}`] : []),
    ];
    const what = `The ${words.length > 0 ? 'other ' : ''}${this.#server.file}s`;
    try {
      await this.#server.client.uninterrupted(() => this.#server.reload());
      words.push(`${what} from before were put back and loaded.`);
    } catch (error) {
      words.push(`${what} from before were put back; loading them failed too: ${(error as Error).message}`);
    }
    return { text: words.join(' '), conflict: left.length > 0 };
  }
}

const isSame = (a: Buffer | undefined, b: Buffer | undefined): boolean =>
  a === undefined || b === undefined ? a === b : a.equals(b);

const fingerprint = (contents: Contents): string =>
  sha256([...contents].map(([name, content]) => `${name} ${content ? sha256(content) : '-'}`).join('\n'));
