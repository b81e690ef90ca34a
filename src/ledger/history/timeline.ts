import {
  and,
  binary,
  firstOf,
  group,
  labelReplace,
  max,
  metric,
  not,
  or,
  type PerDeployment,
  type PerStage,
  perDeployment,
  perStage,
  perTest,
  pipelineJob,
  type RuleGroup,
  record,
  setLabel,
  stageStatuses,
  times,
  topk,
  unless,
  type Vector,
} from '../../metrics/index.ts';
import { ledgerInterval } from '../../pipeline/index.ts';
import * as raw from '../raw.ts';
import { errorRules } from './errors.ts';
import { flakyFacts } from './flaky.ts';

/**
 * Events within each deployment, from every producer, for the troubleshooting dashboard. They are
 * written while the deployment runs and then whenever the ledger writes its facts: a few samples, not one a scrape.
 */

const by = { by: perStage };
/** A rollback is shown as a stage, although it counts as none. */
const started = metric('deployment_stage:reported_start_timestamp_seconds:min');
const reported = metric('deployment_stage:reported_finish_timestamp_seconds:max');
/** The end of an earlier try is none: it lies before the beginning of the last one, and 0 says that this one goes on. */
const stageFinished = firstOf(perStage, unless(reported, binary(reported, '<', started)), times(0, started));

const due = or(metric('deployment:last_event_timestamp_seconds:max'), raw.running, { on: perDeployment });
const whenDue = <L extends string>(v: Vector<L | PerDeployment>) => and(v, due, { on: perDeployment });

const startedFact = metric('deployment_stage:started_timestamp_seconds:min');
const finishedFact = metric('deployment_stage:finished_timestamp_seconds:max');
const failed = and(
  binary(finishedFact, '>', 0),
  binary(metric('deployment_stage:status:code'), '==', stageStatuses.failure),
);

/** Of several infos of a stage one, the newest where their values say when they were pushed; with the value 1. */
const newest = <L extends 'error_type' | 'message' | 'log_url'>(infos: Vector<string>, ...own: L[]) =>
  group(topk(1, infos, by), { by: [...perStage, ...own] }) as Vector<PerStage | L>;

/** The message of a failed stage, or that there is none. */
const said = firstOf(
  perStage,
  newest(metric('deployment_error_info'), 'error_type', 'message'),
  newest(metric('deployment_errors_total'), 'error_type'),
  setLabel(group(failed, by), 'error_type', 'not reported'),
);

const seen = firstOf(perStage, startedFact, finishedFact);
const runLog = topk(
  1,
  max(labelReplace(raw.info, 'log_url', '$1', 'run_url', '(.*)'), { by: [...perDeployment, 'log_url'] }),
  { by: perDeployment },
);
const ownLog = newest(metric('deployment_stage_info', { log_url: not('') }), 'log_url');
const logged = firstOf<PerStage | 'log_url'>(
  perStage,
  binary(seen, '*', ownLog, { on: perStage, groupLeft: ['log_url'] }),
  binary(seen, '*', runLog, { on: perDeployment, groupLeft: ['log_url'] }),
  seen,
);

const log = metric('deployment_stage:logged_timestamp_seconds:min');

const testFinished = firstOf(
  perTest,
  max(metric('smoke_test_finished_timestamp_seconds'), { by: perTest }),
  max(metric('push_time_seconds', { job: pipelineJob, test_name: not('') }), { by: perTest }),
);
const testPassed = metric('deployment_test:passed:bool');
/** Its message, where it has one; the value may be a time. */
const testSaid = firstOf<string>(
  perTest,
  topk(1, metric('smoke_test_error_info'), { by: perTest }),
  testPassed,
);

/** Stages and smoke tests of every deployment. */
export const timelineGroup: RuleGroup = {
  name: 'deployment-timeline',
  interval: ledgerInterval,
  rules: [
    record('deployment_stage:started_timestamp_seconds:min', whenDue(started)),
    record('deployment_stage:finished_timestamp_seconds:max', whenDue(stageFinished)),
    record('deployment_stage:logged_timestamp_seconds:min', logged),
    record(
      'deployment_stage:failed_timestamp_seconds:max',
      binary(
        binary(failed, '*', said, { on: perStage, groupLeft: ['error_type', 'message'] }),
        '*',
        topk(1, group(log, { by: [...perStage, 'log_url'] }), by),
        { on: perStage, groupLeft: ['log_url'] },
      ),
    ),
    record('deployment_test:passed:bool', whenDue(raw.testPassed)),
    record(
      'deployment_test:failed_timestamp_seconds:max',
      binary(and(testFinished, binary(testPassed, '==', 0)), '+', times(0, testSaid), {
        on: perTest,
        groupLeft: ['message'],
      }),
    ),
    ...errorRules,
    ...flakyFacts,
  ],
  source: import.meta.url,
};
