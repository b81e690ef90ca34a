import { labels } from '../../metrics/labels.ts';
import { recordAround } from '../around.ts';
import type { Ended } from '../child.ts';
import { type Push, type Sample, samplesOf } from '../emit.ts';
import { errorMessage } from '../message.ts';
import { choice, number, text, time } from '../options.ts';
import { type StageEnd, stageEndSamples, stageStartSamples } from '../stages.ts';
import { formatSeconds, lengthSeconds } from '../time.ts';
import { type Call, type Deployment, defineVerb } from '../verb.ts';
import { errorOptions, logUrl, logUrlOption, stageEndOf } from './shared.ts';

const options = {
  'migration-name': text('NAME', 'which run of migrations', { default: 'alembic_head' }),
  count: number('N', 'how many were applied; else the lines with "Running upgrade" in the output', {
    min: 0,
  }),
  status: choice(labels.status, 'STATUS', 'how it ended, for a run that is over already'),
  'started-at': time('TIME', 'when it began, for a run that is over already'),
  'finished-at': time('TIME', 'when it ended, for a run that is over already'),
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

/** A run of migrations that is over already. */
function reported({ values, env, at }: Call<typeof options>): StageEnd {
  const status = values.status ?? 'success';
  return {
    startedMs: values['started-at'],
    finishedMs: values['finished-at'] ?? at,
    status,
    logUrl: logUrl(values, env),
    ...(status === 'failure' && {
      error: {
        type: values['error-type'] ?? 'migration_failed',
        message: errorMessage(values['error-message'] ?? '', env),
      },
    }),
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
      ? ['migration needs a command after " -- ", or --status for a run that is over already.']
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
    if (call.command === undefined) {
      const end = reported(call);
      recorder.say(await recorder.record(push(end)), `${what}: ${end.status}`);
      return 0;
    }
    const url = logUrl(values, env);
    const endOf = (ended: Ended): StageEnd => stageEndOf(ended, values, 'migration', url, env);
    const { ended, recorded } = await recordAround(call, {
      begin: (startedMs) => ({
        method: 'PUT',
        group,
        samples: stageStartSamples(group, { startedMs, logUrl: url }),
        what: `the start of ${what}`,
      }),
      end: (ended) => push(endOf(ended)),
      onOutput: (chunk) => upgrades.push(chunk),
    });
    const seconds = formatSeconds(lengthSeconds(ended.startedMs, ended.finishedMs));
    recorder.say(recorded, `${what}: ${endOf(ended).status} after ${seconds}, ${upgrades.count} applied`);
    return ended.code;
  },
});
