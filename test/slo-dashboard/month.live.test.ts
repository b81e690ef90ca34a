import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uids } from '../../src/dashboards/links.ts';
import { Prometheus } from '../../src/lib/prometheus.ts';
import { inProject } from '../../src/lib/root.ts';
import { prometheusConfig, type RunningPrometheus, startPrometheus } from '../../src/servers/start.ts';
import { type Backfill, type RecordedRule, recordingRules } from '../../src/simulator/backfill.ts';
import { simulate } from '../../src/simulator/history.ts';
import { injectLedger } from '../../src/simulator/past.ts';
import { untrueNumbers } from '../live/panels.ts';
import { truthAt } from '../oracle/truth.ts';
import { dashboards } from '../relay.ts';
import { sloTruth } from './truth-table.ts';

const hour = 3_600;
/** Live numbers have their truth in live.test.ts; here the month is never the one in which the test runs. */
const { '/Collection': _collection, '/Heard': _heard, ...table } = sloTruth;
const slo = dashboards().find((d) => d.definition.uid === uids.slo)!;
const folder = inProject('generated', 'prometheus', 'rules');
const rulesOf = (name: string): RecordedRule[] => recordingRules(readFileSync(`${folder}/${name}`, 'utf8'));
const windows = ['indicators.yml', 'recent.yml', 'objectives.yml', 'budgets.yml', 'history.yml'];

it('evaluates every rule file that records windows', () => {
  const others = ['alerts.yml', 'bundle.yml', 'ledger.yml', 'live.yml'];
  expect(readdirSync(folder).sort()).toEqual([...windows, ...others].sort());
});

const end = Date.UTC(2026, 5, 1, 9) / 1000;
const start = end - 32 * 24 * hour;
const history = simulate({ seed: 31, end, days: 32, perDay: 4 });

describe('the SLO dashboard', () => {
  let server: RunningPrometheus;
  let prometheus: Prometheus;
  let backfill: Backfill;

  beforeAll(async () => {
    server = await startPrometheus({
      config: prometheusConfig({ outOfOrderWindow: '40d' }),
      acceptsBackfill: true,
    });
    prometheus = new Prometheus(server.url);
    backfill = await injectLedger(
      prometheus,
      server.url,
      history,
      [...rulesOf('ledger.yml'), ...rulesOf('history.yml')],
      { start, end, step: hour },
    );
  });
  afterAll(() => server?.stop());

  // In the order of time: what is recorded of a month does not know of the next one.
  it.each([
    ['in the middle of a month', Date.UTC(2026, 4, 17, 14) / 1000],
    ['on the first day of a month', end],
  ])('shows nothing but the truth %s', async (_, to) => {
    const date = new Date(to * 1000);
    const from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / 1000;
    const state = { variables: { environment: '.*', slo: '.*' }, from, to };
    await backfill.evaluate(windows.flatMap(rulesOf), { start: to, end: to, step: hour });
    expect(await untrueNumbers(prometheus, slo.json, table, truthAt(history, to), state)).toEqual([]);
  });
});
