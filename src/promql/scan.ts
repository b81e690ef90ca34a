import type { Span } from './ast.ts';

export type TokenType = 'word' | 'number' | 'string' | 'open' | 'close' | 'operator' | 'space' | 'unknown';

/** A token of a text that need not be an expression: for finding out what is wrong with it. */
export interface Token extends Span {
  readonly type: TokenType;
  readonly text: string;
  /** For a bracket, the index of its partner in the list; for any token, the innermost bracket around it. */
  readonly partner: number | undefined;
  readonly inside: number | undefined;
}

/** Every sort of token by its first characters; what none of them takes is one unknown character. */
const sorts: readonly (readonly [TokenType | 'skip', RegExp])[] = [
  ['skip', /[ \t\r\n]+|#[^\n]*/],
  ['space', /\s+/],
  ['word', /[a-zA-Z_:][\w:]*/],
  ['number', /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\w*/],
  ['string', /"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?|`[^`]*`?/],
  ['open', /[([{]/],
  ['close', /[)\]}]/],
  ['operator', /&&|\|\||==|!=|<=|>=|=~|!~|[-+*/%^<>=!,@:$|&;?.~\\]/],
  ['unknown', /[\s\S]/],
];

const pattern = new RegExp(sorts.map(([type, { source }]) => `(?<${type}>${source})`).join('|'), 'gy');

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

interface Raw extends Span {
  type: TokenType;
  text: string;
  partner: number | undefined;
  inside: number | undefined;
}

function read(text: string): Raw[] {
  const tokens: Raw[] = [];
  for (const match of text.matchAll(pattern)) {
    const type = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)?.[0];
    if (type === undefined || type === 'skip') continue;
    const [from, to] = [match.index, match.index + match[0].length];
    tokens.push({ type: type as TokenType, text: match[0], from, to, partner: undefined, inside: undefined });
  }
  return tokens;
}

/** Cuts a text into tokens as Prometheus does and pairs the brackets; never fails. */
export function scan(text: string): readonly Token[] {
  const tokens = read(text);
  const open: number[] = [];
  tokens.forEach((token, i) => {
    if (token.type === 'close') {
      const opener = open.at(-1);
      if (opener !== undefined && closers[tokens[opener]!.text] === token.text) {
        open.pop();
        token.partner = opener;
        tokens[opener]!.partner = i;
      }
    }
    token.inside = open.at(-1);
    if (token.type === 'open') open.push(i);
  });
  return tokens;
}
