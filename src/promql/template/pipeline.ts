import { didYouMean } from '../../lib/words.ts';
import type { Span } from '../ast.ts';
import type { Report } from '../problem.ts';
import { templateFunctions } from './functions.ts';
import type { TemplateToken } from './tokens.ts';

/** What a pipeline is checked against. */
export interface PipelineContext {
  readonly report: Report;
  /** Variables that are declared at this place, without the dollar sign. */
  readonly variables: Set<string>;
  /** Labels that an alert's expression leaves; undefined when they are not known. */
  readonly labels: ReadonlySet<string> | undefined;
  /** Whether the dot is still the alert's data: not inside `range` and `with`. */
  readonly topLevel: boolean;
  /** Called for a query in quotes. */
  readonly onQuery: (token: TemplateToken) => void;
}

/** What a command of a pipeline begins with. */
interface Operand extends Span {
  readonly kind: 'function' | 'value' | 'literal';
  readonly name: string;
}

/** Reads tokens one after the other; reports at most one syntax problem. */
export class PipelineReader {
  private position = 0;
  private broken = false;
  private readonly tokens: readonly TemplateToken[];
  private readonly context: PipelineContext;
  private readonly end: Span;

  constructor(tokens: readonly TemplateToken[], end: Span, context: PipelineContext) {
    this.tokens = tokens;
    this.end = end;
    this.context = context;
  }

  /** Checks the tokens as one pipeline, declarations in front included. */
  check(): void {
    const declared = this.declarations();
    this.pipeline();
    const rest = this.tokens[this.position];
    if (rest) this.fail(rest, `${rest.text} cannot stand here.`);
    for (const name of declared) this.context.variables.add(name);
  }

  private fail(span: Span, message: string): void {
    if (!this.broken) this.context.report('template-syntax', span, message, 'Mend the template.');
    this.broken = true;
  }

  /** `$a :=`, `$i, $v :=`, `$a =`. */
  private declarations(): string[] {
    const sign = this.tokens.findIndex((t) => t.type === 'declare' || t.type === 'assign');
    if (sign === -1) return [];
    const names = this.tokens.slice(0, sign).filter((t) => t.type !== 'comma');
    if (names.length === 0 || names.length > 2 || names.some((t) => t.type !== 'variable')) return [];
    this.position = sign + 1;
    if (this.tokens[sign]?.type === 'assign') for (const name of names) this.variable(name);
    return names.map((t) => t.text.slice(1));
  }

  private pipeline(): void {
    for (let stage = 0; ; stage++) {
      this.command(stage);
      if (this.tokens[this.position]?.type !== 'pipe') return;
      this.position++;
    }
  }

  private command(stage: number): void {
    const operands: Operand[] = [];
    const first = this.position;
    for (;;) {
      const operand = this.operand();
      if (!operand) break;
      operands.push(operand);
    }
    const head = operands[0];
    if (!head) {
      const here = this.tokens[this.position];
      this.fail(here ?? this.end, here ? `${here.text} cannot stand here.` : 'A value is missing here.');
      return;
    }
    if (head.kind === 'function') this.call(head, operands.length - 1 + Math.min(stage, 1), first);
    else if (stage > 0 && head.kind === 'literal')
      this.fail(head, `${head.name} cannot take a value from a pipe.`);
    else if (operands.length > 1 || stage > 0)
      this.fail(operands[1] ?? head, `${head.name} is a value and takes no arguments.`);
  }

  private call({ name, from, to }: Operand, given: number, first: number): void {
    const known = templateFunctions.get(name);
    const { report } = this.context;
    if (!known) {
      const message = `Prometheus' templates have no function ${name}.${didYouMean(name, templateFunctions.keys())}`;
      report('template-function', { from, to }, message, 'Use one that they have, such as humanizeDuration.');
      return;
    }
    const { min, max, since } = known;
    if (since !== undefined) {
      const message = `The template function ${name} exists only since Prometheus ${since}.`;
      report('template-not-portable', { from, to }, message, 'Do without it.');
    }
    if (given < min || given > max) {
      const wanted =
        min === max ? `${min}` : max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`;
      const message = `${name} takes ${wanted} argument${wanted === '1' ? '' : 's'}, here ${given === 1 ? 'is' : 'are'} ${given}.`;
      report('template-arguments', { from, to }, message, 'Give it as many as it takes.');
    }
    const [a, b] = [this.tokens[first + 1], this.tokens[first + 2]];
    if (name === 'query' && a?.type === 'string' && given === 1) this.context.onQuery(a);
    if (name === 'index' && a?.text === '$labels' && b?.type === 'string' && !b.text.includes('\\'))
      this.label(b.text.slice(1, -1), b);
  }

  private operand(): Operand | undefined {
    const token = this.tokens[this.position];
    if (!token || ['pipe', 'close', 'comma', 'declare', 'assign'].includes(token.type)) return undefined;
    this.position++;
    const { from, to, text } = token;
    switch (token.type) {
      case 'bad':
        this.fail(token, `${text} cannot stand here.`);
        return undefined;
      case 'open':
        return this.parenthesis(token);
      case 'variable':
        this.variable(token);
        return this.fields({ kind: 'value', name: text, from, to }, text === '$labels');
      case 'dot':
      case 'field':
        return this.fields(
          { kind: 'value', name: text, from, to },
          text === '.Labels' && this.context.topLevel,
        );
      case 'word':
        return ['true', 'false', 'nil'].includes(text)
          ? { kind: 'literal', name: text, from, to }
          : this.fields({ kind: 'function', name: text, from, to }, false);
      default:
        return { kind: 'literal', name: text, from, to };
    }
  }

  private parenthesis(open: TemplateToken): Operand | undefined {
    this.pipeline();
    const close = this.tokens[this.position];
    if (close?.type !== 'close') {
      this.fail(close ?? open, close ? `${close.text} cannot stand here.` : 'This ( is never closed.');
      return undefined;
    }
    this.position++;
    return this.fields({ kind: 'value', name: '(…)', from: open.from, to: close.to }, false);
  }

  /** `.a.b` directly behind an operand. */
  private fields(operand: Operand, isLabels: boolean): Operand {
    let to = operand.to;
    for (let first = true; ; first = false) {
      const token = this.tokens[this.position];
      if (token?.type !== 'field' || token.spaced) return { ...operand, to };
      if (first && isLabels) this.label(token.text.slice(1), token);
      this.position++;
      to = token.to;
    }
  }

  private label(name: string, { from, to }: Span): void {
    const { labels, report } = this.context;
    if (!labels || labels.has(name)) return;
    const message = `The alert has no label ${name} when this is written.${didYouMean(name, labels)}`;
    const left =
      labels.size > 0 ? `The expression leaves ${[...labels].join(', ')}` : 'It leaves no label at all';
    report(
      'template-label',
      { from, to },
      message,
      `${left}: keep ${name} in its aggregation, or do not use it.`,
    );
  }

  private variable({ text, from, to }: TemplateToken): void {
    const name = text.slice(1);
    const { variables, report } = this.context;
    if (name === '' || variables.has(name)) return;
    const known = [...variables].map((v) => `$${v}`);
    const message = `There is no variable ${text}.${didYouMean(text, known)}`;
    report('template-variable', { from, to }, message, `Use one of ${known.join(', ')}.`);
  }
}
