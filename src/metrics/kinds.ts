import { spoken } from '../lib/spoken.ts';
import {
  environmentsOf,
  type Pipeline,
  runbookFolder,
  type StageKind,
  stagesOf,
  type Targets,
} from '../pipeline/index.ts';
import { applicationJob, applicationNames } from './application.ts';
import { Scalar, Vector } from './expression.ts';
import { readsOf } from './reads.ts';
import { Match } from './selectors.ts';

/**
 * Parts of expressions that the pipeline file decides, written before it is known: stages of a kind, environments
 * that count, and targets. Each stands in the expression as valid PromQL that cannot be meant otherwise (no name in a
 * pipeline file has a colon), until {@link forPipeline} puts the file's words and numbers in.
 */
const prefix = 'pipeline:';

/** Stages of some kinds: `{ stage: ofKind('deploy') }`. */
export const ofKind = (...kinds: readonly StageKind[]): `${string}` => `${prefix}stages:${kinds.join('+')}`;
/** All but stages of some kinds. */
export const notOfKind = (...kinds: readonly StageKind[]): Match<string> => new Match('!=', ofKind(...kinds));
/** Environments whose deployments count in the SLOs. */
export const countedEnvironments = `${prefix}environments:counted`;

type Path<T, P extends string = ''> = {
  [K in keyof T & string]: T[K] extends number ? `${P}${K}` : Path<T[K], `${P}${K}.`>;
}[keyof T & string];

/** The first environment that users are on. */
export const productionEnvironment = `${prefix}production`;
/** Where Grafana is. */
export const grafanaAddress = `${prefix}grafana`;
/** The folder of the runbooks. */
export const runbookAddress = `${prefix}runbooks`;
/** Grafana's unit of the pipeline's currency. */
export const currencyMark = `${prefix}currency`;
/** A target as a length of time in words, in a string of an expression. */
export const spokenTarget = (path: Path<Targets>): string => `${prefix}spoken{${path}}`;

/** A target, as a number of an expression: `target('abandoned.afterSeconds')`. */
export const target = (path: Path<Targets>): Scalar => new Scalar(`scalar(${prefix}target{of="${path}"})`);

const quoted = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\\\$&');

/** A matcher of one of these values, or of none of them. */
function matcher(operator: string, values: readonly string[]): string {
  const negative = operator.startsWith('!');
  // Nothing of that kind: a stage without a name is none, and every other has one.
  if (values.length === 0) return negative ? '!=""' : '=""';
  if (values.length === 1) return `${negative ? '!=' : '='}"${values[0]}"`;
  return `${negative ? '!~' : '=~'}"${values.map(quoted).join('|')}"`;
}

const marked = new RegExp(`(=|!=)"${prefix}(stages|environments):([a-z+]+)"`, 'g');
const markedTarget = new RegExp(`scalar\\(${prefix}target\\{of="([\\w.]+)"\\}\\)`, 'g');

const markedSpoken = new RegExp(`${prefix}spoken\\{([\\w.]+)\\}`, 'g');

/** Currencies that Grafana has a unit of; others stand before the number. */
const units = ['USD', 'EUR', 'GBP', 'JPY', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'INR', 'BRL', 'ZAR'];
const currencyUnitOf = (code: string): string =>
  units.includes(code) ? `currency${code}` : `currency:${code}`;

/** The names that a mark stands for. */
const namesFor = (pipeline: Pipeline, of: string, which: string): readonly string[] =>
  of === 'stages'
    ? stagesOf(pipeline, ...(which.split('+') as StageKind[]))
    : Object.entries(pipeline.environments).flatMap(([name, e]) =>
        e.objectives && !name.includes('*') ? [name] : [],
      );

const numberAt = (targets: Targets, path: string): number =>
  path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], targets) as number;

/** Words of expressions about the application that this pipeline calls otherwise. */
function renamed({ application }: Pipeline): ReadonlyMap<string, string> {
  if (!application) return new Map();
  const names = Object.entries(applicationNames(application)).filter(([, name]) => name !== '');
  const all = [...names, ['status_code', application.requests.status]];
  return new Map(all.filter(([from, to]) => from !== to) as [string, string][]);
}

/** Puts the words and numbers of a pipeline into expressions, and into texts with expressions in them. */
export function wordsOf(pipeline: Pipeline): (text: string) => string {
  const words = renamed(pipeline);
  const word = new RegExp(
    `(?<![\\w:])(?:${[...words.keys()].join('|')})(?=(?:_bucket|_count|_sum)?(?![\\w:]))`,
    'g',
  );
  const inOwnWords = (text: string): string =>
    words.size === 0 ? text : text.replaceAll(word, (found) => words.get(found) ?? found);
  return (text) =>
    inOwnWords(
      text.includes(prefix)
        ? text
            .replaceAll(marked, (_, operator: string, of: string, which: string) =>
              matcher(operator, namesFor(pipeline, of, which)),
            )
            .replaceAll(applicationJob, pipeline.application?.job ?? '')
            .replaceAll(productionEnvironment, environmentsOf(pipeline, 'production')[0] ?? '')
            .replaceAll(grafanaAddress, pipeline.grafana)
            .replaceAll(runbookAddress, runbookFolder(pipeline))
            .replaceAll(currencyMark, currencyUnitOf(pipeline.cost.currency))
            .replaceAll(markedSpoken, (_, path: string) => spoken(numberAt(pipeline.targets, path)))
            .replaceAll(markedTarget, (_, path: string) => String(numberAt(pipeline.targets, path)))
        : text,
    );
}

/** A copy of a value in which every expression has the words and numbers of a pipeline, and reads its transport. */
export function forPipeline<T>(value: T, pipeline: Pipeline): T {
  const inWords = wordsOf(pipeline);
  const reads = readsOf(pipeline);
  // Shared parts stay shared.
  const copies = new Map<object, unknown>();
  const copy = (v: unknown): unknown => {
    if (typeof v === 'string') return inWords(v);
    if (typeof v !== 'object' || v === null || v instanceof Map || v instanceof Set) return v;
    const made = copies.get(v);
    if (made !== undefined) return made;
    const own: Record<string, unknown> = Array.isArray(v)
      ? ([] as unknown as Record<string, unknown>)
      : (Object.create(Object.getPrototypeOf(v) as object) as Record<string, unknown>);
    copies.set(v, own);
    const isExpression = (name: string): boolean =>
      name === 'expr' || (v instanceof Vector && name === 'text');
    for (const [name, part] of Object.entries(v)) {
      const made = copy(part);
      own[name] = typeof made === 'string' && isExpression(name) ? reads(made) : made;
    }
    return own;
  };
  return copy(value) as T;
}
