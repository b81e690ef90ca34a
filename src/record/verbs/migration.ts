import { choice, integer, text } from '../../lib/options.ts';
import { type Sample, samplesOf } from '../emit.ts';
import { carried, example, stageOf } from '../pipeline.ts';
import { type StageEnd, type StageGroup, stageEndSamples } from '../stages.ts';
import { lengthSeconds } from '../time.ts';
import { type Call, defineVerb } from '../verb.ts';
import {
  recordReported,
  recordStage,
  reportedHelp,
  reportedStatuses,
  reportOptions,
  type Staged,
  stageOptions,
} from './staged.ts';

const options = {
  'migration-name': text('NAME', 'which run of migrations', {
    default: () => carried().migrations.name,
  }),
  count: integer('N', 'how many were applied; else as the output of the tool says', {
    min: 0,
  }),
  status: choice(reportedStatuses, 'STATUS', reportedHelp, { report: true }),
  ...reportOptions,
  ...stageOptions,
} as const;

/** Alembic's line for each migration that begins, and the one that says that they are applied together or not at all. */
const marker = 'Running upgrade';
const allOrNothing = 'Will assume transactional DDL';

/** Counts migrations in Alembic's output, in pieces that may be split anywhere. */
export class UpgradeCounter {
  #begun = 0;
  #together = false;
  #rest = '';

  /** Takes the next piece. */
  push(chunk: Uint8Array): void {
    const lines = (this.#rest + Buffer.from(chunk).toString('latin1')).split('\n');
    // Enough of an unfinished line to recognise it by.
    this.#rest = lines.pop()!.slice(-4096);
    this.#begun += lines.filter((line) => line.includes(marker)).length;
    this.#together ||= lines.some((line) => line.includes(allOrNothing));
  }

  /** How many were applied: of a run that failed, not the one that failed, and none where all are one transaction. */
  applied(succeeded: boolean): number {
    const begun = this.#begun + (this.#rest.includes(marker) ? 1 : 0);
    if (succeeded) return begun;
    return this.#together ? 0 : Math.max(0, begun - 1);
  }
}

/** Result of a run of migrations; undefined when it was cancelled or skipped. */
function resultSamples(
  group: StageGroup & { migration_name: string },
  end: StageEnd,
  count: number,
): Sample[] {
  const { status, startedMs, finishedMs } = end;
  if (status !== 'success' && status !== 'failure') return [];
  const emit = samplesOf(group);
  const result = [
    emit('migration_total', { status }, 1),
    emit('migration_success', {}, status === 'success' ? 1 : 0),
    emit('migrations_applied', {}, count),
  ];
  if (startedMs === undefined) return result;
  const seconds = lengthSeconds(startedMs, finishedMs);
  return [
    ...result,
    emit('migration_duration_seconds', {}, seconds),
    emit('database_migration_lag_seconds', { migration_count: String(count) }, seconds),
  ];
}

function stagedOf({ deployment, values }: Call<typeof options>): Staged {
  const upgrades = new UpgradeCounter();
  const name = values['migration-name'];
  const group = { ...deployment, ...stageOf('migrate'), migration_name: name } as const;
  return {
    group,
    what: `migration ${name}`,
    samples: (end) => [
      ...stageEndSamples(group, end),
      ...resultSamples(group, end, values.count ?? upgrades.applied(end.status === 'success')),
    ],
    onOutput: (chunk) => upgrades.push(chunk),
  };
}

export const migration = defineVerb({
  name: 'migration',
  summary: 'runs the database migrations, and records how many, how long and how they ended',
  command: 'or-status',
  tells: 'progress',
  options,
  details:
    () => `Output and exit code of the command pass through unchanged. It is recorded as the stage "${stageOf('migrate').stage}"
of the service "${stageOf('migrate').service}" too.

Examples:  record.mjs migration -- ${example().migrate}
           record.mjs migration --status success --count 2 --started-at 1767225600 --finished-at 1767225630`,
  run: async (call) => {
    if (call.command !== undefined) return await recordStage(call, stagedOf(call));
    await recordReported(call, stagedOf(call), call.values.status ?? 'success');
    return 0;
  },
});
