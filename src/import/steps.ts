import type { Deployment } from '../simulator/index.ts';
import type { MappedStep, Mapping } from './mapping.ts';
import { type FetchedRun, secondsOf, type WireAnnotation, type WireJob, type WireStep } from './wire.ts';

type Stage = Deployment['stages'][number];
type Migration = Deployment['migrations'][number];
type SmokeTest = Deployment['smokeTests'][number];
type Rollback = Deployment['rollbacks'][number];

/** A step that ran, with the time that it took. */
export interface RanStep extends MappedStep {
  readonly job: WireJob;
  readonly started: number;
  /** Absent: its runner was lost, and nothing more was heard of the step. */
  readonly finished?: number;
  readonly conclusion: string;
}

const noise =
  /^(?:Process completed with exit code \d+|The (?:operation|job) was canceled)\.?$|Node\.js \d+ actions are deprecated/;

/** Why a job failed, as its annotations say it. */
function messageOf(annotations: readonly WireAnnotation[] = []): string | undefined {
  const failures = annotations.filter(({ annotation_level }) => annotation_level === 'failure');
  const texts = failures.flatMap(({ message, title }) => {
    const [first = ''] = (message ?? '').split('\n');
    return noise.test(first)
      ? []
      : [title && !noise.test(title) && title !== first ? `${title}: ${first}` : first];
  });
  return texts.find((text) => text.trim() !== '')?.slice(0, 200);
}

const statuses = {
  success: 'success',
  failure: 'failure',
  cancelled: 'cancelled',
  skipped: 'skipped',
  timed_out: 'failure',
} as const;
/** How a step ended, as a stage says it. */
export const statusOf = (conclusion: string): NonNullable<Stage['status']> =>
  statuses[conclusion as keyof typeof statuses] ?? 'skipped';

/** A step that the mapping knows and that ran; undefined for others. */
export function ranStep(job: WireJob, step: WireStep, mapping: Mapping): RanStep | undefined {
  const mapped = mapping.step(job.name ?? '', step.name ?? '');
  const [started, finished] = [secondsOf(step.started_at), secondsOf(step.completed_at)];
  if (!mapped || step.conclusion === 'skipped' || started === undefined) return undefined;
  const conclusion = step.conclusion || 'lost';
  const ends = conclusion !== 'lost' && { finished: Math.max(started, finished ?? started) };
  return { ...mapped, job, started, ...ends, conclusion };
}

/** Whether a step is a smoke test. */
export const isSmoke = ({ stage }: MappedStep): boolean => stage === 'smoke_tests';

/** One step after the other of one stage is one stage: from the first's start to the last's end, failed if one failed. */
export function stagesOf(steps: readonly RanStep[], { annotations }: FetchedRun): Stage[] {
  const groups = new Map<string, RanStep[]>();
  for (const step of steps) {
    const key = `${step.service}\n${step.stage}`;
    groups.set(key, [...(groups.get(key) ?? []), step]);
  }
  return [...groups.values()].map((group) => {
    const worst =
      group.find(({ conclusion }) => statusOf(conclusion) === 'failure') ??
      group.find(({ conclusion }) => conclusion === 'cancelled') ??
      group[0]!;
    const begun = {
      service: worst.service as Stage['service'],
      stage: worst.stage as Stage['stage'],
      started: Math.min(...group.map(({ started }) => started)),
    };
    const ends = group.flatMap(({ finished }) => finished ?? []);
    if (ends.length < group.length) return begun;
    const status = statusOf(worst.conclusion);
    const message = status === 'failure' ? messageOf(annotations[worst.job.id]) : undefined;
    return {
      ...begun,
      finished: Math.max(...ends),
      status,
      ...(status === 'failure' && { errorType: errorOf(worst) }),
      ...(message !== undefined && { message }),
    };
  });
}

function errorOf({ kind, job }: RanStep): NonNullable<Stage['errorType']> {
  if (job.conclusion === 'timed_out') return 'timeout';
  if (kind === 'test') return 'test_failed';
  return kind === 'check'
    ? 'health_check_failed'
    : kind === 'migrate'
      ? 'migration_failed'
      : 'command_failed';
}

/** A step as a smoke test; its message is the first line of an annotation. */
export const smokeTest = (
  { label, started, finished = started, conclusion, job }: RanStep,
  { annotations }: FetchedRun,
): SmokeTest => {
  const ok = conclusion === 'success';
  const message = ok ? undefined : messageOf(annotations[job.id]);
  return {
    name: label.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_'),
    started,
    finished,
    ok,
    ...(message !== undefined && { message }),
  };
};

/** A step as a run of a migration. */
export const migration = (
  { label, started, finished, conclusion, job }: RanStep,
  { annotations }: FetchedRun,
): Migration => {
  if (finished === undefined) return { name: label, started, applied: 0 };
  const ok = conclusion === 'success';
  const message = ok ? undefined : messageOf(annotations[job.id]);
  // How many it applied stands only in the log.
  return { name: label, started, finished, ok, applied: 0, ...(message !== undefined && { message }) };
};

/** Why it was rolled back: what failed before it says so. */
export function reasonOf(failed: readonly RanStep[]): Rollback['reason'] {
  if (failed.some(({ kind }) => kind === 'check')) return 'health_check_failed';
  return failed.some(({ kind }) => kind === 'test') ? 'test_failed' : 'manual';
}
