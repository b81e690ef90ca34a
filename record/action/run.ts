import { defaultDeploymentId, runUrl } from '../github.ts';
import { type Io, processIo } from '../io.ts';
import { main } from '../main.ts';
import { input, readState, recorderEnv, recorderPath, saveState, setOutput } from './context.ts';

/** An option of the recorder and its value, if there is one. */
const option = (name: string, value: string | undefined): string[] =>
  value === undefined ? [] : [`--${name}=${value}`];

const isOn = (value: string | undefined): boolean => value?.toLowerCase() === 'true';

/** Beginning of the job: outputs, and whichever of start, finish and stage-start the inputs ask for. */
async function begin(env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  const forRecorder = recorderEnv(env);
  const strict = isOn(input(env, 'strict')) ? ['--strict'] : [];
  setOutput(env, 'deployment-id', forRecorder.DEPLOYMENT_ID || (defaultDeploymentId(forRecorder) ?? ''));
  setOutput(env, 'run-url', runUrl(env));
  setOutput(env, 'recorder', recorderPath());
  const codes: number[] = [];
  const record = async (...argv: string[]): Promise<void> => {
    codes.push(await main([...argv, ...strict], forRecorder, io));
  };
  if (isOn(input(env, 'start')))
    await record(
      'start',
      ...option('version', input(env, 'version')),
      ...option('previous-deployment-id', input(env, 'previous-deployment-id')),
    );
  const [outcome, results] = [input(env, 'outcome'), input(env, 'results')];
  if (outcome || results)
    await record('finish', ...option('outcome', outcome), ...option('results', results));
  const [service, stage] = [input(env, 'service'), input(env, 'stage')];
  if (service || stage) {
    const which = [...option('service', service), ...option('stage', stage)];
    await record('stage-start', ...which);
    saveState(env, {
      stage: [...which, `--started-at=${io.now() / 1000}`, ...option('error-type', input(env, 'error-type'))],
    });
  }
  return Math.max(0, ...codes);
}

/** End of the job: the end of its stage, with the status that the job has by now. */
async function end(env: NodeJS.ProcessEnv, io: Io, stage: readonly string[]): Promise<number> {
  const status = input(env, 'job-status') ?? 'success';
  const message =
    status === 'failure'
      ? [`--error-message=A step of job ${env.GITHUB_JOB ?? ''} failed; its log says which.`]
      : [];
  const strict = isOn(input(env, 'strict')) ? ['--strict'] : [];
  return await main(
    ['stage-finish', ...stage, `--status=${status}`, ...message, ...strict],
    recorderEnv(env),
    io,
  );
}

/** The action: its first half at the beginning of a job, its second half (`post`) at the end, also after a failure or a cancel. */
export async function action(env: NodeJS.ProcessEnv, io: Io = processIo): Promise<number> {
  const state = readState(env);
  return state ? await end(env, io, state.stage) : await begin(env, io);
}
