import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uids } from '../../src/dashboards/links.ts';
import { type ImportedHistory, readHistory, startWithPast } from '../../src/import/index.ts';
import { flakyParts, readDeployments } from '../../src/insights/index.ts';
import { Prometheus } from '../../src/lib/prometheus.ts';
import { inProject } from '../../src/lib/root.ts';
import { type DashboardState, panelQueries } from '../../src/panels/dashboard-queries.ts';
import type { RunningServer } from '../../src/servers/index.ts';
import { simulate } from '../../src/simulator/history.ts';
import type { History } from '../../src/simulator/types.ts';
import { doraState, doraTruth } from '../dora/truth-table.ts';
import { FakeGitHub } from '../fakes/github/github.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import { type TruthTable, untrueNumbers } from '../live/panels.ts';
import { differences } from '../oracle/compare.ts';
import { truthAt } from '../oracle/truth.ts';
import { rolling, within } from '../oracle/windows.ts';
import { overviewTruth } from '../overview/truth-table.ts';
import { dashboards, pipeline } from '../relay.ts';
import { sloTruth } from '../slo-dashboard/truth-table.ts';
import { partsOf } from '../troubleshooting/parts.ts';
import { truthTable } from '../troubleshooting/truth-table.ts';
import { open, ownSpan } from '../troubleshooting/view.ts';
import { asRuns, importable, workflow } from './as-runs.ts';

const day = 86_400;
const now = Math.floor(Date.now() / 1000);
const hour = 3_600;
/** A past is written in steps of an hour: what is shown of a time that is over is right at each full one. */
const fullHour = (time: number): number => Math.ceil(time / hour) * hour;
const end = fullHour(now) - hour;
const simulated = simulate({ seed: 31, end: end - 2 * hour, days: 32, perDay: 2 });
/** Runs that never ended are not read: GitHub ends them itself, or they go on. */
const ended = new Set(
  simulated.deployments.filter(({ finished }) => finished === undefined).map(({ runId }) => runId),
);
const history: History = {
  ...simulated,
  end,
  deployments: simulated.deployments.filter(({ runId }) => !ended.has(runId)),
};
/** The truth that the real Prometheus must show, to the number. */
const expected = importable(history);

/** Nothing is collected here, as the strip on top and the number of those that run tell. */
const withoutStrip = (table: TruthTable): TruthTable =>
  Object.fromEntries(
    Object.entries(table).filter(([name]) => !name.startsWith('/') && name !== 'Active deployments/Active'),
  );
const dashboard = (uid: string) => dashboards().find(({ definition }) => definition.uid === uid)!.json;

