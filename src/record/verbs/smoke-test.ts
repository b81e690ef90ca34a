import { choice, number, text, time } from '../../lib/options.ts';
import { labels } from '../../metrics/index.ts';
import { recordAround } from '../around.ts';
import type { Ended } from '../child.ts';
import { type Sample, samplesOf } from '../emit.ts';
import { errorMessage } from '../message.ts';
import { example } from '../pipeline.ts';
import { errorTypeOf } from '../stages.ts';
import { formatSeconds, lengthSeconds, toSeconds } from '../time.ts';
import { type DeploymentKey, defineVerb } from '../verb.ts';
import { statusOf } from './staged.ts';

interface Result {
  readonly passed: boolean;
  readonly finishedMs: number;
  readonly seconds: number;
  /** Why it failed. */
  readonly message: string;
}

function resultSamples(group: DeploymentKey & { test_name: string }, result: Result): Sample[] {
  const emit = samplesOf(group);
  return [
    emit('smoke_test_total', { status: result.passed ? 'success' : 'failure' }, 1),
    emit('smoke_test_success', {}, result.passed ? 1 : 0),
    emit('smoke_test_finished_timestamp_seconds', {}, toSeconds(result.finishedMs)),
    emit('smoke_test_duration_seconds', {}, result.seconds),
    ...(result.passed ? [] : [emit('smoke_test_error_info', { message: result.message }, 1)]),
  ];
}

export const smokeTest = defineVerb({
  name: 'smoke-test',
  summary: 'runs a smoke test, and records whether it passed and how long it took',
  command: 'or-status',
  options: {
    'test-name': text('NAME', 'which test', { required: true }),
    status: choice(labels.test_status, 'STATUS', 'how it ended, for a test that has run already', {
      report: true,
    }),
    duration: number('SECONDS', 'how long it took, for a test that has run already', {
      min: 0,
      report: true,
    }),
    'finished-at': time('TIME', 'when it ended, for a test that has run already', { report: true }),
    'error-message': text(
      'TEXT',
      'why, if it fails; secrets are removed; else the line of the output that says why',
    ),
  },
  details:
    () => `Output and exit code of the command pass through unchanged. A test that is run again replaces itself; one that is
cancelled is not recorded.

Examples:  record.mjs smoke-test --test-name ${example().smokeTest} -- curl -fsS "$API_URL/health"
           record.mjs smoke-test --test-name ${example().smokeTest} --status failure --duration 2.5`,
  run: async (call) => {
    const { values, deployment, env, at, recorder } = call;
    const group = { ...deployment, test_name: values['test-name'] };
    const what = `smoke test ${group.test_name}`;
    const push = (result: Result) => ({
      method: 'PUT' as const,
      group,
      samples: resultSamples(group, result),
      what: `${what} (${result.passed ? 'success' : 'failure'})`,
    });
    const given = errorMessage(values['error-message'] ?? '', env);
    const failureMessage = async (end: Ended): Promise<string> => {
      const { failureOf, writeFailureSummary } = await import('../why/index.ts');
      const { message, type } = failureOf(end, env);
      writeFailureSummary(
        what,
        end.output,
        { message: given || message, type: errorTypeOf('test_failed', type) },
        env,
      );
      return given || message;
    };
    if (call.command === undefined) {
      const finishedMs = values['finished-at'] ?? at;
      const passed = values.status === 'success';
      const recorded = await recorder.record(
        push({ passed, finishedMs, seconds: values.duration ?? 0, message: given }),
      );
      recorder.say(recorded, `${what}: ${values.status}`);
      return 0;
    }
    const { ended, recorded } = await recordAround(call, {
      end: async (end) =>
        end.cancelled
          ? undefined
          : push({
              passed: end.code === 0,
              finishedMs: end.finishedMs,
              seconds: lengthSeconds(end.startedMs, end.finishedMs),
              message: end.code === 0 ? '' : await failureMessage(end),
            }),
    });
    const seconds = formatSeconds(lengthSeconds(ended.startedMs, ended.finishedMs));
    recorder.say(recorded, `${what}: ${statusOf(ended)} after ${seconds}`);
    return ended.code;
  },
});
