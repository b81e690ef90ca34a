import type { Generation, ProgramName } from './programs.ts';
import type { System } from './system.ts';

/** Programs that are to be fetched, and the machine that they are for. */
export interface Order {
  readonly names: readonly ProgramName[];
  readonly generation: Generation;
  readonly system: System;
}

/** Programs in a folder, not yet seen to run. */
export interface Fetched {
  readonly programs: ReadonlyMap<ProgramName, string>;
  /** Folder with data that programs read, by its absolute path on a machine where it is installed. */
  readonly data?: string;
}

/** A source that cannot give the programs; the next one may. */
export class FetchError extends Error {}
