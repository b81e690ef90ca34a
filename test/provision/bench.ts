import type { Line } from '../../src/bench/line.ts';
import { dashboard, desiredOf } from './fixtures/bundle.ts';
import { plan, provision, type Ran, stage } from './harness.ts';

/** Dashboards of other people in the same Grafana. */
const others = 400;
const only = { options: { only: 'grafana' as const } };
/** Requests that do not depend on the number of dashboards: who answers, folder, data source, search, annotation. */
const constant = 12;
/** Requests that an apply makes beside its writes: it annotates once, and looks before and after. */
const annotating = 4;

interface Timed {
  readonly ran: Ran;
  readonly ms: number;
}

async function timed(work: () => Promise<Ran>): Promise<Timed> {
  const start = performance.now();
  const ran = await work();
  if (ran.result?.code !== 0) throw new Error(`A run that is measured failed:\n${ran.output.slice(-1000)}`);
  return { ran, ms: performance.now() - start };
}

async function measure(profile: '11' | '12' | '13', count: number): Promise<Line[]> {
  const on = stage('railway', { profile });
  for (let i = 0; i < others; i++)
    on.grafana.edit(`other-${i}`, () => ({ title: `Other ${i}`, tags: ['team'], panels: [] }), 'team');
  const uids = Array.from({ length: count }, (_, i) => `d${String(i).padStart(4, '0')}`);
  const all = (expr: string) =>
    desiredOf({ dashboards: uids.map((uid) => dashboard(uid, `D ${uid}`, expr)) });
  const desired = all('up');
  const applied = await timed(() => provision(on, desired, only));
  const unchanged = await timed(() => plan(on, desired, only));
  const updated = await timed(() => provision(on, all('up == 1'), only));
  // Grafana 11 has no list that shows whole dashboards.
  const most = (profile === '11' ? count : Math.ceil(count / 20)) + constant;
  const scale = `Grafana ${profile}, ${count} dashboards, ${others} of others`;
  const requests = (what: string, { ran }: Timed, atMost?: number): Line => ({
    what,
    scale,
    value: ran.exchanges.length,
    unit: 'requests',
    ...(atMost !== undefined && { budget: { atMost } }),
  });
  const note = 'in process, against a fake Grafana; a network adds its round trips';
  return [
    requests('unchanged plan', unchanged, most),
    { what: 'unchanged plan', scale, value: unchanged.ms, unit: 'ms', note },
    requests('first apply', applied),
    { what: 'first apply', scale, value: applied.ms, unit: 'ms', note },
    // On Grafana 11 each update is preceded by a look, because its API would make anew what was deleted meanwhile, and
    // followed by one, because it says that it saved what it did not.
    requests('apply that updates all', updated, most + count * (profile === '11' ? 3 : 1) + annotating),
  ];
}

/** Requests and time for one folder with many dashboards, for each release of Grafana. */
export const benchProvision = async (count = 100): Promise<Line[]> =>
  (await Promise.all((['11', '12', '13'] as const).map((profile) => measure(profile, count)))).flat();
