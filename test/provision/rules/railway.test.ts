import { describe, expect, it } from 'vitest';
import type { FakeDeployment } from '../../fakes/railway/railway.ts';
import { alertRules, desiredOf } from '../fixtures/bundle.ts';
import { changesOf, commit, plan, provision } from '../harness.ts';
import { deploy, desired, interruptedAt, older, only, running, statuses } from './railway-stage.ts';

describe('Railway', () => {
  it('deploys the commit, follows it by its id, and proves the rules', async () => {
    const on = running();
    const first = await plan(on, desired, only);
    expect(first.output).toContain('deploys commit c0ffee0 of the Prometheus service (now badc0de)');
    const ran = await provision(on, desired, only);
    expect(ran.result?.code, ran.output).toBe(0);
    for (const words of ['is queued', 'initializing', 'builds', 'success'])
      expect(ran.output).toContain(`deployment deployment-2 ${words}`);
    expect(statuses(on)).toEqual(['old REMOVED', 'new SUCCESS']);
    expect(changesOf(await plan(on, desired, only))).toEqual([]);
    const bodies: string[] = [];
    const again = await provision(on, desired, {
      ...only,
      faults: (_, { body }) => {
        bodies.push(body ?? '');
        return 'none';
      },
    });
    expect(again.result?.code).toBe(0);
    expect(bodies.some((body) => body.includes('query deployments'))).toBe(true);
    expect(bodies.filter((body) => body.includes('mutation'))).toEqual([]);
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
      expect(ran.output).toContain('Nothing to roll back: the deployment before (badc0de) still serves.');
      expect(on.railway.deployments).toHaveLength(2);
    },
  );

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

  it('asks seldom enough for the smallest plan of Railway', async () => {
    const on = running([
      [0, 'BUILDING'],
      [1100, 'SUCCESS'],
    ]);
    const ran = await provision(on, desired, only);
    expect(ran.result?.code).toBe(0);
    expect(ran.exchanges.filter((e) => e.url.includes('graphql')).length).toBeLessThan(55);
  });

  it('is planned without a token that could deploy', async () => {
    const on = running();
    const ran = await plan(on, desired, { ...only, env: { RAILWAY_TOKEN: '' } });
    expect(ran.output).toContain('Railway was not asked what it runs: RAILWAY_TOKEN is not set');
    expect(ran.result?.code).toBe(2);
    expect(ran.exchanges.filter((e) => e.url.includes('graphql'))).toEqual([]);
    const applied = await provision(on, desired, { ...only, env: { RAILWAY_TOKEN: '' } });
    expect(applied.output).toContain('RAILWAY_TOKEN is not set');
  });

  it('says that Railway skipped a deployment, and why that may be', async () => {
    const on = running([
      [0, 'QUEUED'],
      [3, 'SKIPPED'],
    ]);
    const ran = await provision(on, desired, only);
    expect(ran.result?.code).toBe(1);
    expect(ran.output).toContain('Railway skipped deployment deployment-2');
    expect(ran.output).toContain('Watch Paths');
    expect(ran.output).not.toContain('from elsewhere');
    expect(on.railway.deployments).toHaveLength(2);
  });

  it('waits while a new Prometheus reads its write-ahead log, however long, and rolls back nothing', async () => {
    const on = running();
    const serve = on.railway.onServe;
    on.railway.onServe = (hash) => {
      serve(hash);
      on.rules.replaysUntil = on.clock.now() + 15 * 60_000;
    };
    const ran = await provision(on, desired, only);
    expect(ran.result?.code, ran.output).toBe(0);
    expect(ran.output).toContain('it reads its write-ahead log, segment 5 of 11');
    expect(statuses(on)).toEqual(['old REMOVED', 'new SUCCESS']);
  });

  it('leaves groups alone that another file of the image holds', async () => {
    const on = running();
    const serve = on.railway.onServe;
    on.railway.onServe = (hash) => {
      serve(hash);
      const theirs = {
        name: 'theirs',
        file: '/etc/prometheus/rules/theirs.yml',
        interval: 15,
        limit: 0,
        queryOffset: undefined,
        rules: [],
      };
      on.rules.load([...on.rules.groups, theirs]);
    };
    on.railway.onServe(older);
    const planned = await plan(on, desired, only);
    expect(planned.output).not.toContain('theirs');
    const ran = await provision(on, desired, only);
    expect(ran.result?.code, ran.output).toBe(0);
  });

  it('stops while another commit is being deployed, and touches nothing', async () => {
    const on = running();
    on.railway.course = () => [[0, 'BUILDING']];
    deploy(on, 'b'.repeat(40));
    const planned = await plan(on, desired, only);
    expect(planned.output).toContain('deployment deployment-2 of commit bbbbbbb is under way');
    const ran = await provision(on, desired, only);
    expect(ran.result?.outcomes.map((o) => o.state)).toEqual(['conflict', 'conflict']);
    expect(ran.output).toContain('Deployment deployment-2 of commit bbbbbbb is under way. Wait for it');
    expect(on.railway.deployments).toHaveLength(2);
  });

  it('stops when another commit was deployed since the plan', async () => {
    const on = running();
    let asked = 0;
    const faults = (_: number, { url }: { url: URL }) => {
      // After the plan was made, another deployment takes over.
      if (url.pathname.startsWith('/graphql') && ++asked === 3) on.railway.serving('d'.repeat(40));
      return 'none' as const;
    };
    const ran = await provision(on, desired, { ...only, faults });
    expect(ran.result?.outcomes.map((o) => o.state)).toEqual(['conflict', 'conflict']);
    expect(ran.output).toContain('was deployed since the plan was made');
    expect(statuses(on)).toEqual(['old REMOVED', 'old SUCCESS']);
  });

  it('follows the deployment of another run instead of starting a second one', async () => {
    const on = running();
    const both = await Promise.all([provision(on, desired, only), provision(on, desired, only)]);
    expect(both.map((ran) => ran.result?.code)).toEqual([0, 0]);
    expect(on.railway.deployments.filter((d) => d.commitHash === commit).length).toBeLessThanOrEqual(2);
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
    const ran = await provision(on, desired, { ...only, ...interruptedAt(on, 'query deployment(') });
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
