import { recordAround } from '../around.ts';
import type { Ended } from '../child.ts';
import { type Push, type Sample, samplesOf } from '../emit.ts';
import { choice, number, text, time } from '../options.ts';
import { type StageEnd, type StageStatus, stageEndSamples, stageStartSamples } from '../stages.ts';
import { formatSeconds, lengthSeconds } from '../time.ts';
import { type Call, type Deployment, defineVerb } from '../verb.ts';
import { errorOptions, logUrl, logUrlOption, reportedError, reportedStatuses, stageEndOf } from './shared.ts';

const options = {
  'migration-name': text('NAME', 'which run of migrations', { default: 'alembic_head' }),
  count: number('N', 'how many were applied; else the lines with "Running upgrade" in the output', {
    min: 0,
  }),
  status: choice(
    reportedStatuses,
    'STATUS',
    'how it ended (or that it runs), when it is not run by the recorder',
  ),
  'started-at': time('TIME', 'when it began, with --status'),
  'finished-at': time('TIME', 'when it ended, with --status'),
  ...errorOptions,
  ...logUrlOption,
} as const;

const groupOf = (deployment: Deployment, name: string) =>
  ({ ...deployment, service: 'database', stage: 'migration', migration_name: name }) as const;

/** The migration as a stage, and, unless it was cancelled or skipped, what it came to. */
function endSamples(group: ReturnType<typeof groupOf>, end: StageEnd, count: number): Sample[] {
  const emit = samplesOf(group);
  const asStage = stageEndSamples(group, end);
  if (end.status === 'cancelled' || end.status === 'skipped') return asStage;
  const passed = end.status === 'success';
  const seconds = end.startedMs === undefined ? undefined : lengthSeconds(end.startedMs, end.finishedMs);
  return [
    ...asStage,
    emit('migration_total', { status: end.status }, 1),
    emit('migration_success', {}, passed ? 1 : 0),
    emit('migrations_applied', {}, count),
    ...(seconds === undefined
      ? []
      : [
          emit('migration_duration_seconds', {}, seconds),
          emit('database_migration_lag_seconds', { migration_count: String(count) }, seconds),
        ]),
  ];
}

const marker = 'Running upgrade';

/** Counts the lines that Alembic writes for each migration, in pieces of output that may be split anywhere. */
export class UpgradeCounter {
  #count = 0;
  #rest = '';

  /** Takes the next piece. */
  push(chunk: Uint8Array): void {
    const lines = (this.#rest + Buffer.from(chunk).toString('latin1')).split('\n');
    // Enough of an unfinished line to recognise it by.
    this.#rest = lines.pop()!.slice(-4096);
    this.#count += lines.filter((line) => line.includes(marker)).length;
  }

  /** Lines so far, an unfinished one included. */
  get count(): number {
    return this.#count + (this.#rest.includes(marker) ? 1 : 0);
  }
}

/** How a run of migrations ended, as the options say. */
function reportedEnd({ values, env, at }: Call<typeof options>, status: StageStatus): StageEnd {
  return {
    startedMs: values['started-at'],
    finishedMs: values['finished-at'] ?? at,
    status,
    logUrl: logUrl(values, env),
    ...(status === 'failure' && { error: reportedError(values, 'migration', env) }),
  };
}

export const migration = defineVerb({
  name: 'migration',
  summary: 'runs the database migrations, and records how many, how long and how they ended',
  command: 'optional',
  options,
  details: `Output and exit code of the command pass through unchanged. It is recorded as the stage "migration" of the service
"database" too.

Examples:  record.mjs migration -- alembic upgrade head
           record.mjs migration --status success --count 2 --started-at 1767225600 --finished-at 1767225630`,
  check: (values, command) =>
    command === undefined && values.status === undefined
      ? ['migration needs a command after " -- ", or --status of what was not run by the recorder.']
      : [],
  run: async (call) => {
    const { values, deployment, env, recorder } = call;
    const group = groupOf(deployment, values['migration-name']);
    const what = `migration ${group.migration_name}`;
    const upgrades = new UpgradeCounter();
    const push = (end: StageEnd): Push => ({
      method: 'PUT',
      group,
      samples: endSamples(group, end, values.count ?? upgrades.count),
      what: `${what} (${end.status})`,
    });
    const url = logUrl(values, env);
    const begin = (startedMs: number): Push => ({
      method: 'PUT',
      group,
      samples: stageStartSamples(group, { startedMs, logUrl: url }),
      what: `the start of ${what}`,
    });
    if (call.command === undefined) {
      const { status = 'success' } = values;
      const running = status === 'running';
      const reported = running ? begin(values['started-at'] ?? call.at) : push(reportedEnd(call, status));
      recorder.say(await recorder.record(reported), `${what}: ${status}`);
      return 0;
    }
    const endOf = (ended: Ended): StageEnd => stageEndOf(ended, values, 'migration', url, env);
    const { ended, recorded } = await recordAround(call, {
      begin,
      end: (ended) => push(endOf(ended)),
      onOutput: (chunk) => upgrades.push(chunk),
    });
    const seconds = formatSeconds(lengthSeconds(ended.startedMs, ended.finishedMs));
    recorder.say(recorded, `${what}: ${endOf(ended).status} after ${seconds}, ${upgrades.count} applied`);
    return ended.code;
  },
});
