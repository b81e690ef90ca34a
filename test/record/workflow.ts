import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

type Env = Readonly<Record<string, string>>;
type Result = 'success' | 'failure' | 'cancelled' | 'skipped';
interface StepDefinition {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly env?: Env;
  readonly 'continue-on-error'?: boolean;
}
interface JobDefinition {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly outputs?: Env;
  readonly steps: readonly StepDefinition[];
}
/** A workflow as far as it is run here. */
export interface Workflow {
  readonly env?: Env;
  readonly jobs: Readonly<Record<string, JobDefinition>>;
}

/** Surroundings of the workflow. */
export interface Machine {
  /** Folder in which each job gets its own temporary one. */
  readonly folder: string;
  readonly workspace: string;
  readonly env: Env;
  readonly vars: Env;
  readonly secrets: Env;
  /** Inputs of the person who started the run; none after a push. */
  readonly inputs: Readonly<Record<string, boolean | string>>;
  /** Which attempt of the run it is. */
  readonly attempt: string;
  /** Jobs that succeeded in an earlier attempt and are not run again, each with its outputs. */
  readonly earlier: Readonly<Record<string, Env>>;
  /** Runs one half of our action; the inputs are evaluated. */
  readonly action: (half: 'main' | 'post', inputs: Env, env: Env) => Promise<void>;
  readonly actionName: string;
  readonly actionInputs: Readonly<Record<string, string>>;
  /** When this file appears, the run is cancelled, as a person would do it. */
  readonly cancelWhen: string;
}

interface Needed {
  readonly result: Result;
  readonly outputs: Env;
}
interface Contexts {
  readonly needs: Readonly<Record<string, Needed>>;
  readonly steps: Record<string, { outputs: Env; outcome: Result }>;
  readonly env: Env;
  readonly vars: Env;
  readonly secrets: Env;
  readonly inputs: Machine['inputs'];
  readonly github: Env;
  readonly job: { status: Exclude<Result, 'skipped'>; check_run_id: string };
}

/** Reads a workflow file. */
export const readWorkflow = (file: string): Workflow => parse(readFileSync(file, 'utf8')) as Workflow;

const lookUp = (contexts: Contexts, path: string): unknown => {
  const parts = path.split('.');
  const star = parts.indexOf('*');
  const walk = (from: unknown, keys: readonly string[]): unknown =>
    keys.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], from);
  if (star === -1) return walk(contexts, parts) ?? '';
  const each = Object.values(walk(contexts, parts.slice(0, star)) as object);
  return each.map((one) => walk(one, parts.slice(star + 1)));
};

/** Evaluates an expression of GitHub's language, as far as the example uses it. */
export function evaluate(expression: string, contexts: Contexts): unknown {
  const { status } = contexts.job;
  const functions = {
    always: () => true,
    cancelled: () => status === 'cancelled',
    failure: () => status === 'failure',
    success: () => status === 'success',
    join: (list: readonly unknown[], separator = ',') => list.join(separator),
    format: (text: string, ...values: unknown[]) =>
      text.replace(/\{(\d+)\}/g, (_m, i) => String(values[Number(i)] ?? '')),
    get: (path: string) => lookUp(contexts, path),
  };
  const script = expression.replace(/'[^']*'|[A-Za-z_][\w-]*(?:\.(?:[\w-]+|\*))*(\s*\()?/g, (word, call) =>
    word.startsWith("'") || call || word === 'true' || word === 'false'
      ? word
      : `get(${JSON.stringify(word)})`,
  );
  return new Function(...Object.keys(functions), `return (${script});`)(
    ...Object.values(functions),
  ) as unknown;
}

const fill = (text: unknown, contexts: Contexts): string =>
  String(text).replace(/\$\{\{(.*?)\}\}/g, (_all, expression: string) =>
    String(evaluate(expression, contexts) ?? ''),
  );
const fillAll = (values: Readonly<Record<string, unknown>> | undefined, contexts: Contexts): Env =>
  Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, fill(value, contexts)]));

/** Conditions run only after success, unless they speak of the status themselves. */
function holds(condition: string | undefined, contexts: Contexts, allWell: boolean): boolean {
  const text = condition?.replace(/^\s*\$\{\{|\}\}\s*$/g, '') ?? 'true';
  const speaks = /\b(always|cancelled|failure|success)\(\)/.test(text);
  return (speaks || allWell) && Boolean(evaluate(text, contexts));
}

/** Values of a file that a step wrote for the runner. */
export function runnerFile(path: string): Record<string, string> {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  const values: Record<string, string> = {};
  for (let i = 0; i < lines.length; i++) {
    const [, name, end] = /^([^=<]+)<<(.+)$/.exec(lines[i]!) ?? [];
    const [, plain, value] = /^([^=<]+)=(.*)$/.exec(lines[i]!) ?? [];
    if (name) {
      const until = lines.indexOf(end!, i + 1);
      values[name] = lines.slice(i + 1, until).join('\n');
      i = until;
    } else if (plain) values[plain] = value!;
  }
  return values;
}

