import { flag, type OptionSpecs, text, time, type Values } from '../lib/options.ts';
import { runChild } from './child.ts';
import type { Io } from './io.ts';
import { defaultEnvironment } from './pipeline.ts';
import type { Recorder } from './recorder.ts';

/** Options that every verb takes. */
export const commonOptions = {
  environment: text('NAME', 'where it is deployed to', {
    env: 'DEPLOYMENT_ENVIRONMENT',
    default: defaultEnvironment,
  }),
  'deployment-id': text(
    'ID',
    "the deployment; else DEPLOYMENT_ID, else GitHub's run id (with -N from attempt 2 on)",
    {
      env: 'DEPLOYMENT_ID',
    },
  ),
  at: time('TIME', 'when it happened, if not now (Unix seconds, or ISO 8601 with a time zone)'),
  strict: flag('exit with 1 when something could not be recorded'),
  'dry-run': flag('print what would be pushed; do nothing, run no command'),
} as const;

/** Options of a verb that is not further known. */
export type AnyOptions = OptionSpecs & typeof commonOptions;

/** The grouping key that all events of a deployment share. (A type, because an interface may not be used as a record.) */
export type DeploymentKey = {
  readonly environment: string;
  readonly deployment_id: string;
};

/** One call of a verb, with its options understood. */
export interface Call<O extends OptionSpecs> {
  readonly values: Values<O & typeof commonOptions>;
  /** Words after ` -- `. */
  readonly command: readonly string[] | undefined;
  readonly deployment: DeploymentKey;
  /** `--at`, or now; milliseconds. */
  readonly at: number;
  readonly env: NodeJS.ProcessEnv;
  readonly io: Io;
  readonly recorder: Recorder;
}

/** A call whose recording is off because something in it is wrong; the deployment must go on all the same. */
export type UnrecordedCall<O extends OptionSpecs> = Pick<Call<O>, 'command' | 'env' | 'io'> & {
  readonly values: Partial<Call<O>['values']>;
};

/** One verb of the recorder. One more verb is one more file and one line in the registry. */
export interface Verb<O extends OptionSpecs = OptionSpecs> {
  readonly name: string;
  /** One line for the list of verbs. */
  readonly summary: string;
  readonly options: O;
  /** Whether it wraps a command; `or-status`: either that, or --status of what has run already. */
  readonly command: 'required' | 'or-status' | 'optional' | 'none';
  /** More for its --help: what is recorded, exit codes, examples. */
  readonly details: string | (() => string);
  /** Message to the chat after it, sent by a process of its own. */
  readonly tells?: 'start' | 'progress';
  /** Problems that concern several options, in sentences. */
  readonly check?: (
    values: Values<O & typeof commonOptions>,
    command: readonly string[] | undefined,
    now: number,
  ) => string[];
  /** True when the recorder does it itself although no command is given; then nothing can be said of what happened already. */
  readonly runsNow?: (values: Values<O & typeof commonOptions>) => boolean;
  /** Records no time, so that --at would say nothing. */
  readonly timeless?: true;
  /** Does it, and returns the exit code as far as the verb itself is concerned. */
  readonly run: (call: Call<O>) => Promise<number>;
  /**
   * Runs when the call cannot be recorded because of wrong options: telemetry never changes what a
   * deployment does, so by default the command runs, and its exit code is the answer.
   */
  readonly unrecorded?: (call: UnrecordedCall<O>) => Promise<number>;
  /**
   * Exit code when it could not do its work, by wrong options (unless there is
   * `unrecorded`) or by a mistake of the recorder: callers act on the exit code, and 0 would be an answer.
   */
  readonly undecided?: number;
  /** Verbs that are about all deployments need no deployment id. */
  readonly needsDeployment?: false;
}

/** Keeps the types of the options inside of the verb, and forgets them outside. */
export const defineVerb = <const O extends OptionSpecs>(verb: Verb<O>): Verb => verb as unknown as Verb;

/** Runs the wrapped command as if there were no recorder. */
export async function runUnrecorded({ command, env, io }: UnrecordedCall<OptionSpecs>): Promise<number> {
  return command && command.length > 0 ? (await runChild(command, { env, io })).code : 0;
}
