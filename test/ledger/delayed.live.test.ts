import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outcomes, rollbackReasons } from '../../src/metrics/codes.ts';
import type { RuleGroup } from '../../src/metrics/rule.ts';
import type { Pipeline } from '../../src/pipeline/pipeline.ts';
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
import { byNight } from '../nightly.ts';
import { type Facts, factsAt, totalCost } from '../oracle/facts.ts';
import { bundleBy } from '../relay.ts';
import { type PastSystem, startPast } from '../troubleshooting/past.ts';
import { Ruler } from './ruler.ts';

/** The middle of a month, at a full hour. */
const zero = Date.UTC(2025, 9, 15, 10) / 1000;
const minute = 60;
const at = (minutes: number): number => zero + minutes * minute;

/** Begins at a minute, goes well and takes ten, with something of everything. */
const full = (id: string, start: number, rest: Parameters<typeof deployment>[0] | object = {}) =>
  deployment({
    id,
    started: at(start),
    finished: at(start + 10),
    stages: [
      stage('api', 'build', at(start + 1), at(start + 3)),
      stage('web', 'build', at(start + 1), at(start + 4)),
    ],
    migrations: [migration(at(start + 4), at(start + 5))],
    smokeTests: [smokeTest('api_health', at(start + 7)), smokeTest('web_beta', at(start + 8))],
    health: health(at(start + 6), '..x.'),
    costs: [
      { resource: 'railway_compute', time: at(start + 9), usd: 0.25 },
      { resource: 'vercel_build', time: at(start + 9), usd: 0.5 },
    ],
    ...rest,
  });

const live = [
  full('100', 0),
  full('101', 2, {
    stages: [stage('api', 'build', at(3), at(5)), failedStage('web', 'build', at(3), at(6))],
    reported: 'failure',
  }),
  full('102', 4, { rollbacks: [rollback(at(20), at(22), { reason: 'health_check_failed' })] }),
  // The API was rolled back, the web was not: it is no rollback, whichever of the two came last.
  full('103', 6, {
    rollbacks: [rollback(at(17), at(18), { ok: false, service: 'web' }), rollback(at(18), at(19))],
  }),
  full('104', 8, { reported: 'cancelled' }),
  full('105', 9, { smokeTests: [smokeTest('api_health', at(15), false)] }),
  full('106', 11),
];
/** They finish while the ruler is away; the gateway holds them when it is back. */
const missed = [
  full('110', 36),
  full('111', 38, { migrations: [migration(at(42), at(43), false)], reported: 'failure' }),
  full('112', 48, { smokeTests: [smokeTest('api_health', at(55), false)], reported: 'failure' }),
  full('113', 55),
  full('114', 60, { reported: 'failure' }),
  full('115', 70),
];
/** Events after the groups of the deployment were removed. */
const late = [
  full('120', 1, {
    costs: [
      { resource: 'railway_compute', time: at(10), usd: 0.25 },
      { resource: 'vercel_build', time: at(172), usd: 0.125 },
    ],
  }),
  full('121', 3, { rollbacks: [rollback(at(171), at(172))] }),
  full('122', 5, { errorRates: [{ service: 'api', time: at(171), value: 0.01 }] }),
];
/** Nothing more is heard of one; the other's start removes what is older than two hours. */
const others = [
  unfinished({ id: '130', started: at(12), stages: [{ service: 'api', stage: 'build', started: at(13) }] }),
  deployment({
    id: '140',
    environment: 'staging',
    started: at(165),
    finished: at(166),
    stages: [stage('api', 'build', at(165), at(166))],
  }),
];
const end = at(180);
const all = history(end, [...live, ...missed, ...late, ...others]);
const step = 15;

const groupsBy = (transport: Pipeline['transport']): readonly RuleGroup[] => {
  const { ruleFiles } = bundleBy(transport);
  return [...ruleFiles.ledger!, ...ruleFiles.history!.filter(({ name }) => /timeline|choices/.test(name))];
};

