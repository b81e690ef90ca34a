import type { Matcher, Node, Span } from './ast.ts';
import { lintPromql, type Vocabulary } from './lint.ts';
import { selectors } from './nodes.ts';
import { type Parsed, parsePromql } from './parse.ts';
import { inOrder, type PortabilityProblem, type Problem } from './problem.ts';
import { type Replaced, type Substitution, substitute, type Variable } from './variables.ts';

const overlaps = (a: Span, b: Span): boolean => a.from < b.to && b.from < a.to;

/**
 * Everything that is wrong with a query of a dashboard, placed in the text as written: variables that are not
 * declared, what Prometheus would refuse with one value or with "All", what some versions lack, and, given the
 * metrics that exist, what Prometheus would accept and never answer. A plain expression is one without variables.
 * @param parse for callers that read the same expressions again, and keep what was read
 */
export function queryProblems(
  text: string,
  variables: readonly Variable[],
  vocabulary?: Vocabulary,
  parse: (text: string) => Parsed = parsePromql,
): Problem[] {
  const sample = substitute(text, variables, 'sample');
  const all = substitute(text, variables, 'all');
  const undeclared = sample.unknown.map(({ name, from, to }) => {
    const message = `The dashboard declares no variable ${name}.`;
    return { id: 'variable-undeclared', message, fix: 'Declare it, or fix its name.', from, to };
  });
  const parts = [
    ...judged(sample, vocabulary, parse),
    ...(all.text === sample.text ? [] : judgedWithAll(all)),
  ];
  return inOrder([...undeclared, ...parts]);
}

function judged(
  substitution: Substitution,
  vocabulary: Vocabulary | undefined,
  parse: (text: string) => Parsed,
): Problem[] {
  const parsed = parse(substitution.text);
  if (!parsed.ok) return placed(parsed.problems, substitution);
  const lint = vocabulary ? lintPromql(parsed.ast, vocabulary) : [];
  const real = lint.filter((problem) => !isGuessed(problem, parsed.ast, substitution.replaced));
  return placed([...parsed.notPortable.filter((p) => !isWrittenBy(p, substitution)), ...real], substitution);
}

/** A problem of the value that only stands in for a variable, and not of the expression around it. */
function isGuessed(problem: Problem, ast: Node, replaced: readonly Replaced[]): boolean {
  const guessed = replaced.filter(({ variable }) => variable.samples === undefined);
  if (guessed.length === 0) return false;
  const matchers = selectors(ast).flatMap((selector) => selector.matchers);
  return guessed.some((r) => {
    if (r.variable.kind === 'label-name') return overlaps(r, problem);
    const around = matchers.find((matcher) => overlaps(r, matcher)) ?? r;
    return around.from <= problem.from && problem.to <= around.to;
  });
}

/** A number that only stands in for a variable says nothing about versions. */
const isWrittenBy = (problem: PortabilityProblem, { replaced }: Substitution): boolean =>
  replaced.some(({ from, to }) => from <= problem.from && problem.to <= to);

function judgedWithAll(substitution: Substitution): Problem[] {
  const parsed = parsePromql(substitution.text);
  if (!parsed.ok) return placed(parsed.problems, substitution);
  return placed(comparedWithAll(parsed.ast, substitution.replaced), substitution);
}

/** `label="$all"`: "All" is a regular expression, and = compares with it letter by letter. */
function comparedWithAll(ast: Node, replaced: readonly Replaced[]): Problem[] {
  const matchers = selectors(ast).flatMap((selector) => selector.matchers);
  return matchers.flatMap((matcher: Matcher) => {
    if (matcher.op === '=~' || matcher.op === '!~') return [];
    const found = replaced.find((r) => r.variable.allValue !== undefined && overlaps(r, matcher.valueSpan));
    if (!found) return [];
    const { name } = found.variable;
    const message = `With "All" chosen, ${matcher.label}${matcher.op}"$${name}" matches nothing.`;
    const op = matcher.op === '=' ? '=~' : '!~';
    return [{ id: 'variable-all', message, fix: `Write ${op}.`, from: matcher.from, to: matcher.to }];
  });
}

const placed = (problems: readonly Problem[], { mapSpan }: Substitution): Problem[] =>
  problems.map((problem) => ({ ...problem, ...mapSpan(problem) }));
