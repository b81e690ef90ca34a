import { defaultDeploymentId, runUrl } from '../github.ts';
import type { Io } from '../io.ts';
import type { flush, main } from '../main.ts';
import { eventBudgetMs } from '../recorder.ts';
import {
  input,
  readState,
  recorderEnv,
  recorderPath,
  saveState,
  setOutput,
  setVariable,
  sharedVariables,
} from './context.ts';

/** The recorder, as the file beside the action exports it. */
export interface Recorder {
  readonly main: typeof main;
  readonly flush: typeof flush;
}

/** An option of the recorder and its value, if there is one. */
const option = (name: string, value: string | undefined): string[] =>
  value === undefined ? [] : [`--${name}=${value}`];

const isOn = (value: string | undefined): boolean => value?.toLowerCase() === 'true';
const isStrict = (env: NodeJS.ProcessEnv): boolean => isOn(input(env, 'strict'));
const strictness = (env: NodeJS.ProcessEnv): string[] => (isStrict(env) ? ['--strict'] : []);

/** Options of `stage-finish` for the stage that the job is; undefined when it is none. */
function stageOf(env: NodeJS.ProcessEnv, startedAt: string): string[] | undefined {
  const [service, stage] = [input(env, 'service'), input(env, 'stage')];
  if (!service && !stage) return undefined;
  return [...option('service', service), ...option('stage', stage), startedAt];
}

/** Beginning of the job: outputs, and whichever of start, finish and stage-start the inputs ask for. */
async function begin(env: NodeJS.ProcessEnv, io: Io, { main: record }: Recorder): Promise<number> {
  const forRecorder = recorderEnv(env);
  const startedAt = `--started-at=${io.now() / 1000}`;
  const stage = stageOf(env, startedAt);
  // First of all, also without a stage: the state tells the second half that it is the second one, and should the
  // job be cancelled meanwhile, the end of its stage is recorded all the same.
  saveState(env, stage ? { stage: [...stage, ...option('error-type', input(env, 'error-type'))] } : {});
  const deploymentId = forRecorder.DEPLOYMENT_ID || (defaultDeploymentId(forRecorder) ?? '');
  setOutput(env, 'deployment-id', deploymentId);
  setOutput(env, 'run-url', runUrl(env));
  setOutput(env, 'recorder', recorderPath());
  setVariable(env, 'DEPLOYMENT_RECORDER', recorderPath());
  for (const [name, value] of sharedVariables(forRecorder, deploymentId)) setVariable(env, name, value);
  const ends = input(env, 'outcome') || input(env, 'results');
  const given = (...names: string[]): string[] => names.flatMap((name) => option(name, input(env, name)));
  const events = [
    ...(isOn(input(env, 'start'))
      ? [['start', startedAt, ...given('version', 'previous-deployment-id')]]
      : []),
    ...(ends ? [['finish', ...given('outcome', 'results')]] : []),
    ...(stage ? [['stage-start', ...stage]] : []),
    // Chat and Grafana are told by start and finish themselves.
    ...(isOn(input(env, 'tell')) ? [['tell', '--only=pull-requests']] : []),
  ];
  let code = 0;
  for (const event of events)
    code = Math.max(code, await record([...event, ...strictness(env)], forRecorder, io));
  return code;
}

/** The end of the stage that the job is, with the status that the job has by now. */
async function endStage(
  env: NodeJS.ProcessEnv,
  io: Io,
  { main: record }: Recorder,
  stage: readonly string[],
): Promise<number> {
  const status = input(env, 'job-status') ?? 'success';
  const message =
    status === 'failure'
      ? [`--error-message=A step of job ${env.GITHUB_JOB ?? ''} failed; its log says which.`]
      : [];
  return await record(
    ['stage-finish', ...stage, `--status=${status}`, ...message, ...strictness(env)],
    recorderEnv(env),
    io,
  );
}

/** End of the job: its stage ends, and all that still waits is sent, because the runner empties its folder now. */
async function end(
  env: NodeJS.ProcessEnv,
  io: Io,
  recorder: Recorder,
  stage: readonly string[] | undefined,
): Promise<number> {
  const begun = Date.now();
  const code = stage ? await endStage(env, io, recorder, stage) : 0;
  const left = eventBudgetMs - (Date.now() - begun);
  return Math.max(code, await recorder.flush(recorderEnv(env), io, left, isStrict(env)));
}

/** The action: its first half at the beginning of a job, its second half (`post`) at the end, also after a failure or a cancel. */
export async function action(env: NodeJS.ProcessEnv, io: Io, recorder: Recorder): Promise<number> {
  const state = readState(env);
  return state ? await end(env, io, recorder, state.stage) : await begin(env, io, recorder);
}