describe('dashboards on imported deployments', () => {
  const fake = new FakeGitHub();
  const folder = mkdtempSync(join(tmpdir(), 'import-truth-'));
  let github: Listening;
  let server: RunningServer | undefined;
  let read: ImportedHistory;
  let prometheus: Prometheus;
  let to: number;

  beforeAll(async () => {
    github = await listen(fake.handler);
    fake.files.set('.github/workflows/deploy.yml', workflow);
    fake.runs.push(...asRuns(history));
    read = await readHistory({
      url: github.url,
      repository: 'acme/shop',
      workflow: 'deploy.yml',
      span: { from: now - 40 * day, to: now },
      cacheFolder: join(folder, 'runs'),
      cost: pipeline.cost,
      say: () => undefined,
      onProgress: () => undefined,
    });
    server = await startWithPast(
      { seed: 0, end, deployments: read.deployments },
      true,
      () => undefined,
      inProject('generated'),
    );
    prometheus = new Prometheus(server.url);
    to = await evaluated(prometheus);
  }, 400_000);
  afterAll(async () => {
    await Promise.all([server?.stop(), github.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('are of all deployments, every attempt of its own', () => {
    expect(read.skipped).toEqual([]);
    expect([...read.mapping.unknown]).toEqual([]);
    const ids = (all: History['deployments']) =>
      all.map(({ environment, id }) => `${environment} ${id}`).sort();
    expect(ids(read.deployments)).toEqual(ids(history.deployments));
  });

  it.each<[string, TruthTable, (t: number) => DashboardState]>([
    [
      uids.overview,
      overviewTruth,
      (t) => ({ variables: { environment: '.*', window: '30d' }, from: t - day, to: t }),
    ],
    [uids.slo, sloTruth, (t) => ({ variables: { environment: '.*', slo: '.*' }, from: t - 30 * day, to: t })],
    [uids.dora, doraTruth, doraState],
  ])('%s shows what the recorder would have shown', async (uid, table, state) => {
    const untrue = await untrueNumbers(
      prometheus,
      dashboard(uid),
      withoutStrip(table),
      truthAt(expected, to),
      state(to),
    );
    expect(untrue).toEqual([]);
  });

  it('fail by chance as the panel says, by what insights find', async () => {
    const found = flakyParts(await readDeployments(prometheus, pipeline, { to, seconds: 30 * day }));
    const inTruth = truthAt(expected, to).flaky('30d');
    expect(found.length).toBeGreaterThan(1);
    const sorted = (rows: readonly (readonly (string | number)[])[]) => rows.map(String).sort();
    expect(sorted(found.map((f) => [f.environment, f.name, f.failures, f.lostSeconds]))).toEqual(
      sorted(inTruth.map((f) => [f.environment, f.part, f.failures, f.lost])),
    );
  });

  it('are read with all their stages and tests for what insights find in them', async () => {
    const seconds = 30 * day;
    const found = await readDeployments(prometheus, pipeline, { to, seconds });
    const facts = within(truthAt(expected, to).facts, rolling('30d', to));
    const inTruth = facts.map((f) => [
      f.environment,
      f.id,
      f.outcome,
      f.deployment.commit,
      f.triggered,
      f.finished,
      [
        ...partsOf(f.deployment).map(({ service, stage, started, finished, status }) =>
          [`${service} ${stage}`, started, finished, status === 'success', status === 'failure'].join(),
        ),
        ...f.smokeTests.map(({ name, ok }) => [`smoke test ${name}`, '', '', ok, !ok].join()),
      ].sort(),
    ]);
    const read = found.map((d) => [
      d.environment,
      d.id,
      d.outcome,
      d.commit,
      d.triggered,
      d.finished,
      d.parts.map((p) => [p.name, p.started, p.finished, p.passed, p.failed].join()).sort(),
    ]);
    const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
    expect(sorted(read)).toEqual(sorted(inTruth));
  });

  it('troubleshooting shows of one deployment of each kind what the recorder would have shown', async () => {
    const kinds = new Map(expected.deployments.map((d) => [d.scenario, d]));
    const seen = { ...expected, end: to };
    const truth = truthAt(seen, to);
    const untrue: string[] = [];
    for (const d of kinds.values()) {
      const facts = truth.facts.find((f) => f.id === d.id && f.environment === d.environment)!;
      const own = ownSpan(facts, seen);
      const view = await open(prometheus, seen, d, { ...own, to: Math.min(to, fullHour(own.to)) });
      const linked = await open(prometheus, seen, d, own);
      if (linked.state.variables.compared !== (linked.compared?.id ?? ''))
        untrue.push(
          `${d.scenario} ${d.id}: compared with "${linked.state.variables.compared}" in place of "${linked.compared?.id}"`,
        );
      for (const query of panelQueries(dashboard(uids.troubleshooting), view.state)) {
        const name = `${query.panel}/${query.refId}`;
        const entry = truthTable[name];
        if (!entry) continue;
        const actual = await prometheus.query(query.expr, query.to);
        untrue.push(
          ...differences(actual, entry.values(view), entry).map((text) => `${d.scenario} ${name}: ${text}`),
        );
      }
    }
    expect(untrue).toEqual([]);
  });
});

/** Waits until all rules were evaluated thrice after the past was written: they build on each other. */
async function evaluated(prometheus: Prometheus): Promise<number> {
  const from = Date.now() / 1000;
  interface Groups {
    readonly groups: readonly { readonly lastEvaluation: string }[];
  }
  for (;;) {
    const { groups } = await prometheus.get<Groups>('api/v1/rules');
    if (groups.every(({ lastEvaluation }) => Date.parse(lastEvaluation) / 1000 > from + 31))
      return Math.floor(Date.now() / 1000);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
