import { describe, expect, it } from 'vitest';
import type { FakeDeployment } from '../../fakes/railway/railway.ts';
import { alertRules, desiredOf, ledgerRules } from '../fixtures/bundle.ts';
import { changesOf, commit, plan, provision, type Stage, stage } from '../harness.ts';

const only = { options: { only: 'prometheus' as const } };
const before = desiredOf({ rules: { 'ledger.yml': ledgerRules } });
const desired = desiredOf();
const older = 'c0ffee0000000000000000000000000000000000';

/** Railway runs the commit before ours. */
function running(course?: FakeDeployment['course']): Stage {
  const on = stage(
    'railway',
    {},
    new Map([
      [commit, desired],
      [older, before],
    ]),
  );
  on.railway.serving(older);
  on.clock.pass(600_000);
  if (course) on.railway.course = () => course;
  return on;
}
const statuses = (on: Stage): string[] =>
  on.railway.deployments.map((d) => `${d.commitHash === commit ? 'new' : 'old'} ${on.railway.status(d)}`);

describe('Railway', () => {
  it('deploys the commit, follows it by its id, and proves the rules', async () => {
    const on = running();
    const first = await plan(on, desired, only);
    expect(first.output).toContain('deploys commit c0ffee0 of the Prometheus service (now c0ffee0)');
    const ran = await provision(on, desired, only);
    expect(ran.result?.code, ran.output).toBe(0);
    for (const words of ['is queued', 'initializing', 'builds', 'starts', 'success'])
      expect(ran.output).toContain(`deployment deployment-2 ${words}`);
    expect(statuses(on)).toEqual(['old REMOVED', 'new SUCCESS']);
    expect(changesOf(await plan(on, desired, only))).toEqual([]);
    expect((await provision(on, desired, only)).exchanges.filter((e) => e.url.includes('mutation'))).toEqual(
      [],
    );
    expect(on.railway.deployments).toHaveLength(2);
  });

  it.each([
    [
      'FAILED',
      [
        [0, 'QUEUED'],
        [5, 'BUILDING'],
        [20, 'FAILED'],
      ],
      'Build log',
    ],
    [
      'CRASHED',
      [
        [0, 'QUEUED'],
        [5, 'BUILDING'],
        [20, 'DEPLOYING'],
        [30, 'CRASHED'],
      ],
      'loading rules failed',
    ],
  ] as const)(
    'shows the log when a deployment ends as %s; the one before still serves',
    async (status, course, log) => {
      const on = running(course as FakeDeployment['course']);
      const ran = await provision(on, desired, only);
      expect(ran.result?.code).toBe(1);
      expect(ran.output).toContain(`Deployment deployment-2 of Prometheus ended as ${status}`);
      expect(ran.output).toContain(log);
      expect(ran.output).toContain('Nothing to roll back: the deployment before (c0ffee0) still serves.');
      expect(on.railway.deployments).toHaveLength(2);
    },
  );

  it('rolls back when a deployment fails after it took the place of the one before', async () => {
    const on = running([
      [0, 'BUILDING'],
      [20, 'CRASHED'],
    ]);
    on.railway.course = () => {
      on.railway.deployments[0]!.removedAt = on.clock.now();
      return [
        [0, 'BUILDING'],
        [20, 'CRASHED'],
      ];
    };
    const ran = await provision(on, desired, only);
    expect(ran.output).toContain('Rolled back to the deployment before (c0ffee0).');
    expect(statuses(on).at(-1)).toBe('old SUCCESS');
    expect(on.rules.versions()).toEqual([before.version]);
  });

  it('rolls back when the proof fails, and names the rule', async () => {
    const on = running();
    on.rules.broken.set('DeploymentFailed', 'many-to-many matching not allowed');
    const ran = await provision(on, desired, only);
    expect(ran.result?.code).toBe(1);
    expect(ran.output).toContain(
      'alerts › DeploymentFailed cannot be evaluated: many-to-many matching not allowed',
    );
    expect(ran.output).toContain('Rolled back to the deployment before (c0ffee0).');
    expect(on.rules.groups.map((g) => g.name)).not.toContain('alerts');
  });

  it('says so when Railway cannot roll back any more', async () => {
    const on = running();
    on.railway.deployments[0]!.canRollback = false;
    on.rules.broken.set('DeploymentFailed', 'x');
    expect((await provision(on, desired, only)).output).toContain(
      'cannot roll back to the deployment before (c0ffee0) any more',
    );
  });

  it('says so when there is nothing to roll back to', async () => {
    const on = stage('railway', {}, new Map([[commit, desired]]));
    on.rules.broken.set('DeploymentFailed', 'x');
    expect((await provision(on, desired, only)).output).toContain(
      'There is no deployment before it to roll back to.',
    );
  });

  it('waits for an approval, and says that it does', async () => {
    const on = running([
      [0, 'NEEDS_APPROVAL'],
      [120, 'BUILDING'],
      [150, 'SUCCESS'],
    ]);
    const ran = await provision(on, desired, only);
    expect(ran.output).toContain('waits for an approval in Railway');
    expect(ran.result?.code).toBe(0);
  });

  it('takes a service that sleeps for a deployed one', async () => {
    const on = running([
      [0, 'BUILDING'],
      [20, 'SLEEPING'],
    ]);
    expect((await provision(on, desired, only)).result?.code).toBe(0);
  });

  it('does not wait for ever', async () => {
    const on = running([[0, 'QUEUED']]);
    const ran = await provision(on, desired, only);
    expect(ran.output).toContain('did not end within 20 minutes (QUEUED)');
    expect(ran.result?.code).toBe(1);
  });

  it('asks seldom enough for the smallest plan of Railway', async () => {
    const on = running([
      [0, 'BUILDING'],
      [1100, 'SUCCESS'],
    ]);
    const ran = await provision(on, desired, only);
    expect(ran.result?.code).toBe(0);
    expect(ran.exchanges.filter((e) => e.url.includes('graphql')).length).toBeLessThan(100);
  });

  it('stops when another commit is being deployed, or was since the plan', async () => {
    const on = running();
    on.railway.course = () => [
      [0, 'BUILDING'],
      [3000, 'SUCCESS'],
    ];
    await provision(on, before, {
      ...only,
      world: { commit: () => 'b'.repeat(40), signal: AbortSignal.abort() },
    });
    const other = stage(
      'railway',
      {},
      new Map([
        [commit, desired],
        [older, before],
      ]),
    );
    other.railway.serving(older);
    let asked = 0;
    const faults = (_: number, { url }: { url: URL }) => {
      // After the plan was made, somebody else's deployment takes over.
      if (url.pathname.startsWith('/graphql') && ++asked === 3) other.railway.serving('d'.repeat(40));
      return 'none' as const;
    };
    const ran = await provision(other, desired, { ...only, faults });
    expect(ran.result?.outcomes.map((o) => o.state)).toContain('conflict');
    expect(ran.output).toContain('was deployed by somebody since the plan was made');
    expect(other.railway.deployments.filter((d) => d.commitHash === commit)).toEqual([]);
  });

  it('follows the deployment of another run instead of starting a second one', async () => {
    const on = running();
    const both = await Promise.all([provision(on, desired, only), provision(on, desired, only)]);
    expect(both.map((ran) => ran.result?.code)).toEqual([0, 0]);
    expect(on.railway.deployments.filter((d) => d.commitHash === commit).length).toBeLessThanOrEqual(2);
    expect(on.rules.versions()).toEqual([desired.version]);
  });

  it('does not roll back what another run has started, and proven meanwhile', async () => {
    const on = running();
    const first = provision(on, desired, only);
    while (on.railway.deployments.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const second = await provision(on, desired, {
      ...only,
      // This run alone gets an odd answer, once it looks for the proof.
      faults: (_, { url }) =>
        url.pathname === '/api/v1/query' && on.railway.status(on.railway.deployments[1]!) === 'SUCCESS'
          ? 'redirect to another host'
          : 'none',
    });
    expect((await first).result?.code).toBe(0);
    expect(second.result?.code).toBe(1);
    expect(second.output).toContain('was started by another run, so it was not rolled back');
    expect(on.railway.deployments).toHaveLength(2);
    expect(on.rules.versions()).toEqual([desired.version]);
  });

  it('does not deploy twice when the answer of the first request is lost', async () => {
    const on = running();
    let lost = false;
    const ran = await provision(on, desired, {
      ...only,
      faults: (_, { body }) => {
        if (lost || !body?.includes('serviceInstanceDeployV2')) return 'none';
        lost = true;
        return 'cut after';
      },
    });
    expect(lost).toBe(true);
    expect(ran.result?.code, ran.output).toBe(0);
    expect(on.railway.deployments).toHaveLength(2);
  });

  it('names a wrong token: account tokens and other environments', async () => {
    const on = running();
    const ran = await provision(on, desired, { ...only, env: { RAILWAY_TOKEN: 'account-token-123456' } });
    expect(ran.output).toContain('It must be a project token');
    expect(ran.output).not.toContain('account-token-123456');
    const service = await provision(on, desired, {
      ...only,
      env: { RAILWAY_PROMETHEUS_SERVICE_ID: 'someone-else' },
    });
    expect(service.output).toContain('Railway does not accept RAILWAY_TOKEN');
  });

  it('sends the token in the header that project tokens have', async () => {
    const on = running();
    const ran = await plan(on, desired, only);
    const calls = ran.exchanges.filter((e) => e.url.includes('graphql'));
    for (const { headers } of calls) {
      expect(headers['project-access-token']).toBe(on.railway.options.token);
      expect(headers.authorization).toBeUndefined();
    }
    expect(calls.map((e) => e.url)).toEqual(calls.map(() => 'https://backboard.railway.com/graphql/v2'));
  });

  it('an interrupted run leaves the deployment to the next one, which follows it', async () => {
    const on = running();
    const interrupt = new AbortController();
    const ran = await provision(on, desired, {
      ...only,
      world: { signal: interrupt.signal },
      faults: (_, { body }) => {
        if (body?.includes('query deployment(')) interrupt.abort();
        return 'none';
      },
    });
    expect(ran.output).toContain('Interrupted; deployment deployment-2 goes on in Railway');
    const next = await provision(on, desired, only);
    expect(next.output).toContain('is under way already, following it');
    expect(next.result?.code).toBe(0);
    expect(on.railway.deployments).toHaveLength(2);
  });

  it('leaves rules alone that no Prometheus here could read', async () => {
    const on = running();
    const bad = desiredOf({ rules: { 'alerts.yml': alertRules.replace('== 2', '== ((2') } });
    const ran = await provision(on, bad, only);
    expect(ran.output).toContain('alerts.yml › alerts › DeploymentFailed: 1:1: parse error');
    expect(on.railway.deployments).toHaveLength(1);
  });
});
