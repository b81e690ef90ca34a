import { parsePromql } from './parse.ts';
import { collector, inOrder, type Problem, type Report } from './problem.ts';
import { unquote } from './strings.ts';
import { type PipelineContext, PipelineReader } from './template/pipeline.ts';
import { type Action, actionsOf, type TemplateToken } from './template/tokens.ts';

/** What Prometheus declares in front of every annotation. */
const declared = ['labels', 'externalLabels', 'externalURL', 'value'];

/** A block that is open: what it began with, and what it can see. */
interface Block {
  readonly word: string;
  readonly action: Action;
  readonly variables: Set<string>;
  readonly topLevel: boolean;
  elseSeen: boolean;
}

const blockWords: ReadonlySet<string> = new Set(['if', 'range', 'with', 'define', 'block']);
/** Blocks in which the dot is something else. */
const rebinds: ReadonlySet<string> = new Set(['range', 'with', 'define', 'block']);

interface State {
  readonly report: Report;
  readonly labels: ReadonlySet<string> | undefined;
  readonly blocks: Block[];
  readonly root: Set<string>;
}

/**
 * What is wrong with an annotation (or a label) of an alert, a Go template as Prometheus expands it.
 * @param labels the labels that the alert's expression leaves (`outputLabels`); those that the rule adds are not
 * there yet when an annotation is written. Without them, labels are not checked.
 */
export function templateProblems(text: string, labels?: ReadonlySet<string>): Problem[] {
  const problems: Problem[] = [];
  const state: State = { report: collector(problems), labels, blocks: [], root: new Set(declared) };
  let end = 0;
  for (const action of actionsOf(text)) {
    strayClosing(text.slice(end, action.from), end, state.report);
    end = action.to;
    checkAction(action, state);
  }
  strayClosing(text.slice(end), end, state.report);
  for (const { word, action } of state.blocks)
    state.report('template-syntax', action, `This ${word} has no end.`, 'Add {{ end }}.');
  return inOrder(problems);
}

/** `{ $value }}`: Go takes it for plain text, and so does whoever is paged. */
function strayClosing(text: string, offset: number, report: Report): void {
  const at = text.indexOf('}}');
  if (at === -1) return;
  const span = { from: offset + at, to: offset + at + 2 };
  report('template-syntax', span, 'This }} closes nothing and is shown as it is.', 'Open it with {{.');
}

function checkAction(action: Action, state: State): void {
  const { report, blocks } = state;
  if (!action.closed) {
    report('template-syntax', action, 'This {{ is never closed.', 'Close it with }}.');
    return;
  }
  const [first, ...rest] = action.tokens;
  const word = first?.type === 'word' ? first.text : '';
  if (first && blockWords.has(word)) openBlock(first, rest, action, state);
  else if (word === 'else') checkElse(rest, action, state);
  else if (word === 'end') {
    if (!blocks.pop()) report('template-syntax', action, 'There is nothing to end here.', 'Remove it.');
  } else if (word === 'break' || word === 'continue') {
    if (!blocks.some((b) => b.word === 'range'))
      report('template-syntax', action, `${word} goes inside a range only.`, 'Remove it.');
  } else if (word === 'template') checkPipeline(rest.slice(1), action, state, true);
  else if (!action.comment) checkPipeline(action.tokens, action, state);
}

function openBlock(first: TemplateToken, rest: readonly TemplateToken[], action: Action, state: State): void {
  const outer = state.blocks.at(-1);
  const variables = new Set(first.text === 'define' ? ['', ...declared] : (outer?.variables ?? state.root));
  const topLevel = (outer?.topLevel ?? true) && !rebinds.has(first.text);
  const named = first.text === 'define' || first.text === 'block';
  if (named && rest[0]?.type !== 'string')
    state.report('template-syntax', action, `${first.text} needs a name in quotes.`, 'Write one.');
  const block = { word: first.text, action, variables, topLevel, elseSeen: false };
  const tokens = named ? rest.slice(1) : rest;
  if (first.text !== 'define') checkPipeline(tokens, action, state, named, variables);
  state.blocks.push(block);
}

function checkElse(rest: readonly TemplateToken[], action: Action, state: State): void {
  const block = state.blocks.at(-1);
  if (!block || block.elseSeen || block.word === 'define' || block.word === 'block') {
    state.report('template-syntax', action, 'There is no if that this else belongs to.', 'Remove it.');
    return;
  }
  const [word, ...condition] = rest;
  if (!word) block.elseSeen = true;
  else if (word.text === 'if' && block.word === 'if') checkPipeline(condition, action, state);
  else
    state.report(
      'template-syntax',
      word,
      `${word.text} cannot stand behind else.`,
      'Write else, or else if.',
    );
}

function checkPipeline(
  tokens: readonly TemplateToken[],
  action: Action,
  state: State,
  mayBeEmpty = false,
  variables?: Set<string>,
): void {
  if (mayBeEmpty && tokens.length === 0) return;
  const block = state.blocks.at(-1);
  const context: PipelineContext = {
    report: state.report,
    labels: state.labels,
    variables: variables ?? block?.variables ?? state.root,
    topLevel: block?.topLevel ?? true,
    onQuery: (token) => checkQuery(token, state.report),
  };
  new PipelineReader(tokens, action, context).check();
}

/** A query in quotes inside a template is PromQL as well. */
function checkQuery({ text, from, to }: TemplateToken, report: Report): void {
  const query = unquote(text);
  const parsed = query.ok ? parsePromql(query.value) : undefined;
  if (!query.ok || !parsed || parsed.ok) return;
  const plain = query.value.length === text.length - 2;
  for (const problem of parsed.problems) {
    const span = plain ? { from: from + 1 + problem.from, to: from + 1 + problem.to } : { from, to };
    report(problem.id, span, problem.message, problem.fix);
  }
}
