import { describe, expect, it } from 'vitest';
import { loadBundle } from '../../definitions.ts';
import { candidates, changedBy, numbersOf, tune, withTarget } from '../../src/backtest/tune.ts';
import { tunedText } from '../../src/backtest/tuned-text.ts';
import type { FileRule } from '../../src/compile/index.ts';
import type { Pipeline } from '../../src/pipeline/pipeline.ts';
import { pipeline, ruleFiles } from '../relay.ts';

const hour = 3_600;
const span = { from: 0, to: 100 * hour, step: 60 };
const rulesWith = (path: string, value: number) => loadBundle(withTarget(pipeline, path, value)).ruleFiles;

describe('values to try', () => {
  it('are the neighbours of a count, the misses of a promise, and half to twice of others', () => {
    expect(candidates(3)).toEqual([2, 4, 5, 6]);
    expect(candidates(1)).toEqual([2, 3]);
    expect(candidates(0.95)).toEqual([0.9, 0.925, 0.9375, 0.9625, 0.975]);
    expect(candidates(0.05)).toEqual([0.025, 0.0375, 0.0625, 0.075, 0.1]);
    expect(candidates(600)).toEqual([300, 450, 750, 900, 1_200]);
  });

  it('are of every number of the targets', () => {
    const paths = numbersOf(pipeline.targets).map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['rollbacks.perWeek', 'errorRate.spike.times', 'usualFrom']),
    );
    expect(withTarget(pipeline, 'errorRate.spike.times', 9).targets.errorRate).toMatchObject({
      rollback: pipeline.targets.errorRate.rollback,
      spike: { times: 9, share: pipeline.targets.errorRate.spike.share },
    });
  });
});

describe('what a target changes', () => {
  it('are the alerts that ask for it', () => {
    const changed = changedBy(ruleFiles, rulesWith('rollbacks.perWeek', 5)) as FileRule[];
    expect(changed.map(({ alert }) => alert)).toEqual(['RollbacksIncreasing']);
    expect(changed[0]!.expr).toMatch(/> 5$/);
    expect(changedBy(ruleFiles, rulesWith('rollbacks.perWeek', pipeline.targets.rollbacks.perWeek))).toEqual(
      [],
    );
  });
  it('cannot be tried where it is in what is recorded', () => {
    expect(changedBy(ruleFiles, rulesWith('budget.failed', 2))).toBe('recorded');
  });
});

describe('tuning', () => {
  const firing = (id: string) => ({
    labels: { environment: 'production', deployment_id: id },
    since: hour,
    from: hour,
    to: 2 * hour,
  });
  /** One deployment is bad, three are good; an alert names those above its limit. */
  const deployments = ['bad', 'good-1', 'good-2', 'good-3'].map((id) => ({
    id,
    environment: 'production',
    finished: hour,
    lastEvent: hour,
    bad: id === 'bad',
  }));
  const values: Readonly<Record<string, number>> = { bad: 5, 'good-1': 1, 'good-2': 4, 'good-3': 3 };
  const replay = async (rule: FileRule) => {
    const limit = Number(/> (\d+)$/.exec(rule.expr)?.[1] ?? Number.POSITIVE_INFINITY);
    const firings = Object.entries(values).flatMap(([id, value]) => (value > limit ? [firing(id)] : []));
    return { alert: rule.alert ?? '', severity: 'high', firings: rule.alert === 'Watched' ? firings : [] };
  };
  const rulesOf = ({ targets }: Pipeline) =>
    ({
      alerts: [
        {
          name: 'a',
          interval: 15,
          source: '',
          rules: [
            {
              kind: 'alert',
              alert: 'Watched',
              expr: { text: `x > ${targets.rollbacks.perWeek}` },
              labels: {},
              annotations: {},
            },
            { kind: 'alert', alert: 'Other', expr: { text: 'y' }, labels: {}, annotations: {} },
          ],
        },
      ],
    }) as never;
  const question = { pipeline, rulesOf, replay, deployments, span, say: () => undefined };

  it('says what each value would have done, and proposes one that is better and worse in nothing', async () => {
    const { tuned, recorded } = await tune(question);
    expect(recorded).toEqual([]);
    expect(tuned).toEqual([
      {
        path: 'rollbacks.perWeek',
        value: 3,
        alerts: ['Watched'],
        trials: [
          { value: 2, fired: 3, right: 1, false: 2, unknown: 0, missed: 0 },
          { value: 3, fired: 2, right: 1, false: 1, unknown: 0, missed: 0 },
          { value: 4, fired: 1, right: 1, false: 0, unknown: 0, missed: 0 },
          { value: 5, fired: 0, right: 0, false: 0, unknown: 0, missed: 1 },
          { value: 6, fired: 0, right: 0, false: 0, unknown: 0, missed: 1 },
        ],
        proposed: 4,
      },
    ]);
    const text = tunedText(tuned, ['budget.failed']);
    expect(text).toContain('Proposed: rollbacks.perWeek 4 in place of 3: 1 fewer false firings.');
    expect(text).toMatch(/^3 today +2 +1 +1 +0 +0$/m);
    expect(text).toContain("recorded series have today's value in them: budget.failed.");
  });

  it('looks at the targets of one alert only, if asked', async () => {
    expect((await tune({ ...question, only: 'Other' })).tuned).toEqual([]);
  });
});
