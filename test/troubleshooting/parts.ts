import type { ErrorType, Outcome } from '../../src/metrics/codes.ts';
import type { Deployment, Stage } from '../../src/simulator/types.ts';
import type { Facts } from '../oracle/facts.ts';
import { quantile } from '../oracle/statistics.ts';
import type { Truth } from '../oracle/truth.ts';
import { rolling, within } from '../oracle/windows.ts';

/** Parts of a deployment, by its history. */

/** A stage, a migration or a rollback, as a bar of the waterfall. */
export interface Part {
  readonly service: string;
  readonly stage: string;
  readonly started: number;
  readonly finished?: number;
  readonly status: 'running' | 'success' | 'failure' | 'skipped' | 'cancelled';
  readonly errorType: string;
  readonly message: string;
}

/** The recorder's default error type. */
const usualError: Readonly<Record<string, ErrorType>> = {
  health_check: 'health_check_failed',
  migration: 'migration_failed',
  smoke_tests: 'test_failed',
};

const ofStage = (s: Stage): Part => ({
  service: s.service,
  stage: s.stage,
  started: s.started,
  ...(s.finished !== undefined && { finished: s.finished }),
  status: s.status ?? 'running',
  errorType: s.errorType ?? usualError[s.stage] ?? 'command_failed',
  message: s.message ?? '',
});

const result = (ok: boolean | undefined): Part['status'] =>
  ok === undefined ? 'running' : ok ? 'success' : 'failure';

/** Every part of a deployment as it is known, in the order in which they began. */
export const partsOf = (d: Deployment): Part[] =>
  [
    ...d.stages.map(ofStage),
    ...d.migrations.map(({ started, finished, ok, message }) => ({
      ...ofStage({ service: 'database', stage: 'migration', started, ...(message && { message }) }),
      ...(finished !== undefined && { finished }),
      status: result(ok),
    })),
    ...d.rollbacks.map(({ service, started, finished, ok }) => ({
      ...ofStage({ service, stage: 'rollback', started }),
      ...(finished !== undefined && { finished }),
      status: result(ok),
    })),
  ].sort((a, b) => a.started - b.started || (`${a.service} ${a.stage}` < `${b.service} ${b.stage}` ? -1 : 1));

/** Something that went wrong, and when. */
export interface Failure {
  /** Of a stage. */
  readonly service?: string;
  readonly name: string;
  readonly error_type: string;
  readonly message: string;
  readonly time: number;
}

/** A rollback that no stage explains. */
function decisions({ rollbacks, errorRates }: Deployment, outcome: Outcome, reason: string): Failure[] {
  if (outcome !== 'rolled_back' || (reason !== 'error_rate' && reason !== 'manual')) return [];
  const time = Math.max(...rollbacks.flatMap(({ finished }) => finished ?? []));
  const rate = Math.max(...errorRates.map(({ value }) => value));
  const percent = Math.round(rate * 1_000) / 10;
  const message =
    reason === 'manual'
      ? `It was rolled back by hand to deployment ${rollbacks[0]!.previousId}.`
      : `Rolled back: ${percent} % of the requests failed.`;
  return [{ name: 'the run', error_type: reason, message, time }];
}

/** Everything that went wrong. */
export function failuresOf({ deployment: d, outcome, finished, rollbackReason }: Facts): Failure[] {
  const parts = partsOf(d);
  const failed = parts.filter(({ status }) => status === 'failure');
  const stages = failed.map(({ service, stage, errorType, message, finished: time }) => ({
    service,
    name: `${service} ${stage}`,
    error_type: errorType,
    message,
    time: time!,
  }));
  const tests = d.smokeTests
    .filter(({ ok }) => !ok)
    .map(({ name, message, finished: time }) => ({
      name: `smoke test ${name}`,
      error_type: 'test_failed',
      message: message ?? '',
      time,
    }));
  if (finished === undefined) return [...stages, ...tests];
  const lost = parts
    .filter((p) => p.finished === undefined)
    .map(({ service, stage, started }) => ({
      service,
      name: `${service} ${stage}`,
      error_type: 'no end reported',
      message: 'It began, and nothing was heard of it again.',
      time: started,
    }));
  const run = { name: 'the run', time: finished };
  const whole: Failure[] = [];
  if (outcome === 'abandoned')
    whole.push({ ...run, error_type: 'abandoned', message: 'Nothing was heard of it for two hours.' });
  if (outcome === 'failure' && failed.length === 0)
    whole.push({
      ...run,
      error_type: 'not reported',
      message: 'The run ended as a failure, and no stage said that it failed.',
    });
  return [...stages, ...tests, ...lost, ...whole, ...decisions(d, outcome, rollbackReason)];
}

/** Durations of the successful runs of a stage in an environment, over thirty days. */
function durations(
  truth: Truth,
  environment: string,
  { service, stage }: Pick<Part, 'service' | 'stage'>,
): number[] {
  return within(truth.facts, rolling('30d', truth.t))
    .filter((f) => f.environment === environment)
    .flatMap((f) => f.stages)
    .filter((s) => s.service === service && s.stage === stage && s.status === 'success')
    .flatMap((s) => s.duration ?? []);
}

/** Usual duration of a stage: the median or the 95th percentile. */
export const usual = (
  truth: Truth,
  environment: string,
  part: Pick<Part, 'service' | 'stage'>,
  q: number,
): number | undefined => quantile(q, durations(truth, environment, part));