/** The ledger's last values by series. */
async function recorded({ prometheus }: PastSystem): Promise<Record<string, number>> {
  const names = '{__name__=~"deployment(_stage|_test|_resource)?:.+"}';
  // As long as the gateway holds a deployment, and so different for a ruler that sees it later.
  const now = /:(heard_of|reported|running|last_event|ended|recorded_push)|_earlier_|_choice:/;
  return Object.fromEntries(
    (await prometheus.query(`last_over_time(${names}[5h])`, end)).flatMap(({ labels, value }) => {
      const { __name__: name = '', ...rest } = labels;
      // 0 says that it was no error after all; one that saw everything at once never took it for one.
      const isOver = value === 0 && /:(error|unfinished)_timestamp/.test(name);
      return now.test(name) || isOver ? [] : [[`${name}${JSON.stringify(rest)}`, value] as const];
    }),
  );
}

/** When its last stage ended: from then on users had what was rolled back. */
const lastStage = ({ deployment: d }: Facts): number =>
  Math.max(...[...d.stages, ...d.migrations].flatMap(({ finished }) => finished ?? []));

/** Truth of a deployment, by the names of the ledger's facts. */
const truthOf = (f: Facts): Record<string, number | undefined> => ({
  'deployment:outcome:code': outcomes[f.outcome],
  'deployment:finished_timestamp_seconds:max': f.finished,
  'deployment:triggered_timestamp_seconds:min': f.triggered,
  'deployment:started_timestamp_seconds:min': f.started,
  'deployment:duration_seconds:last': f.duration,
  'deployment:stages:count': f.stages.length,
  'deployment:stages_passed:count': f.stages.filter(({ status }) => status === 'success').length,
  'deployment:error_budget_spent:sum': f.budgetSpent,
  ...(f.outcome === 'rolled_back' && {
    'deployment:rollback_reason:code': rollbackReasons[f.rollbackReason],
    'deployment:rollback_finished_timestamp_seconds:max': f.rolledBack,
    'deployment:rolled_back_after_seconds:last': f.rolledBack! - lastStage(f),
  }),
  ...(totalCost(f) > 0 && { 'deployment:cost_usd:sum': totalCost(f) }),
});

let atOnce: Record<string, number> | undefined;

interface Case {
  readonly transport: Pipeline['transport'];
  /** Evaluations. */
  readonly lateBy: number;
}
const cases = byNight<Case>(
  { transport: 'remote-write', lateBy: 2 },
  { transport: 'pushgateway', lateBy: 2 },
  { transport: 'pushgateway', lateBy: 1 },
  { transport: 'remote-write', lateBy: 0 },
);

describe.each<Case>([{ transport: 'pushgateway', lateBy: 0 }, ...cases])(
  'by $transport, a ruler that sees its own results $lateBy evaluations late',
  ({ transport, lateBy }) => {
    const groups = groupsBy(transport);
    let system: PastSystem;
    let facts: Record<string, number>;
    beforeAll(async () => {
      system = await startPast(all, { from: zero - 5 * minute, to: end, step }, 'current', transport);
      const ruler = new Ruler(system.prometheus, system.server.url, lateBy);
      await ruler.run(groups, { from: at(9), to: at(27), step });
      // It was away for most of an hour, and everything is there at once.
      await ruler.run(groups, { from: at(81), to: at(90), step });
      await ruler.run(groups, { from: at(134), to: at(138), step });
      await ruler.run(groups, { from: at(170), to: end, step });
      facts = await recorded(system);
    }, 600_000);
    afterAll(() => system?.stop());

    it('knows every deployment, whenever it saw it', () => {
      const untrue = factsAt(all, end).flatMap((f) =>
        Object.entries(truthOf(f)).flatMap(([name, value]) => {
          const found =
            facts[`${name}${JSON.stringify({ deployment_id: f.id, environment: f.environment })}`];
          return found === value ? [] : [`${f.id} ${name}: ${found} instead of ${value}`];
        }),
      );
      expect(untrue).toEqual([]);
    });

    it('says of everything what one says that sees them at once', () => {
      atOnce ??= facts;
      expect(Object.keys(facts).length).toBeGreaterThan(300);
      expect(facts).toEqual(atOnce);
    });

    it('writes a fact 60 times at the most', async () => {
      const counted = await system.prometheus.query(
        'max(count_over_time(deployment:finished_timestamp_seconds:max[5h]))',
        end,
      );
      expect(counted[0]!.value).toBeGreaterThan(5);
      expect(counted[0]!.value).toBeLessThanOrEqual(60);
    });
  },
);
