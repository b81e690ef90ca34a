import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uids } from '../../src/dashboards/links.ts';
import { indicatorGroups } from '../../src/ledger/windows/indicators.ts';
import { Prometheus } from '../../src/lib/prometheus.ts';
import { inProject } from '../../src/lib/root.ts';
import { fillIn, panelQueries } from '../../src/panels/dashboard-queries.ts';
import type { Generation } from '../../src/servers/find.ts';
import { prometheusConfig, type RunningPrometheus, startPrometheus } from '../../src/servers/start.ts';
import { type Backfill, recordingRules } from '../../src/simulator/backfill.ts';
import { simulate } from '../../src/simulator/history.ts';
import { injectLedger } from '../../src/simulator/past.ts';
import { usualMix } from '../../src/simulator/scenarios.ts';
import { untrueNumbers } from '../live/panels.ts';
import { byNight } from '../nightly.ts';
import { differences } from '../oracle/compare.ts';
import { truthAt } from '../oracle/truth.ts';
import { rolling, rollingWindows, within } from '../oracle/windows.ts';
import { overviewStates, overviewTruth, rollbacksByDay } from '../overview/truth-table.ts';
import { dashboards } from '../relay.ts';
import { truthOf } from './indicator-truth.ts';

const hour = 3_600;
const day = 24 * hour;
// In the middle of a month, so that what is counted since its first day is something.
const end = Date.UTC(2026, 4, 17, 14) / 1000;
const start = end - 34 * day;

/** Hours after the start at which the windows are held against the truth; the last ones look back thirty days. */
const moments = [30, 219, 498, 762, 789, 34 * 24];

const overview = dashboards().find((d) => d.definition.uid === uids.overview)!.json;
const rollbacks = 'Rollbacks by reason/A';
const rulesOf = (name: string) =>
  recordingRules(readFileSync(inProject('generated', 'prometheus', 'rules', `${name}.yml`), 'utf8'));
/** Half a day: a row of the recent deployments reads its own last value of the day before. */
const tick = 12 * hour;

/** As the ledger recorded a month of deployments, scraped and evaluated once an hour. */
describe.each(byNight<Generation>('current', '2.42'))(
  'a month of deployments on Prometheus %s',
  (generation) => {
    // More of what is swept, late or abandoned than usual.
    const mix = {
      ...usualMix,
      abandoned: 3,
      late_bill: 4,
      late_rollback: 3,
      manual_rollback: 6,
      health_rollback: 6,
    };
    const history = simulate({ seed: 11, end, days: 34, perDay: 4, mix });
    const rules = indicatorGroups({ metrics: {} }).flatMap((group) => group.rules);
    /** Whatever happened is in the ledger from the next full hour on. */
    const recorded = history.deployments.flatMap((d) => [
      d.finished ?? 0,
      ...d.rollbacks.map((r) => r.finished ?? 0),
      ...d.costs.map(({ time }) => time),
    ]);
    let server: RunningPrometheus;
    let prometheus: Prometheus;
    let backfill: Backfill;
    let rowsUntil = start;

    /** Everything that the overview reads at a moment, recorded in the order of the data. */
    async function recordUntil(at: number): Promise<void> {
      const once = (name: string, time: number) =>
        backfill.evaluate(rulesOf(name), { start: time, end: time, step: hour });
      for (; rowsUntil < at; rowsUntil += tick) await once('recent', rowsUntil);
      await once('indicators', at);
      await once('recent', at);
    }

    beforeAll(async () => {
      server = await startPrometheus({
        generation,
        config: prometheusConfig({ outOfOrderWindow: '40d' }),
        acceptsBackfill: true,
      });
      prometheus = new Prometheus(server.url);
      backfill = await injectLedger(
        prometheus,
        server.url,
        history,
        [...rulesOf('ledger'), ...rulesOf('history')],
        {
          start,
          end,
          step: hour,
        },
      );
    });
    afterAll(() => server?.stop());

    it.each(moments)('gives the truth for every indicator and window after %s hours', async (hours) => {
      const at = start + hours * hour;
      expect(recorded).not.toContain(at);
      const truth = truthAt(history, at);
      const untrue: string[] = [];
      for (const rule of rules) {
        if (rule.kind !== 'record') continue;
        const actual = await prometheus.query(rule.expr.text, at);
        // The rule adds its own labels when it is recorded; here its bare expression is asked.
        const found = differences(actual, truthOf(rule, truth), { ignore: Object.keys(rule.labels) });
        untrue.push(...found.map((d) => `${rule.record} ${JSON.stringify(rule.labels)}: ${d}`));
      }
      expect(untrue).toEqual([]);
    });

    it.each(moments)('shows the truth on every panel of the overview after %s hours', async (hours) => {
      const at = start + hours * hour;
      await recordUntil(at);
      const truth = truthAt(history, at);
      // Bars look at what was recorded after their day, and so from here into the future: they are looked at from the end.
      const { [rollbacks]: bars, '/Collection': _collection, '/Heard': _heard, ...table } = overviewTruth;
      expect(bars).toBeDefined();
      const untrue = await Promise.all(
        overviewStates(at).map((state) => untrueNumbers(prometheus, overview, table, truth, state)),
      );
      expect([...new Set(untrue.flat())].join('\n')).toBe('');
    });

    it.each([0, 13, 5.75, -9.5])('draws every rollback on its own day %s hours from UTC', async (ahead) => {
      const state = { variables: { environment: '.*' }, from: end - day, to: end, utcOffset: ahead * hour };
      const query = panelQueries(overview, state).find(
        ({ panel, refId }) => `${panel}/${refId}` === rollbacks,
      )!;
      const bars = await prometheus.queryRange(query.expr, query.to - 30 * day, query.to, query.step);
      const actual = bars.flatMap(({ labels, points }) =>
        points.map(([time, value]) => ({ labels: { ...labels, day: String(time) }, value })),
      );
      const truth = rollbacksByDay(truthAt(history, end), state, 30);
      expect(truth.length).toBeGreaterThan(3);
      expect(differences(actual, truth)).toEqual([]);
    });

    it.each(['1d', '7d', '30d'] as const)(
      'marks every deployment of %s once, at its finish',
      async (span) => {
        const from = end - rollingWindows[span];
        const state = { variables: { environment: '.*' }, from, to: end };
        // On a screen that is 1,600 points wide.
        const step = Math.max(60, Math.ceil((end - from) / 1_600 / 60) * 60);
        const mark = overview.annotations!.list!.find(({ name }) => name === 'Deployments')!;
        expect(mark.useValueForTime).toBe(true);
        const { expr } = mark.target as unknown as { expr: string };
        const drawn = await prometheus.queryRange(fillIn(expr, state, step), from, end, step);
        const marks = drawn.flatMap(({ labels, points }) =>
          [...new Set(points.map(([, value]) => value))]
            .filter((value) => value > from * 1_000)
            .map((value) => ({ labels, value })),
        );
        const truth = within(truthAt(history, end).facts, rolling(span, end)).map((f) => ({
          labels: { environment: f.environment, deployment_id: f.id },
          value: f.finished! * 1_000,
        }));
        // The history ends now: on a Sunday there may be no deployment of a day.
        if (span !== '1d') expect(truth.length).toBeGreaterThan(0);
        expect(differences(marks, truth)).toEqual([]);
      },
    );
  },
);
