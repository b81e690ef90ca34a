import { EnvironmentFailure } from '../../lib/errors.ts';
import type { RailwayApi, RailwayStep } from '../../lib/railway.ts';
import type { Io } from '../io.ts';

/** A step of Railway's as people read it: `HEALTHCHECK, attempt 3 of 3: no answer`. */
function failureText({ step, payload }: RailwayStep): string {
  const { attempt, maxAttempts, error, reason } = payload ?? {};
  const tries = attempt && maxAttempts && maxAttempts > 1 ? `, attempt ${attempt} of ${maxAttempts}` : '';
  return `${step}${tries}: ${error || reason}`;
}

/** The last step that tells of an error; undefined when none does. Pure. */
export const failedStep = (steps: readonly RailwayStep[]): string | undefined => {
  const failed = steps.filter(({ payload }) => payload && !payload.skipped && payload.error).at(-1);
  return failed && failureText(failed);
};

/** A step of Railway's as a stage. */
export interface StepStage {
  readonly stage: string;
  readonly startedMs: number;
  /** Undefined of a step that never ended. */
  readonly finishedMs: number | undefined;
  readonly status: 'success' | 'failure' | 'skipped';
  /** Of a failure; undefined where the step says nothing of it. */
  readonly errorType: 'health_check_failed' | undefined;
  readonly message: string | undefined;
}

/**
 * Railway's steps as stages: of several attempts the last one, from the first one's beginning. Pure.
 * @param serves true when the deployment came to serve: then no step of it failed for good
 */
export function stagesOf(steps: readonly RailwayStep[], serves: boolean): StepStage[] {
  const names = [...new Set(steps.map(({ step }) => step))];
  return names.flatMap((name): StepStage[] => {
    const attempts = steps
      .filter(({ step }) => step === name)
      .map((step) => ({ step, startedMs: Date.parse(step.createdAt) }))
      .filter(({ startedMs }) => Number.isFinite(startedMs))
      .sort((a, b) => a.startedMs - b.startedMs);
    const last = attempts.at(-1);
    if (!last) return [];
    const { completedAt, payload } = last.step;
    const took = payload?.durationMs ?? undefined;
    const failed = !serves && !payload?.skipped && Boolean(payload?.error);
    return [
      {
        stage: `railway_${name.toLowerCase()}`,
        startedMs: attempts[0]!.startedMs,
        finishedMs: completedAt
          ? Date.parse(completedAt)
          : took === undefined
            ? undefined
            : last.startedMs + took,
        status: payload?.skipped ? 'skipped' : failed ? 'failure' : 'success',
        errorType: failed && name === 'HEALTHCHECK' ? 'health_check_failed' : undefined,
        message: failed ? failureText(last.step) : undefined,
      },
    ];
  });
}

/**
 * A question that the token may not ask is no failure of its own: whether it may depends on its kind and the plan.
 * @param what what then is not known, as the beginning of a sentence
 */
async function ifAllowed<T>(
  question: Promise<T>,
  what: string,
  io: Pick<Io, 'stderr'>,
): Promise<T | undefined> {
  try {
    return await question;
  } catch (error) {
    if (!(error instanceof EnvironmentFailure)) throw error;
    io.stderr(`${what} not known: ${error.message}\n`);
    return undefined;
  }
}

/** The steps of a deployment, as far as Railway says them. */
export const stepsOf = (api: RailwayApi, id: string, io: Pick<Io, 'stderr'>) =>
  ifAllowed(api.steps(id), 'Which step failed is', io);

/** Why a deployment failed: the step, and Railway's own diagnosis; undefined when neither is known. */
export async function whyFailed(
  api: RailwayApi,
  id: string,
  steps: readonly RailwayStep[] | undefined,
  io: Pick<Io, 'stderr'>,
): Promise<string | undefined> {
  // A token that may not ask for the one may not ask for the other.
  const diagnosis = steps && (await ifAllowed(api.diagnosis(id), "Railway's diagnosis is", io));
  const step = steps && failedStep(steps);
  return [step, diagnosis && `Railway says: ${diagnosis}`].filter(Boolean).join('. ') || undefined;
}
