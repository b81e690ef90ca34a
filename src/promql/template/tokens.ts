import type { Span } from '../ast.ts';

export type TemplateTokenType =
  | 'word'
  | 'field'
  | 'dot'
  | 'variable'
  | 'number'
  | 'string'
  | 'declare'
  | 'assign'
  | 'comma'
  | 'pipe'
  | 'open'
  | 'close'
  | 'bad';

/** One token of an action. */
export interface TemplateToken extends Span {
  readonly type: TemplateTokenType;
  readonly text: string;
  /** White space in front of it: `$a.b` is one operand, `$a .b` are two. */
  readonly spaced: boolean;
}

/** `{{ … }}`; the span covers the braces. */
export interface Action extends Span {
  readonly closed: boolean;
  /** A comment, which Go allows only like this: nothing between the braces and the comment. */
  readonly comment: boolean;
  readonly tokens: readonly TemplateToken[];
}

const sorts: readonly (readonly [TemplateTokenType | 'space', RegExp])[] = [
  ['space', /\s+/u],
  ['field', /\.[\p{L}_][\p{L}\p{N}_]*/u],
  ['variable', /\$[\p{L}\p{N}_]*/u],
  ['word', /[\p{L}_][\p{L}\p{N}_]*/u],
  ['number', /[-+]?(?:0[xXbBoO][\da-fA-F_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)i?/u],
  ['string', /"(?:[^"\\\n]|\\[^\n])*"|`[^`]*`|'(?:[^'\\\n]|\\[^\n])+'/u],
  ['dot', /\./u],
  ['declare', /:=/u],
  ['assign', /=/u],
  ['comma', /,/u],
  ['pipe', /\|/u],
  ['open', /\(/u],
  ['close', /\)/u],
  ['bad', /[\s\S]/u],
];

const pattern = new RegExp(sorts.map(([type, { source }]) => `(?<${type}>${source})`).join('|'), 'gyu');

function tokensOf(text: string, offset: number): TemplateToken[] {
  const tokens: TemplateToken[] = [];
  let spaced = true;
  for (const match of text.matchAll(pattern)) {
    const type = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)?.[0];
    const skip = type === 'space' || type === undefined;
    const from = offset + match.index;
    if (!skip)
      tokens.push({
        type: type as TemplateTokenType,
        text: match[0],
        from,
        to: from + match[0].length,
        spaced,
      });
    spaced = skip;
  }
  return tokens;
}

/** Where the action that opens at `from` ends: behind its `}}`, strings and comments skipped. */
function endOfAction(text: string, from: number): number | undefined {
  const inside = /"(?:[^"\\\n]|\\[^\n])*"|`[^`]*`|'(?:[^'\\\n]|\\[^\n])*'|\/\*[\s\S]*?\*\/|\}\}/g;
  inside.lastIndex = from;
  for (let match = inside.exec(text); match; match = inside.exec(text))
    if (match[0] === '}}') return match.index + 2;
  return undefined;
}

/** The actions of a template, in order. */
export function actionsOf(text: string): Action[] {
  const actions: Action[] = [];
  for (let from = text.indexOf('{{'); from !== -1; ) {
    const end = endOfAction(text, from + 2);
    const to = end ?? text.length;
    const source = text.slice(from, to);
    const start = /^\{\{-\s/.test(source) ? 3 : 2;
    const stop = end === undefined ? 0 : /\s-\}\}$/.test(source) ? 3 : 2;
    const tokens = tokensOf(source.slice(start, source.length - stop), from + start);
    const comment = /^\{\{(?:-\s+)?\/\*[\s\S]*\*\/(?:\s+-)?\}\}$/.test(source);
    actions.push({ from, to, closed: end !== undefined, comment, tokens: comment ? [] : tokens });
    from = end === undefined ? -1 : text.indexOf('{{', end);
  }
  return actions;
}
