import type { Bundle } from '../compile/index.ts';

/** Upper or lower limit of a value. */
export type Budget = { readonly atMost: number } | { readonly atLeast: number };

/** Units of measured values; `x` is a ratio of two values of the same run. */
export type Unit = 'x' | 'ms' | 's' | 'MB' | '%' | '/s' | 'samples' | 'series' | 'requests';

/** One measured value. */
export interface Line {
  /** Name of the measurement, without its scale: `one event`. */
  readonly what: string;
  /** How much of it there was: `100 a day`. */
  readonly scale?: string;
  readonly value: number;
  readonly unit: Unit;
  /** Without one, the value is there to be compared. */
  readonly budget?: Budget;
  /** How the value was made. */
  readonly note?: string;
  /** A part of another value: only JSON has it, and the table when it is asked for. */
  readonly detail?: true;
}

/** How a benchmark runs. */
export interface BenchOptions {
  /** Name of the measurement. */
  readonly bundle: Bundle;
  /** Leaves out what takes minutes. */
  readonly quick: boolean;
  /** Of histories, only those with so many deployments a day. */
  readonly perDay?: number;
  /** Commentary: what is done now. */
  readonly say: (text: string) => void;
}

/** One benchmark: one line in the registry. It cleans up behind itself, also when it fails. */
export interface Benchmark {
  /** For `--only`. */
  readonly id: string;
  /** One sentence. */
  readonly summary: string;
  /** It measures again, by itself, what that one measures among other things: it runs only when it is named. */
  readonly partOf?: string;
  readonly run: (options: BenchOptions) => Promise<readonly Line[]>;
}

/** Whether a value keeps its budget; undefined for values without one. */
export function keeps({ value, budget }: Pick<Line, 'value' | 'budget'>): boolean | undefined {
  if (!budget) return undefined;
  return 'atMost' in budget ? value <= budget.atMost : value >= budget.atLeast;
}

/** A whole number, or three digits that mean something; thousands apart. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const decimals = Number.isInteger(value) || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  const [whole = '', rest] = value.toFixed(decimals).split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return rest === undefined ? grouped : `${grouped}.${rest}`;
}

const amount = (value: number, unit: Unit): string =>
  unit === 'x' || unit === '%' ? `${number(value)}${unit}` : `${number(value)} ${unit}`;

/** The cells of a line in the printed table. */
export function cells(benchmark: string, line: Line): string[] {
  const { what, scale = '', value, unit, budget, note = '' } = line;
  const verdict = keeps(line);
  return [
    benchmark,
    what,
    scale,
    amount(value, unit),
    budget === undefined
      ? ''
      : 'atMost' in budget
        ? `≤ ${amount(budget.atMost, unit)}`
        : `≥ ${amount(budget.atLeast, unit)}`,
    verdict === undefined ? '' : verdict ? 'ok' : 'OVER',
    note,
  ];
}

/** The header of the printed table. */
export const header: readonly string[] = ['Benchmark', 'What', 'Scale', 'Value', 'Budget', 'Verdict', 'Note'];

/** A line and the benchmark that measured it. */
export type Measured = Line & { readonly benchmark: string };

/** Output of `--json`: every line with its verdict, `null` where there is no budget. */
export const asJson = (measured: readonly Measured[]): string =>
  JSON.stringify(
    measured.map((line) => ({ ...line, kept: keeps(line) ?? null })),
    null,
    2,
  );
