/** A string literal as read, or what is wrong with it and where (offsets into the literal). */
export type Unquoted =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly message: string; readonly from: number; readonly to: number };

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** Bytes above 0x7f that an escape names have no character of their own; these code points stand for them. */
const byteBase = 0xdc00;

const numericEscapes: readonly { pattern: RegExp; base: number; byte: boolean }[] = [
  { pattern: /^x([0-9a-fA-F]{2})/, base: 16, byte: true },
  { pattern: /^([0-7]{3})/, base: 8, byte: true },
  { pattern: /^u([0-9a-fA-F]{4})/, base: 16, byte: false },
  { pattern: /^U([0-9a-fA-F]{8})/, base: 16, byte: false },
];

const scalarValue = (code: number, byte: boolean): string | undefined => {
  if (byte) return code > 0xff ? undefined : String.fromCharCode(code > 0x7f ? byteBase + code : code);
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined;
  return String.fromCodePoint(code);
};

/** The character that an escape stands for, and how long the escape is; `rest` begins after the backslash. */
function readEscape(rest: string, quote: string): { value: string; length: number } | undefined {
  const first = rest[0] ?? '';
  if (first === quote) return { value: quote, length: 1 };
  const simple = simpleEscapes[first];
  if (simple !== undefined) return { value: simple, length: 1 };
  for (const { pattern, base, byte } of numericEscapes) {
    const match = pattern.exec(rest);
    if (!match) continue;
    const value = scalarValue(Number.parseInt(match[1]!, base), byte);
    if (value !== undefined) return { value, length: match[0].length };
  }
  return undefined;
}

/** Reads a PromQL string literal, quotes included, as Go does: three sorts of quotes, Go's escapes. */
export function unquote(literal: string): Unquoted {
  const quote = literal[0]!;
  const end = literal.length - 1;
  if (literal.length < 2 || literal[end] !== quote)
    return { ok: false, message: `The string is never closed with ${quote}.`, from: 0, to: literal.length };
  const body = literal.slice(1, end);
  if (quote === '`') return { ok: true, value: body };
  const lineBreak = body.indexOf('\n');
  if (lineBreak !== -1)
    return { ok: false, message: 'A string in quotes ends with its line.', from: 0, to: lineBreak + 1 };
  if (!body.includes('\\')) return { ok: true, value: body };
  return withEscapes(body, quote);
}

function withEscapes(body: string, quote: string): Unquoted {
  let value = '';
  for (let i = 0; i < body.length; ) {
    const backslash = body.indexOf('\\', i);
    if (backslash === -1) return { ok: true, value: value + body.slice(i) };
    const found = readEscape(body.slice(backslash + 1, backslash + 10), quote);
    if (!found) {
      const shown = body.slice(backslash, backslash + 2);
      const message = `There is no escape ${shown} in a PromQL string.`;
      return { ok: false, message, from: backslash + 1, to: backslash + 1 + shown.length };
    }
    value += body.slice(i, backslash) + found.value;
    i = backslash + 1 + found.length;
  }
  return { ok: true, value };
}

const namedEscapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

function quoteCharacter(c: string): string {
  const named = namedEscapes[c];
  if (named !== undefined) return named;
  if (printable.test(c)) return c;
  const code = c.codePointAt(0)!;
  const hex = (width: number, n = code): string => n.toString(16).padStart(width, '0');
  if (code >= byteBase && code <= byteBase + 0xff) return `\\x${hex(2, code - byteBase)}`;
  if (code < 0x80) return `\\x${hex(2)}`;
  return code <= 0xffff ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}

/** Writes a string as Prometheus prints it: in double quotes, with Go's escapes. */
export function quote(value: string): string {
  if (/^[ !#-[\]-~]*$/.test(value)) return `"${value}"`;
  return `"${[...value].map(quoteCharacter).join('')}"`;
}
