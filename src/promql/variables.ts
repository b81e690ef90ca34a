import type { Span } from './ast.ts';
import { scan, type Token } from './scan.ts';

export type VariableKind = 'label-value' | 'interval' | 'number' | 'label-name' | 'datasource';

/** A variable of a dashboard, as far as an expression is concerned. */
export interface Variable {
  readonly name: string;
  readonly kind: VariableKind;
  /** The value of "All", `.*` mostly; without it, everything is an alternative of the samples. */
  readonly allValue?: string;
  /** Values that it really takes, best from the label's closed set: then the values are checked as well. */
  readonly samples?: readonly string[];
}

/** A text without variables, and the way back. */
export interface Substitution {
  readonly text: string;
  /** An offset of the new text in the original; inside a replaced variable, where the variable begins. */
  readonly mapBack: (offset: number) => number;
  /** A part of the new text in the original; a variable that it touches is covered whole. */
  readonly mapSpan: (span: Span) => Span;
  /** Replacements, by their place in the new text. */
  readonly replaced: readonly Replaced[];
  /** Undeclared variables, by their place in the original. */
  readonly unknown: readonly (Span & { readonly name: string })[];
}

export interface Replaced extends Span {
  readonly variable: Variable;
  readonly original: Span;
}

/** `$name`, `${name}`, `${name:format}`, `[[name]]`; never `$1`, which belongs to label_replace. */
const pattern =
  /\$(?<bare>[a-zA-Z_]\w*)|\$\{(?<braced>[a-zA-Z_]\w*)(?:\.[^:}]+)?(?::(?<format>[^}]+))?\}|\[\[(?<old>[a-zA-Z_]\w*)(?::\w+)?\]\]/g;

const hour = 3600;
/** Grafana's own variables: an hour on the screen, drawn in steps of a minute. */
const builtIns: readonly Variable[] = [
  { name: '__interval', kind: 'interval', samples: ['1m'] },
  { name: '__rate_interval', kind: 'interval', samples: ['5m'] },
  { name: '__range', kind: 'interval', samples: ['1h'] },
  { name: '__interval_ms', kind: 'number', samples: ['60000'] },
  { name: '__rate_interval_ms', kind: 'number', samples: ['300000'] },
  { name: '__range_s', kind: 'number', samples: [`${hour}`] },
  { name: '__range_ms', kind: 'number', samples: [`${hour * 1000}`] },
  { name: '__from', kind: 'number', samples: ['1700000000000'] },
  { name: '__to', kind: 'number', samples: ['1700003600000'] },
];

const defaults: Readonly<Record<VariableKind, string>> = {
  'label-value': 'x',
  interval: '5m',
  number: '1',
  'label-name': 'x',
  datasource: 'x',
};

/** Stand-in for a variable. */
function standIn({ kind, samples, allValue }: Variable, mode: 'sample' | 'all', format: string): string {
  const sample = samples?.[0] ?? defaults[kind];
  if (format === 'date:seconds') return sample.slice(0, -3);
  if (mode === 'sample' || kind !== 'label-value') return sample;
  return allValue ?? (samples && samples.length > 1 ? `(${samples.join('|')})` : sample);
}

/** Stand-in for an undeclared variable, by its place: enough to read the rest. */
function guess(text: string, offset: number, tokens: readonly Token[]): VariableKind {
  const before = text.slice(0, offset);
  const around = tokens.find((t) => t.type === 'string' && t.from < offset && offset < t.to);
  if (around) return 'label-value';
  if (/\[[^\]]*$/.test(before) || /offset\s+-?$/i.test(before)) return 'interval';
  return /(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*$/i.test(before)
    ? 'label-name'
    : 'number';
}

/**
 * Replaces a dashboard's variables and Grafana's own, so that the text can be read as PromQL. Mode `sample` puts
 * in one value, `all` what "All" stands for: an expression has to be right with both.
 */
export function substitute(
  text: string,
  variables: readonly Variable[],
  mode: 'sample' | 'all' = 'sample',
): Substitution {
  const known = new Map([...builtIns, ...variables].map((v) => [v.name, v]));
  const replaced: Replaced[] = [];
  const unknown: (Span & { name: string })[] = [];
  let [result, done] = ['', 0];
  for (const match of text.matchAll(pattern)) {
    const { bare, braced, old, format = '' } = match.groups ?? {};
    const name = bare ?? braced ?? old ?? '';
    const original = { from: match.index, to: match.index + match[0].length };
    if (old !== undefined && !known.has(old)) continue;
    if (text.includes(`(?P<${name}>`)) continue;
    let variable = known.get(name);
    if (!variable) {
      unknown.push({ name, ...original });
      variable = { name, kind: guess(text, original.from, scan(text)) };
    }
    result += text.slice(done, original.from);
    const from = result.length;
    result += standIn(variable, mode, format);
    replaced.push({ variable, original, from, to: result.length });
    done = original.to;
  }
  return { text: result + text.slice(done), replaced, unknown, ...wayBack(replaced) };
}

function wayBack(replaced: readonly Replaced[]): Pick<Substitution, 'mapBack' | 'mapSpan'> {
  const map = (offset: number, inside: 'from' | 'to'): number => {
    let shift = 0;
    for (const { from, to, original } of replaced) {
      if (offset <= from) break;
      if (offset < to) return original[inside];
      shift = original.to - to;
    }
    return offset + shift;
  };
  const mapBack = (offset: number): number => map(offset, 'from');
  return {
    mapBack,
    mapSpan: ({ from, to }) => ({ from: mapBack(from), to: Math.max(map(to, 'to'), mapBack(from)) }),
  };
}
