import { beforeAll, describe, expect, it } from 'vitest';
import { lateEvents, ledger } from '../../src/ledger/facts.ts';
import { errorTypes, outcomes } from '../../src/metrics/codes.ts';
import { forPipeline } from '../../src/metrics/index.ts';
import { pipelineJob } from '../../src/metrics/pipeline.ts';
import {
  deployment,
  failedStage,
  health,
  history,
  migration,
  rollback,
  smokeTest,
  stage,
  unfinished,
} from '../../src/simulator/builders.ts';
import { inputSeriesOf } from '../../src/simulator/feed.ts';
import { type InputSeries, seriesText } from '../../src/simulator/input-series.ts';
import type { Deployment } from '../../src/simulator/types.ts';
import { type Answer, evaluate } from '../bench/promtool.ts';
import { pipeline } from '../relay.ts';

const minute = 60;
const hour = 3_600;
const facts = '{__name__=~"deployment.*:.+"}';

/** The ledger's last values by a time. */
const said = (series: readonly InputSeries[], at: number, interval = minute): Promise<Answer[]> =>
  evaluate(forPipeline([ledger(pipeline), lateEvents], pipeline), series, interval, {
    expr: `last_over_time(${facts}[1d])`,
    at,
  });
const factOf = (answers: readonly Answer[], name: string, labels: Readonly<Record<string, string>>) =>
  answers.find(
    (a) => a.labels.__name__ === name && Object.entries(labels).every(([l, v]) => a.labels[l] === v),
  )?.value;

/** A series that was pushed at a minute and stays. */
const pushed = (name: string, labels: Readonly<Record<string, string>>, at: number, value: number) => ({
  series: seriesText({ __name__: name, job: pipelineJob, environment: 'production', ...labels }),
  values: `_x${at} ${value}+0x200`,
});

describe('what is pushed', () => {
  const everything = [
    deployment({
      id: '1',
      started: 60,
      finished: 600,
      stages: [stage('api', 'build', 70, 200), failedStage('web', 'build', 210, 300)],
      migrations: [migration(300, 330)],
      smokeTests: [smokeTest('api_health', 400), smokeTest('web_beta', 410, false)],
      health: health(420, '..x.'),
      costs: [{ resource: 'railway_compute', time: 550, usd: 0.25 }],
      rollbacks: [rollback(500, 540)],
      reported: 'rolled_back',
    }),
    unfinished({ id: '2', started: 900, stages: [{ service: 'api', stage: 'build', started: 960 }] }),
  ];
  const at = hour;
  let series: InputSeries[];
  let once: Answer[];
  beforeAll(async () => {
    series = await inputSeriesOf(history(at, everything), { from: 0, to: at, interval: minute });
    const stageOf = (id: string) => ({ deployment_id: id, service: 'api', stage: 'build' });
    once = await said(
      [
        ...series,
        ...['3', '4'].flatMap((id) => [
          pushed('push_time_seconds', { deployment_id: id }, 5, 300),
          pushed('deployment_started_timestamp_seconds', { deployment_id: id }, 5, 250),
          pushed('deployment_finished_timestamp_seconds', { deployment_id: id }, 5, 300),
        ]),
        // The second machine's clock is two seconds behind the first one's.
        pushed('deployment_stage_started_timestamp_seconds', stageOf('3'), 5, 270),
        pushed('deployment_stage_finished_timestamp_seconds', stageOf('3'), 5, 268),
        pushed('deployment_stage_status_code', stageOf('3'), 5, 1),
        // A second producer has a name of its own for what went wrong.
        pushed('deployment_stage_status_code', stageOf('4'), 5, 4),
        pushed('deployment_errors_total', { ...stageOf('4'), error_type: 'disk_full' }, 5, 1),
      ],
      at,
    );
  }, 180_000);

  it('counts the same when everything is scraped twice', async () => {
    const twice = series.flatMap((one) => [
      one,
      { ...one, series: one.series.replace('{', '{replica="b",') },
    ]);
    const own = (answers: readonly Answer[]) =>
      answers
        .filter(({ labels }) => ['1', '2'].includes(labels.deployment_id ?? ''))
        .map(({ labels, value }) => [JSON.stringify(labels), value])
        .sort();
    expect(own(once).length).toBeGreaterThan(25);
    expect(own(await said(twice, at))).toEqual(own(once));
  });

  it('takes no time, and not less, where the end is before the beginning', () => {
    expect(factOf(once, 'deployment_stage:duration_seconds:last', { deployment_id: '3' })).toBe(0);
  });

  it('has another type of error where the catalogue does not have its name', () => {
    expect(factOf(once, 'deployment_stage:error_type:code', { deployment_id: '4' })).toBe(errorTypes.other);
    expect(factOf(once, 'deployment_stage:error_type:code', { deployment_id: '1' })).toBe(
      errorTypes.command_failed,
    );
  });

  it('is no deployment when the gate refused it before it began', async () => {
    const group = { deployment_id: '6', gate: 'deploy' };
    const series = [
      pushed('push_time_seconds', group, 5, 300),
      pushed('deployment_gate_verdict_code', group, 5, 2),
      pushed('deployment_gate_asked_timestamp_seconds', group, 5, 300),
      pushed('deployment_gate_info', { ...group, checks: 'error-budget', message: '0 % is left' }, 5, 1),
    ];
    const answers = await said(series, 3 * hour);
    expect(factOf(answers, 'deployment_gate:verdict:code', {})).toBe(2);
    expect(factOf(answers, 'deployment_gate:asked_timestamp_seconds:max', { checks: 'error-budget' })).toBe(
      300,
    );
    expect(factOf(answers, 'deployment:outcome:code', {})).toBeUndefined();
  });

  it('passed 0 stages where none has ended', async () => {
    const open: Deployment = { ...everything[1]!, id: '5', finished: 1_200, reported: 'cancelled' };
    const answers = await said(
      await inputSeriesOf(history(at, [open]), { from: 0, to: at, interval: minute }),
      at,
    );
    expect(factOf(answers, 'deployment:stages:count', {})).toBe(1);
    expect(factOf(answers, 'deployment:stages_passed:count', {})).toBe(0);
  });
});

describe('while Prometheus is away', () => {
  it('loses no deployment that the gateway has still, up to the last minute', async () => {
    const back = 2.5 * hour;
    // They finished between 1:45 and 1:59 before Prometheus is back; three minutes later another start sweeps.
    const ages = Array.from({ length: 15 }, (_, i) => 105 + i);
    const deployments = ages.map((age) => {
      const finished = back - age * minute;
      return deployment({ id: String(1_000 + age), started: finished - 200, finished });
    });
    const sweeper = deployment({ id: '9', environment: 'staging', started: back + 3 * minute });
    const outages = [{ from: back - 2 * hour, to: back - 1, of: 'prometheus' as const }];
    const times = { from: 0, to: back + 900, interval: minute, outages };
    const series = await inputSeriesOf(history(times.to, [...deployments, sweeper]), times);
    const answers = await said(series, times.to, times.interval);
    const lost = ages.filter(
      (age) =>
        factOf(answers, 'deployment:outcome:code', { deployment_id: String(1_000 + age) }) !==
        outcomes.success,
    );
    expect(lost).toEqual([]);
  }, 180_000);
});
