/** One rule as a file defines it and as a server reports it. Durations are seconds. */
export interface Rule {
  readonly kind: 'alert' | 'record';
  readonly name: string;
  readonly expr: string;
  readonly for: number;
  readonly keepFiringFor: number;
  /** Group labels are merged in, as the server does it. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A group of rules that are evaluated one after the other. */
export interface RuleGroup {
  readonly name: string;
  /** File name (`ledger.yml`), or the namespace of a ruler. */
  readonly file: string;
  /** Seconds; undefined takes the server's default. */
  readonly interval: number | undefined;
  readonly limit: number;
  /** As it is written in the file; servers do not report it. */
  readonly queryOffset: string | undefined;
  readonly rules: readonly Rule[];
}

/** A rule file: its bytes, and what is in it. */
export interface RuleFile {
  readonly name: string;
  readonly text: string;
  readonly groups: readonly RuleGroup[];
}

/** How a rule did at its last evaluation. */
export interface Health {
  readonly health: 'ok' | 'err' | 'unknown' | string;
  readonly error?: string;
  /** Unix milliseconds; 0 before the first evaluation. */
  readonly evaluatedAt: number;
}

/** A group that a server runs. `file` is the server's own path. */
export interface ServedGroup extends Omit<RuleGroup, 'queryOffset' | 'rules'> {
  readonly rules: readonly (Rule & Health)[];
}
