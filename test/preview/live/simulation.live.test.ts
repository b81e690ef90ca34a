import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Prometheus } from '../../../src/lib/prometheus.ts';
import { inProject } from '../../../src/lib/root.ts';
import { dashboardsIn, readDashboards } from '../../../src/preview/dashboards.ts';
import { missingFrom, record } from '../../../src/preview/record.ts';
import { parseRecording, type Recording, writeRecording } from '../../../src/preview/recording.ts';
import { type Simulated, startSimulation } from '../../../src/preview/simulation.ts';
import { liveSource } from '../../../src/preview/source.ts';
import { isNight } from '../../nightly.ts';
import { pipeline } from '../../relay.ts';

// By day the pictures' recording, which was made in this way, is drawn and compared with the dashboards.
describe.runIf(isNight)('the simulated month', () => {
  const dashboards = readDashboards(dashboardsIn(inProject('generated')));
  let simulated: Simulated;
  let recording: Recording;
  let failures: string[];

  beforeAll(async () => {
    // One fine week is enough to ask everything, and half the work.
    simulated = await startSimulation({ pipeline, generated: inProject('generated') }, 1);
    const source = liveSource(new Prometheus(simulated.url), 'simulation', simulated.time * 1_000);
    ({ recording, failures } = await record(source, dashboards, simulated.views));
  }, 600_000);
  afterAll(() => simulated?.stop());

  it('answers every query of every dashboard', () => {
    expect(failures).toEqual([]);
    const recorded = new Set(recording.views.map((view) => view.dashboard));
    expect(dashboards.map((d) => d.uid).filter((uid) => !recorded.has(uid))).toEqual([]);
  });

  it('has something to show: a deployment that was rolled back, and one that succeeded', () => {
    const looks = recording.views.filter((view) => view.dashboard === 'deployment-troubleshooting');
    expect(looks.map((view) => view.name)).toEqual([
      'A deployment that was rolled back',
      'A deployment that succeeded',
    ]);
    const empty = recording.responses.filter(
      ({ result }) => 'samples' in result && result.samples.length === 0,
    );
    expect(empty.length).toBeLessThan(recording.responses.length / 4);
    // Recorded every few seconds, and forgotten after five minutes: the last moment has to be written as well.
    const active = empty.filter(({ request }) =>
      JSON.stringify(request).includes('deployments_active:count'),
    );
    expect(active).toEqual([]);
  });

  it('measured the application and the machinery at each look', () => {
    const answersTo = (part: string) =>
      recording.responses.filter(({ request }) => JSON.stringify(request).includes(part));
    const requests = answersTo('rate(http_requests_total');
    expect(requests.length).toBeGreaterThan(0);
    for (const { result } of requests) expect(JSON.stringify(result)).not.toMatch(/"(samples|series)":\[\]/);
    const notices = answersTo('Pushgateway not scraped').map(({ result }) => JSON.stringify(result));
    expect(notices.length).toBeGreaterThan(2);
    for (const notice of notices) expect(notice).toContain('Telemetry complete, as of');
  });

  it('had alarms about what went wrong, and none about the machinery', async () => {
    const fired = await new Prometheus(simulated.url).query(
      'group by (alertname) (last_over_time(ALERTS{alertstate="firing"}[5h]))',
      simulated.time,
    );
    const names = fired.map(({ labels }) => labels.alertname);
    expect(names).toContain('RollbackExecuted');
    expect(names).not.toContain('LedgerNotEvaluated');
  });

  it('can be replayed whole, from a file of reasonable size', async () => {
    const text = writeRecording(recording);
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
    expect(await missingFrom(parseRecording(text), dashboards)).toEqual([]);
  });
});
