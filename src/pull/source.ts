/** Where a literal stands in a source text: offsets, and what it says. */
export interface Literal {
  readonly from: number;
  readonly to: number;
  readonly value: string | number;
}

/** The end of what begins with a quote or a comment at `at`; undefined when nothing of the kind does. */
function endOfToken(text: string, at: number): number | undefined {
  const two = text.slice(at, at + 2);
  if (two === '//') return endAt(text.indexOf('\n', at), text);
  if (two === '/*') return endAt(text.indexOf('*/', at + 2), text, 2);
  const quote = text[at];
  if (quote !== "'" && quote !== '"' && quote !== '`') return undefined;
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return i + 1;
  }
  return text.length;
}
const endAt = (index: number, text: string, width = 0): number =>
  index === -1 ? text.length : index + width;

/** Calls `visit` for each character of code outside of texts and comments, with the depth of brackets before it. */
function scan(text: string, from: number, visit: (at: number, depth: number) => boolean): void {
  let depth = 0;
  for (let i = from; i < text.length; ) {
    const end = endOfToken(text, i);
    if (end !== undefined) {
      if (!/[/]/.test(text[i] ?? '') && !visit(i, depth)) return;
      i = end;
      continue;
    }
    if (!visit(i, depth)) return;
    if ('([{'.includes(text[i] ?? '')) depth++;
    if (')]}'.includes(text[i] ?? '')) depth--;
    i++;
  }
}

/** The literal that begins at an offset; undefined when it is none, or is put together from several. */
function literalAt(text: string, at: number): Literal | undefined {
  const number = /^-?\d[\d_]*(\.\d+)?(e-?\d+)?/.exec(text.slice(at))?.[0];
  if (number) return { from: at, to: at + number.length, value: Number(number.replaceAll('_', '')) };
  const to = endOfToken(text, at);
  if (to === undefined || text[at] === '/') return undefined;
  const inside = text.slice(at + 1, to - 1);
  if (text[at] === '`' && inside.includes('${')) return undefined;
  const value = inside.replace(/\\(\r?\n|u\{?[0-9a-fA-F]+\}?|.)/g, (_, c: string) => unescaped(c));
  return { from: at, to, value };
}
const unescaped = (c: string): string => {
  if (c.startsWith('u')) return String.fromCodePoint(Number.parseInt(c.replace(/[u{}]/g, ''), 16));
  return { n: '\n', t: '\t', '\n': '', '\r\n': '' }[c] ?? c;
};

/** The value of a property that follows `key:` at an offset. */
const valueStart = (text: string, at: number, key: string): number | undefined => {
  const found = new RegExp(`^${key}\\s*:\\s*`).exec(text.slice(at, at + key.length + 40))?.[0];
  return found === undefined || /[\w$.]/.test(text[at - 1] ?? '') ? undefined : at + found.length;
};

/** Every place at which a property of this name begins its value. */
function valuesOf(text: string, key: string, from = 0, to = text.length): number[] {
  const found: number[] = [];
  scan(text, from, (at) => {
    if (at >= to) return false;
    const start = valueStart(text, at, key);
    if (start !== undefined) found.push(start);
    return true;
  });
  return found;
}

/** The braces around an offset. */
function objectAround(text: string, at: number): { from: number; to: number } | undefined {
  const open: number[] = [];
  let around: number | undefined;
  let to: number | undefined;
  scan(text, 0, (i) => {
    if (i >= at) around ??= open.at(-1) ?? -1;
    if (text[i] === '{') open.push(i);
    if (text[i] === '}' && open.pop() === around) {
      to = i + 1;
      return false;
    }
    return true;
  });
  return around === undefined || around < 0 || to === undefined ? undefined : { from: around, to };
}

/** The object whose property says this; undefined when there is none, or more than one. */
export function objectWith(
  text: string,
  key: string,
  value: string,
): { readonly from: number; readonly to: number } | undefined {
  const found = valuesOf(text, key).filter((start) => literalAt(text, start)?.value === value);
  return found.length === 1 && found[0] !== undefined ? objectAround(text, found[0]) : undefined;
}

/** The only literal in a property of an object that has this value; undefined when there is none, or more than one. */
export function literalIn(
  text: string,
  object: { readonly from: number; readonly to: number },
  key: string,
  value: string | number,
): Literal | undefined {
  const found: Literal[] = [];
  for (const start of valuesOf(text, key, object.from, object.to))
    scan(text, start, (at, depth) => {
      const character = text[at] ?? '';
      if (depth === 0 && ',}'.includes(character)) return false;
      if (depth < 0) return false;
      const literal = /[\w$.]/.test(text[at - 1] ?? '') ? undefined : literalAt(text, at);
      if (literal?.value === value) found.push(literal);
      return true;
    });
  return found.length === 1 ? found[0] : undefined;
}

/** Where the value of a property of an object stands; undefined when there is none, or more than one. */
export function valueIn(
  text: string,
  object: { readonly from: number; readonly to: number },
  key: string,
): { readonly from: number; readonly to: number } | undefined {
  const [from, ...others] = valuesOf(text, key, object.from, object.to);
  if (from === undefined || others.length > 0) return undefined;
  let to = object.to;
  scan(text, from, (at, depth) => {
    if (depth > 0 || !',}'.includes(text[at] ?? '')) return true;
    to = at;
    return false;
  });
  return { from, to };
}

/** A value as this project writes it. */
export const written = (value: string | number): string =>
  typeof value === 'number'
    ? String(value)
    : `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
