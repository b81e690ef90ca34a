import { stringify } from 'yaml';
import { constantly, type Example, series } from '../../alerts/index.ts';
import {
  applicationJob,
  errorTypes,
  namesOf,
  type RecordingRule,
  type RuleGroup,
  rollbackReasons,
} from '../../metrics/index.ts';
import type { Pipeline } from '../../pipeline/index.ts';
import {
  type Deployment,
  deployment,
  failedStage,
  health,
  type InputSeries,
  inWordsOf,
  migration,
  rollback,
  seriesText,
  smokeTest,
  stage,
  unfinished,
} from '../../simulator/index.ts';
import { duration } from '../rules.ts';
import { inputOf } from './example-input.ts';

/** Seconds between two steps of the story, and its end. */
const step = 240;
const end = 15_120;

/** A success with every part that a deployment can have. */
const complete = (id: string, started: number): Deployment =>
  deployment({
    id,
    committed: started - 30,
    started,
    finished: started + 280,
    stages: [stage('api', 'build', started + 30, started + 130)],
    migrations: [migration(started + 5, started + 25)],
    health: health(started + 140, 'x....'),
    smokeTests: [smokeTest('api_health', started + 200), smokeTest('web_app', started + 205, false)],
    costs: [{ resource: 'railway_compute', time: started + 270, usd: 0.15 }],
    queues: [{ runner: 'ubuntu-latest', time: started + 272, seconds: 9 }],
    errorRates: [{ service: 'api', time: started + 275, value: 0.02 }],
  });

/** One rollback for each reason that there is, one failure for each type of error. */
const rolledBack: readonly Deployment[] = namesOf(rollbackReasons, 'none', 'other').map((reason, i) =>
  deployment({
    id: `20${i}`,
    started: 1500 + 300 * i,
    finished: 1700 + 300 * i,
    reported: 'rolled_back',
    rollbacks: [rollback(1600 + 300 * i, 1690 + 300 * i, { reason })],
  }),
);
const failed: readonly Deployment[] = namesOf(errorTypes, 'none', 'other').map((errorType, i) =>
  deployment({
    id: `30${i}`,
    started: 3000 + 300 * i,
    finished: 3200 + 300 * i,
    reported: 'failure',
    stages: [failedStage('api', 'deploy_railway', 3010 + 300 * i, 3190 + 300 * i, { errorType })],
  }),
);

/** Rare events, each of which needs a deployment of its own. */
const seldom: readonly Deployment[] = [
  // Half a budget in an environment where nothing else happens: its end can be estimated.
  deployment({
    id: '401',
    environment: 'staging',
    started: 600,
    finished: 900,
    reported: 'rolled_back',
    rollbacks: [rollback(800, 890, { reason: 'health_check_failed' })],
  }),
  deployment({ id: '402', started: 300, finished: 500, reported: 'cancelled' }),
  deployment({
    id: '403',
    started: 600,
    finished: 900,
    reported: 'failure',
    rollbacks: [rollback(700, 890, { ok: false })],
  }),
  deployment({
    id: '404',
    started: 600,
    finished: 900,
    reported: 'failure',
    migrations: [migration(610, 890, false)],
  }),
  unfinished({ id: '405', started: 900 }),
  // Rolled back when everything else of it has been swept from the gateway.
  deployment({
    id: '406',
    started: 600,
    finished: 900,
    stages: [stage('api', 'deploy_railway', 610, 890)],
    costs: [{ resource: 'railway_compute', time: 890, usd: 0.15 }],
    rollbacks: [rollback(13_500, 13_600)],
  }),
  // Fixes one that was rolled back, and names it.
  deployment({ id: '409', started: 6000, finished: 6200, reworkOf: '200' }),
  // Slow enough to escalate.
  deployment({ id: '407', started: 600, finished: 2400 }),
  unfinished({
    id: '408',
    started: end - 600,
    stages: [{ service: 'api', stage: 'deploy_railway', started: end - 500 }],
    health: health(end - 400, '.x.x'),
  }),
];

const everything: Example = {
  title: 'everything that can happen to a deployment',
  deployments: [
    complete('101', 60),
    complete('102', 9000),
    complete('103', 13_200),
    ...rolledBack,
    ...failed,
    ...seldom,
  ],
  series: [
    ...['200', '500'].map((status_code) =>
      series('http_requests_total', { job: applicationJob, status_code }, [
        { value: 0, times: end / step + 1, step: 60 },
      ]),
    ),
    series('up', { job: 'prometheus' }, constantly(1, end / step + 1)),
    // The last deployment runs until the end, and asked the gate.
    series(
      'deployment_gate_verdict_code',
      { environment: 'production', deployment_id: '408', gate: 'deploy' },
      constantly(1, end / step + 1),
    ),
  ],
  at: end,
};

/** The buckets of the application's latency: the only histogram that rules read. */
const bucketsInput: readonly InputSeries[] = ['0.1', '+Inf'].map((le) => ({
  series: seriesText({ __name__: 'http_request_duration_seconds_bucket', job: applicationJob, le }),
  values: `0+60x${end / step}`,
}));

/**
 * Rules that write nothing of a story in steps of four minutes, or without answers of the gate: their tests with real
 * servers (gate/hindsight, ledger/lost, dora/rework, troubleshooting/past) show that they write.
 */
const shownElsewhere =
  /^deployment(_gate:|:lost_start_|:fix_started_|_stage:unfinished_|:error_timestamp_.*kind="run")/;

/** The series that a rule writes, by its name and the labels that the rule adds. */
const written = ({ record, labels }: RecordingRule): string => seriesText({ __name__: record, ...labels });

/**
 * A test in which every recording rule has to write something: a rule whose inputs never exist, or never meet, would
 * load, be healthy, and be silent for ever. The expressions are made from the rules, so that none can be left out.
 */
export async function recordingTest(
  ruleFiles: Readonly<Record<string, readonly RuleGroup[]>>,
  pipeline: Pipeline,
): Promise<Record<string, string>> {
  const told = inWordsOf(pipeline)(everything);
  const groups = Object.values(ruleFiles).flat();
  const selectors = groups.flatMap(({ rules }) =>
    rules.flatMap((rule) => (rule.kind === 'record' ? [written(rule)] : [])),
  );
  const body = {
    rule_files: Object.keys(ruleFiles).map((name) => `../rules/${name}.yml`),
    evaluation_interval: duration(step),
    group_eval_order: groups.map(({ name }) => name),
    tests: [
      {
        name: `every recording rule writes something: ${everything.title}`,
        interval: duration(step),
        input_series: [...(await inputOf(told, step)), ...(pipeline.application ? bucketsInput : [])],
        promql_expr_test: [...new Set(selectors)]
          .filter((selector) => !shownElsewhere.test(selector))
          .map((selector) => ({
            expr: `count(count_over_time(${selector}[1d])) > bool 0`,
            eval_time: duration(end),
            exp_samples: [{ labels: '{}', value: 1 }],
          })),
      },
    ],
  };
  const header = '# Generated by "npm run build" from every recording rule. Do not edit.\n';
  return {
    'prometheus/tests/recording-rules.yml':
      header + stringify(body, { lineWidth: 0, aliasDuplicateObjects: false }),
  };
}
