import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labels, stageStatuses } from '../metrics/index.ts';
import { type LabelValue, type Sample, samplesOf } from './emit.ts';
import { carried } from './pipeline.ts';
import { makeStateFolder, shortHash, stateFolder } from './spool.ts';
import { lengthSeconds, toSeconds } from './time.ts';
import type { DeploymentKey } from './verb.ts';

/** The grouping key of a stage. A migration's has `migration_name` too. */
export type StageGroup = DeploymentKey & {
  readonly service: string;
  readonly stage: string;
};
/** How a stage ends. */
export type StageStatus = LabelValue<'deployment_total', 'status'>;
/** Error of a stage, as a code. */
export type ErrorType = LabelValue<'deployment_errors_total', 'error_type'>;

/** The code of a type of error, or of a reason: a word that is none of them is `other`, and its info series has it. */
export const codeOf = <const C extends string>(codes: readonly C[], word: string): C | 'other' =>
  codes.find((code) => code === word) ?? 'other';

/** Facts of a stage when it begins. */
export interface StageStart {
  readonly startedMs: number;
  readonly logUrl: string;
}

/** Facts of a stage when it has ended. */
export interface StageEnd {
  /** Unknown when the end is reported on another machine than the beginning. */
  readonly startedMs?: number | undefined;
  readonly finishedMs: number;
  readonly status: StageStatus;
  readonly logUrl: string;
  /** Of a failure. */
  readonly error?: { readonly type: string; readonly message: string };
}

/** Default error type of a stage, from the pipeline file. */
export const defaultErrorType = (stage: string): string =>
  carried().stages[stage]?.errorType ?? 'command_failed';

/** Types that lie with the CI system, the network or a machine, and not with what is deployed. */
const notTheCode: readonly ErrorType[] = [
  'infrastructure',
  'network',
  'out_of_memory',
  'timeout',
  'database_connection_error',
  'api_unreachable',
];

/** True for an error of this type when the code that is deployed is not what failed: a pipeline's `error`, as OpenTelemetry calls it. */
export const isNotTheCode = (type: string): boolean => notTheCode.some((one) => one === type);

/** Ways in which a deployed version that is no good shows itself to the one who checks it. */
const unreachable: readonly ErrorType[] = ['network', 'api_unreachable', 'dependency'];

/** Error type by the output and the stage's default. */
export function errorTypeOf(usual: string, found: ErrorType | undefined): string {
  const checks = usual === 'health_check_failed' || usual === 'test_failed';
  return found === undefined || (checks && unreachable.includes(found)) ? usual : found;
}

/** Samples of a stage that begins. */
export function stageStartSamples(group: StageGroup, { startedMs, logUrl }: StageStart): Sample[] {
  const emit = samplesOf(group);
  return [
    emit('deployment_stage_started_timestamp_seconds', {}, toSeconds(startedMs)),
    emit('deployment_stage_info', { log_url: logUrl }, 1),
  ];
}

/** Samples of a stage that has ended: everything that is known of it, so that a lost beginning does not matter. */
export function stageEndSamples(group: StageGroup, end: StageEnd): Sample[] {
  const { startedMs, finishedMs, status, logUrl, error } = end;
  const emit = samplesOf(group);
  return [
    ...(startedMs === undefined
      ? []
      : [emit('deployment_stage_started_timestamp_seconds', {}, toSeconds(startedMs))]),
    emit('deployment_stage_info', { log_url: logUrl }, 1),
    emit('deployment_stage_finished_timestamp_seconds', {}, toSeconds(finishedMs)),
    emit('deployment_stage_status_code', {}, stageStatuses[status]),
    ...(startedMs === undefined
      ? []
      : [emit('deployment_stage_duration_seconds', { status }, lengthSeconds(startedMs, finishedMs))]),
    emit('deployment_total', { status }, 1),
    ...(error
      ? [
          emit('deployment_errors_total', { error_type: codeOf(labels.error_type, error.type) }, 1),
          emit('deployment_error_info', { error_type: error.type, message: error.message }, 1),
        ]
      : []),
  ];
}

/** The folder that remembers beginnings. */
const started = 'started';
const memory = (env: NodeJS.ProcessEnv, group: StageGroup): string =>
  join(stateFolder(env), started, shortHash(JSON.stringify(group)));

/** Remembers on this machine when a stage began, so that `stage-finish` knows how long it took. */
export function rememberStart(env: NodeJS.ProcessEnv, group: StageGroup, startedMs: number): void {
  try {
    makeStateFolder(env, started);
    writeFileSync(memory(env, group), String(startedMs), { mode: 0o600 });
  } catch {
    // Then the duration follows from the two timestamps only.
  }
}

/** When a stage began, if this machine recorded it; forgets it. */
export function recallStart(env: NodeJS.ProcessEnv, group: StageGroup): number | undefined {
  try {
    const file = memory(env, group);
    const startedMs = Number(readFileSync(file, 'utf8'));
    rmSync(file);
    return Number.isFinite(startedMs) ? startedMs : undefined;
  } catch {
    return undefined;
  }
}
