import { readdirSync } from 'node:fs';
import { EnvironmentFailure, UserError } from '../../lib/errors.ts';
import { sha256 } from '../desired.ts';
import {
  type Delivered,
  type DeliverOptions,
  type Delivery,
  DeliveryConflict,
  type Inspection,
  type Unit,
} from './delivery.ts';
import { type Contents, lockDirectory, readContents, replaceFile } from './files.ts';
import { type Marker, markerFile, markerText, readMarker } from './marker.ts';
import type { RuleFile, RuleGroup } from './model.ts';
import { parseRuleFile } from './parse.ts';
import type { RuleServer } from './server.ts';

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

/** Rule files in a directory that Prometheus reads, loaded by `POST /-/reload`. */
export class DirectoryDelivery implements Delivery {
  readonly where: string;
  readonly #directory: string;
  readonly #server: RuleServer;
  constructor(directory: string, server: RuleServer) {
    this.#directory = directory;
    this.#server = server;
    this.where = `directory ${directory}`;
  }

  groups(files: readonly RuleFile[]): RuleGroup[] {
    return files.flatMap((file) => file.groups);
  }

  async inspect(files: readonly RuleFile[]): Promise<Inspection> {
    try {
      readdirSync(this.#directory);
    } catch (error) {
      throw new UserError(
        `RULES_DIRECTORY ${this.#directory} cannot be read (${(error as NodeJS.ErrnoException).code}).`,
        'It must be the directory that Prometheus lists under rule_files, with files that end in .yml.',
      );
    }
    const marker = readMarker(this.#directory);
    const defined = new Map(files.map((f) => [f.name, f]));
    const left = Object.keys(marker).filter((name) => !defined.has(name));
    const contents = readContents(this.#directory, [...defined.keys(), ...left, markerFile]);
    const orphans = left.map((name) => unitOf(name, marker, contents.get(name), undefined));
    return {
      units: files.map((f) => unitOf(f.name, marker, contents.get(f.name), f)),
      orphans: orphans.filter((unit) => unit.state !== 'absent'),
      scope: { kind: 'files', names: [...defined.keys(), ...left] },
      how: `writes rule files into ${this.#directory} and reloads`,
      seen: fingerprint(contents),
      notes: [],
    };
  }

  async deliver(
    files: readonly RuleFile[],
    inspection: Inspection,
    { prune, say }: DeliverOptions,
  ): Promise<Delivered> {
    const release = lockDirectory(this.#directory, this.#server.client.clock.now());
    try {
      const now = await this.inspect(files);
      if (now.seen !== inspection.seen)
        throw new DeliveryConflict(
          `Files in ${this.#directory} were changed since the plan was made, so none was written. Plan again.`,
        );
      const removed = prune ? inspection.orphans.map((unit) => unit.id) : [];
      const before = readContents(this.#directory, [markerFile, ...files.map((f) => f.name), ...removed]);
      this.#write(files, removed, before);
      say(`wrote ${files.length} rule files, reloading`);
      const undo = (): Promise<string> => this.#restore(before).finally(release);
      const finish = async (): Promise<void> => this.#finish(files, removed, release);
      return { since: await this.#reloadOr(before), settleMs: 10_000, undo, finish };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Reloads; if the server refuses, the old files are put back first. */
  async #reloadOr(before: Contents): Promise<number> {
    try {
      return await this.#server.reload();
    } catch (error) {
      throw new EnvironmentFailure(`${(error as Error).message} ${await this.#restore(before)}`);
    }
  }

  #write(files: readonly RuleFile[], removed: readonly string[], before: Contents): void {
    const marker = readMarker(this.#directory);
    // Both hashes while the delivery is under way: a run that dies half-way must not make our files look edited.
    const both = files.map((f) => {
      const old = before.get(f.name);
      return [f.name, [sha256(f.text), ...(old ? [sha256(old)] : [])]] as const;
    });
    try {
      replaceFile(this.#directory, markerFile, markerText({ ...marker, ...Object.fromEntries(both) }));
      for (const file of files)
        if (before.get(file.name)?.toString('utf8') !== file.text)
          replaceFile(this.#directory, file.name, file.text);
      for (const name of removed) replaceFile(this.#directory, name, undefined);
    } catch (error) {
      for (const [name, content] of before) replaceFile(this.#directory, name, content);
      throw error;
    }
  }

  #finish(files: readonly RuleFile[], removed: readonly string[], release: () => void): void {
    const kept = Object.entries(readMarker(this.#directory)).filter(([name]) => !removed.includes(name));
    const ours = files.map((f) => [f.name, [sha256(f.text)]] as const);
    replaceFile(
      this.#directory,
      markerFile,
      markerText({ ...Object.fromEntries(kept), ...Object.fromEntries(ours) }),
    );
    release();
  }

  async #restore(before: Contents): Promise<string> {
    for (const [name, content] of before) replaceFile(this.#directory, name, content);
    try {
      await this.#server.client.uninterrupted(() => this.#server.reload());
      return 'The rule files from before were put back and loaded.';
    } catch (error) {
      return `The rule files from before were put back; loading them failed too: ${(error as Error).message}`;
    }
  }
}

const fingerprint = (contents: Contents): string =>
  sha256([...contents].map(([name, content]) => `${name} ${content ? sha256(content) : '-'}`).join('\n'));
