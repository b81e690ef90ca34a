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

describe.each([
  ['in the middle of a month', Date.UTC(2026, 4, 17, 14) / 1000],
  ['on the first day of a month', Date.UTC(2026, 5, 1, 9) / 1000],
])('the SLO dashboard %s', (_, end) => {
  const history = simulate({ seed: 31, end, days: 32, perDay: 4 });
  const start = end - 32 * 24 * hour;
  const state = {
    variables: { environment: '.*', slo: '.*' },
    from: Date.UTC(new Date(end * 1000).getUTCFullYear(), new Date(end * 1000).getUTCMonth(), 1) / 1000,
    to: end,
  };
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
      {
        start,
        end,
        step: hour,
      },
    );
  });
  afterAll(() => server?.stop());

  it('shows nothing but the truth', async () => {
    await backfill.evaluate(windows.flatMap(rulesOf), { start: end, end, step: hour });
    expect(await untrueNumbers(prometheus, slo.json, table, truthAt(history, end), state)).toEqual([]);
  });
});