/** Runs a workflow the way the runner does: jobs by what they need, steps by their conditions, ends of actions last. */
export async function runWorkflow(workflow: Workflow, machine: Machine): Promise<Record<string, Needed>> {
  const done: Record<string, Needed> = {};
  const cancelled = (): boolean => existsSync(machine.cancelWhen);
  for (const [name, definition] of Object.entries(workflow.jobs)) {
    const earlier = machine.earlier[name];
    if (earlier) {
      done[name] = { result: 'success', outputs: earlier };
      continue;
    }
    const names = typeof definition.needs === 'string' ? [definition.needs] : (definition.needs ?? []);
    const needs = Object.fromEntries(names.map((need) => [need, done[need]!]));
    const status = cancelled()
      ? 'cancelled'
      : Object.values(needs).some((n) => n.result === 'failure')
        ? 'failure'
        : 'success';
    const contexts: Contexts = {
      needs,
      steps: {},
      env: workflow.env ?? {},
      vars: machine.vars,
      secrets: machine.secrets,
      inputs: machine.inputs,
      github: { token: 'token-of-github', run_attempt: machine.attempt },
      job: { status, check_run_id: '555' },
    };
    const allWell = status === 'success' && Object.values(needs).every((n) => n.result === 'success');
    if (!holds(definition.if, contexts, allWell)) done[name] = { result: 'skipped', outputs: {} };
    else {
      // The job's own status begins well, also when it runs because others failed.
      contexts.job.status = 'success';
      done[name] = await new JobRun(name, definition, contexts, machine).run();
    }
  }
  return done;
}

/** One job on its machine. */
class JobRun {
  readonly #name: string;
  readonly #definition: JobDefinition;
  readonly #contexts: Contexts;
  readonly #machine: Machine;
  readonly #temp: string;
  readonly #posts: (() => Promise<void>)[] = [];
  #variables: Env = {};

  constructor(name: string, definition: JobDefinition, contexts: Contexts, machine: Machine) {
    this.#name = name;
    this.#definition = definition;
    this.#contexts = contexts;
    this.#machine = machine;
    this.#temp = mkdtempSync(join(machine.folder, `${name}-`));
  }

  async run(): Promise<Needed> {
    const { job } = this.#contexts;
    for (const [index, step] of this.#definition.steps.entries()) {
      const id = step.id ?? `step-${index}`;
      if (!holds(step.if, this.#contexts, job.status === 'success')) {
        this.#contexts.steps[id] = { outputs: {}, outcome: 'skipped' };
        continue;
      }
      const files = Object.fromEntries(
        ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_STATE'].map((file) => [
          file,
          join(this.#temp, `${file}-${index}`),
        ]),
      ) as Record<'GITHUB_OUTPUT' | 'GITHUB_ENV' | 'GITHUB_STATE', string>;
      const outcome = await this.#step(step, files);
      this.#contexts.steps[id] = { outputs: runnerFile(files.GITHUB_OUTPUT), outcome };
      this.#variables = { ...this.#variables, ...runnerFile(files.GITHUB_ENV) };
      if (outcome !== 'success' && !step['continue-on-error'] && job.status === 'success')
        job.status = outcome === 'cancelled' ? 'cancelled' : 'failure';
    }
    for (const post of this.#posts.reverse()) await post();
    return { result: job.status, outputs: fillAll(this.#definition.outputs, this.#contexts) };
  }

  #env(step: StepDefinition, files: Env): Env {
    const { env } = this.#contexts;
    return {
      ...this.#machine.env,
      RUNNER_TEMP: this.#temp,
      GITHUB_JOB: this.#name,
      ...fillAll(env, this.#contexts),
      ...this.#variables,
      ...fillAll(step.env, this.#contexts),
      ...files,
    };
  }

  async #step(
    step: StepDefinition,
    files: Env & { GITHUB_STATE: string },
  ): Promise<Exclude<Result, 'skipped'>> {
    if (step.run !== undefined)
      return await this.#script(fill(step.run, this.#contexts), this.#env(step, files));
    if (!step.uses?.startsWith(this.#machine.actionName)) return 'success';
    const inputs = (): Env => fillAll({ ...this.#machine.actionInputs, ...step.with }, this.#contexts);
    await this.#machine.action('main', inputs(), this.#env(step, files));
    const state = Object.fromEntries(
      Object.entries(runnerFile(files.GITHUB_STATE)).map(([k, v]) => [`STATE_${k}`, v]),
    );
    this.#posts.push(() => this.#machine.action('post', inputs(), { ...this.#env(step, {}), ...state }));
    return 'success';
  }

  async #script(text: string, env: Env): Promise<Exclude<Result, 'skipped'>> {
    const before = existsSync(this.#machine.cancelWhen);
    const file = join(this.#temp, 'script.sh');
    writeFileSync(file, text);
    const child = spawn('bash', ['-e', file], {
      env,
      cwd: this.#machine.workspace,
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    const watch = setInterval(() => this.#cancel(child, before, watch), 20);
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    clearInterval(watch);
    if (!before && existsSync(this.#machine.cancelWhen)) return 'cancelled';
    return code === 0 ? 'success' : 'failure';
  }

  /** Cancels the running step as the runner does: SIGINT to its first process, and later the end. */
  #cancel(child: ChildProcess, before: boolean, watch: NodeJS.Timeout): void {
    if (before || !existsSync(this.#machine.cancelWhen)) return;
    clearInterval(watch);
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGKILL'), 7_500).unref();
  }
}
