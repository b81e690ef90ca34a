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

/**
 * Which step of a deployment failed, and why, as far as Railway says it: whether a token may ask depends on its kind
 * and the plan, and the answer is worth no failure of its own.
 */
export async function whyFailed(
  api: RailwayApi,
  id: string,
  io: Pick<Io, 'stderr'>,
): Promise<string | undefined> {
  try {
    return failedStep(await api.steps(id));
  } catch (error) {
    if (!(error instanceof EnvironmentFailure)) throw error;
    io.stderr(`Which step failed is not known: ${error.message}\n`);
    return undefined;
  }
}
