import { isMap, isScalar, isSeq, parseDocument, type Scalar, type YAMLMap } from 'yaml';
import { UserError } from '../lib/errors.ts';

/** A piece of the file: offsets of its first and one past its last character. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** One step of a job, or the job itself where it calls another workflow. */
export interface Step {
  readonly job: string;
  /** Its name, else the action that it uses (without version), else the first line of its commands. */
  readonly label: string;
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  /** `if`, as written. */
  readonly condition?: string;
  readonly workingDirectory?: string;
  readonly with: Readonly<Record<string, string>>;
  /** Of the workflow, the job and the step, the innermost last. */
  readonly env: Readonly<Record<string, string>>;
  /** The step's mapping; its first character is that of its first key. */
  readonly place: Place;
  /** The value of `run`, with its quotes or its block sign. */
  readonly runPlace?: Place;
}

export interface Job {
  readonly id: string;
  /** As runs show it; a matrix may fill it in. */
  readonly name?: string;
  readonly needs: readonly string[];
  readonly environment?: string;
  readonly matrix: Readonly<Record<string, readonly string[]>>;
  readonly steps: readonly Step[];
}

export interface Workflow {
  /** As given, for messages. */
  readonly file: string;
  readonly name: string;
  /** `push`, `workflow_dispatch` and the like. */
  readonly triggers: readonly string[];
  readonly jobs: readonly Job[];
  /** Options of a choice that is called `environment`. */
  readonly environmentChoices: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

const mapOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
const textOf = (value: unknown): string | undefined =>
  ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
const texts = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(mapOf(value)).flatMap(([key, v]) => (textOf(v) === undefined ? [] : [[key, String(v)]])),
  );

const withoutVersion = (uses: string): string => uses.replace(/@[^@]*$/, '');

const placeOf = (node: unknown): Place | undefined => {
  const range = (node as { range?: readonly number[] } | null)?.range;
  return range ? { start: range[0]!, end: range[1]! } : undefined;
};

function labelOf(name: string | undefined, uses: string | undefined, run: string | undefined): string {
  const first = run?.split('\n').find((line) => line.trim() !== '');
  return name ?? (uses === undefined ? undefined : withoutVersion(uses)) ?? first?.trim() ?? 'step';
}

interface Around {
  readonly job: string;
  readonly env: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
}

function stepOf(node: YAMLMap, { job, env, workingDirectory }: Around): Step {
  const raw = node.toJSON() as Json;
  const [name, uses, run, id] = ['name', 'uses', 'run', 'id'].map((key) => textOf(raw[key]));
  const directory = textOf(raw['working-directory']) ?? workingDirectory;
  const condition = textOf(raw.if);
  const runPlace = placeOf(node.get('run', true) as Scalar | undefined);
  return {
    job,
    label: labelOf(name, uses, run),
    ...(id !== undefined && { id }),
    ...(name !== undefined && { name }),
    ...(uses !== undefined && { uses: withoutVersion(uses) }),
    ...(run !== undefined && { run }),
    ...(condition !== undefined && { condition }),
    ...(directory !== undefined && { workingDirectory: directory }),
    with: texts(raw.with),
    env: { ...env, ...texts(raw.env) },
    place: placeOf(node)!,
    ...(runPlace && { runPlace }),
  };
}

const defaultDirectory = (raw: Json): string | undefined =>
  textOf(mapOf(mapOf(raw.defaults).run)['working-directory']);

function jobOf(id: string, node: YAMLMap, env: Readonly<Record<string, string>>, directory?: string): Job {
  const raw = node.toJSON() as Json;
  const inner = defaultDirectory(raw) ?? directory;
  const around: Around = {
    job: id,
    env: { ...env, ...texts(raw.env) },
    ...(inner !== undefined && { workingDirectory: inner }),
  };
  const environment = textOf(raw.environment) ?? textOf(mapOf(raw.environment).name);
  const matrix = Object.entries(mapOf(mapOf(raw.strategy).matrix)).map(
    ([key, values]) => [key, listOf(values).flatMap((v) => textOf(v) ?? [])] as const,
  );
  const steps = node.get('steps', true);
  const called = textOf(raw.uses);
  const name = textOf(raw.name);
  return {
    id,
    ...(name !== undefined && { name }),
    needs: listOf(raw.needs).map(String),
    ...(environment !== undefined && { environment }),
    matrix: Object.fromEntries(matrix),
    steps: isSeq(steps)
      ? steps.items.filter(isMap).map((step) => stepOf(step as YAMLMap, around))
      : called === undefined
        ? []
        : [stepOf(node, around)],
  };
}

/**
 * Reads a workflow of GitHub Actions.
 * @throws UserError when the text is no workflow
 */
export function readWorkflow(file: string, text: string): Workflow {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new UserError(`${file} is not YAML: ${error.message.split('\n')[0]}`, 'Correct it first.');
  const jobs = document.get('jobs', true);
  if (!isMap(jobs))
    throw new UserError(`${file} is no workflow: it has no "jobs".`, 'Name one of .github/workflows.');
  const raw = document.toJSON() as Json;
  const on = raw.on ?? raw.true;
  const inputs = mapOf(mapOf(mapOf(on).workflow_dispatch).inputs);
  return {
    file,
    name: textOf(raw.name) ?? file,
    triggers: typeof on === 'object' && !Array.isArray(on) ? Object.keys(mapOf(on)) : listOf(on).map(String),
    jobs: jobs.items.flatMap(({ key, value }) =>
      isScalar(key) && isMap(value)
        ? [jobOf(String(key.value), value as YAMLMap, texts(raw.env), defaultDirectory(raw))]
        : [],
    ),
    environmentChoices: listOf(mapOf(inputs.environment).options).flatMap((v) => textOf(v) ?? []),
  };
}
