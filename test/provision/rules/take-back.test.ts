import { describe, expect, it } from 'vitest';
import { good } from '../../fakes/railway/railway.ts';
import type { FaultPlan } from '../../fakes/wire/transport.ts';
import { desiredOf, ledgerRules } from '../fixtures/bundle.ts';
import { commit, provision, type Stage, stage } from '../harness.ts';
import { before, deploy, desired, interruptedAt, older, only, running, statuses } from './railway-stage.ts';

describe('taking a deployment back', () => {
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
    expect(ran.output).toContain('Rolled back to the deployment before (badc0de).');
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
    expect(ran.output).toContain('Rolled back to the deployment before (badc0de).');
    expect(on.rules.groups.map((g) => g.name)).not.toContain('alerts');
  });

  it('says so when Railway cannot roll back any more', async () => {
    const on = running();
    on.railway.deployments[0]!.canRollback = false;
    on.rules.broken.set('DeploymentFailed', 'x');
    expect((await provision(on, desired, only)).output).toContain(
      'cannot roll back to the deployment before (badc0de) any more',
    );
  });

  it('says so when there is nothing to roll back to', async () => {
    const on = stage('railway', {}, new Map([[commit, desired]]));
    on.rules.broken.set('DeploymentFailed', 'x');
    expect((await provision(on, desired, only)).output).toContain(
      'There is no deployment before it to roll back to.',
    );
  });

  it.each([
    ['QUEUED', [[0, 'QUEUED']]],
    ['NEEDS_APPROVAL', [[0, 'NEEDS_APPROVAL']]],
  ] as const)(
    'does not wait for ever, and cancels a deployment that would not be watched (%s)',
    async (status, course) => {
      const on = running(course);
      const ran = await provision(on, desired, only);
      expect(ran.output).toContain(`did not end within 20 minutes (${status}). It was cancelled.`);
      expect(ran.output).toContain('the deployment before (badc0de) still serves');
      expect(ran.result?.code).toBe(1);
      on.clock.pass(7_200_000);
      expect(statuses(on)).toEqual(['old SUCCESS', 'new REMOVED']);
      on.railway.course = () => good;
      expect((await provision(on, desired, only)).result?.code).toBe(0);
    },
  );

  it('says that it may still go live when it cannot be cancelled', async () => {
    const on = running([
      [0, 'QUEUED'],
      [1500, 'SUCCESS'],
    ]);
    on.railway.mayCancel = false;
    const ran = await provision(on, desired, only);
    expect(ran.output).toMatch(/It could not be cancelled \(.*cannot be cancelled.*\) and may still go live/);
    expect(ran.output).not.toContain('Rolled back');
    expect(ran.result?.code).toBe(1);
  });

  it('cancels a deployment that it cannot watch any more, and says why', async () => {
    const on = running();
    let once = 0;
    const ran = await provision(on, desired, {
      ...only,
      faults: (_, { body }) =>
        body?.includes('query deployment(') && ++once === 2 ? 'redirect to another host' : 'none',
    });
    expect(ran.output).toMatch(
      /deployment-2 of Prometheus cannot be watched: .*redirects to .*It was cancelled/,
    );
    on.clock.pass(600_000);
    expect(statuses(on)).toEqual(['old SUCCESS', 'new REMOVED']);
  });

  it('says what becomes of the deployment when it is interrupted right after it began', async () => {
    const on = running();
    const ran = await provision(on, desired, { ...only, ...interruptedAt(on, 'query deployments(') });
    expect(ran.output).toContain('Interrupted; deployment deployment-2 goes on in Railway');
    expect(statuses(on)).toEqual(['old SUCCESS', 'new QUEUED']);
  });

  it('gives way to a deployment of another commit that began at the same moment', async () => {
    const on = running();
    const theirs = 'b'.repeat(40);
    const ran = await provision(on, desired, {
      ...only,
      faults: (_, { body }) => {
        if (body?.includes('mutation deploy') && on.railway.deployments.length === 1) deploy(on, theirs);
        return 'none';
      },
    });
    expect(ran.output).toContain(
      'Deployment deployment-3 began at the same time as deployment-2 of commit bbbbbbb. It was cancelled.',
    );
    expect(new Set(ran.result?.outcomes.map((o) => o.state))).toEqual(new Set(['conflict']));
    on.clock.pass(600_000);
    on.railway.tick();
    expect(on.railway.deployments.map((d) => on.railway.status(d))).toEqual([
      'REMOVED',
      'SUCCESS',
      'REMOVED',
    ]);
  });

  it('proves a deployment that went live while it was being cancelled', async () => {
    const on = running([
      [0, 'BUILDING'],
      [1250, 'SUCCESS'],
    ]);
    const ran = await provision(on, desired, {
      ...only,
      faults: (_, { body }) => {
        if (body?.includes('mutation cancel')) on.clock.pass(60_000);
        return 'none';
      },
    });
    expect(ran.result?.code, ran.output).toBe(0);
  });

  it('does not cancel what another run has started', async () => {
    const on = running([[0, 'BUILDING']]);
    await provision(on, desired, { ...only, ...interruptedAt(on, 'query deployment(') });
    const ran = await provision(on, desired, only);
    expect(ran.output).toContain('so it was not cancelled and may still go live');
    expect(statuses(on)).toEqual(['old SUCCESS', 'new BUILDING']);
  });

  describe('when something newer is deployed', () => {
    const newer = 'd'.repeat(40);
    const newerDesired = desiredOf({
      rules: { 'ledger.yml': ledgerRules.replace('== bool 1', '== bool 7') },
    });
    /** Deploys it once ours has reached this status and this path is asked for. */
    const after = (on: Stage, status: string, path: string): FaultPlan => {
      let made = false;
      return (_, { url }) => {
        const ours = on.railway.deployments[1];
        if (!made && ours && on.railway.status(ours) === status && url.pathname === path) {
          made = true;
          on.railway.serving(newer);
        }
        return 'none';
      };
    };
    const three = (): Stage => {
      const on = stage(
        'railway',
        {},
        new Map([
          [commit, desired],
          [older, before],
          [newer, newerDesired],
        ]),
      );
      on.railway.serving(older);
      on.clock.pass(600_000);
      return on;
    };

    it('does not touch it when the proof fails, and reports a conflict', async () => {
      const on = three();
      const ran = await provision(on, desired, { ...only, faults: after(on, 'SUCCESS', '/api/v1/rules') });
      expect(ran.output).toContain(
        'Deployment deployment-3 of commit ddddddd serves meanwhile, so nothing was rolled back',
      );
      expect(new Set(ran.result?.outcomes.map((o) => o.state))).toEqual(new Set(['conflict']));
      expect(on.railway.deployments.map((d) => on.railway.status(d))).toEqual([
        'REMOVED',
        'REMOVED',
        'SUCCESS',
      ]);
      expect(on.rules.versions()).toEqual([newerDesired.version]);
    });

    it('does not touch it when it took the place of ours before ours was live', async () => {
      const on = three();
      on.railway.course = () => [
        [0, 'BUILDING'],
        [30, 'REMOVED'],
      ];
      const ran = await provision(on, desired, { ...only, faults: after(on, 'BUILDING', '/graphql/v2') });
      expect(ran.output).toContain('Deployment deployment-2 of Prometheus was removed from elsewhere.');
      expect(new Set(ran.result?.outcomes.map((o) => o.state))).toEqual(new Set(['conflict']));
      expect(on.railway.deployments).toHaveLength(3);
    });

    it('does not touch it when ours crashed, also while it is still being built', async () => {
      const on = three();
      on.railway.course = () => [
        [0, 'BUILDING'],
        [20, 'CRASHED'],
      ];
      let deployed = false;
      const ran = await provision(on, desired, {
        ...only,
        faults: (_, { url, body }) => {
          const ours = on.railway.deployments[1];
          if (!deployed && ours && on.railway.status(ours) === 'CRASHED') {
            deployed = true;
            on.railway.deployments[0]!.removedAt = on.clock.now();
            on.railway.course = () => [[0, 'BUILDING']];
            deploy(on, newer);
          }
          expect(`${url} ${body}`).not.toContain('deploymentRollback');
          return 'none';
        },
      });
      expect(ran.output).toContain('Deployment deployment-3 of commit ddddddd is under way meanwhile');
      expect(on.railway.deployments).toHaveLength(3);
    });

    it('does not touch it when an older one was brought back', async () => {
      const on = three();
      on.railway.serving('e'.repeat(40));
      on.clock.pass(60_000);
      const ran = await provision(on, desired, {
        ...only,
        faults: (_, { url }) => {
          const [first, , ours] = on.railway.deployments;
          if (
            url.pathname === '/api/v1/rules' &&
            ours &&
            on.railway.status(ours) === 'SUCCESS' &&
            ours.removedAt === undefined
          ) {
            ours.removedAt = on.clock.now();
            first!.removedAt = undefined;
            on.railway.onServe(older);
          }
          return 'none';
        },
      });
      expect(ran.output).toContain('Deployment deployment-1 of commit badc0de serves meanwhile');
      expect(on.railway.deployments).toHaveLength(3);
    });
  });

  it('rolls a joined deployment back that cannot have been proven', async () => {
    const on = running();
    on.rules.broken.set('DeploymentFailed', 'many-to-many matching not allowed');
    await provision(on, desired, { ...only, ...interruptedAt(on, 'query deployment(') });
    expect(statuses(on)).toEqual(['old SUCCESS', 'new QUEUED']);
    const next = await provision(on, desired, only);
    expect(next.output).toContain('is under way already, following it');
    expect(next.output).toContain('alerts › DeploymentFailed cannot be evaluated');
    expect(next.output).toContain('Rolled back to the deployment before (badc0de).');
    on.clock.pass(60_000);
    expect(on.rules.versions()).toEqual([before.version]);
    expect(on.rules.groups.map((g) => g.name)).not.toContain('alerts');
  });

  it('brings the one before back once when two runs find the same deployment crashed', async () => {
    const on = running();
    on.railway.course = () => {
      on.railway.deployments[0]!.removedAt = on.clock.now();
      return [
        [0, 'BUILDING'],
        [60, 'CRASHED'],
      ];
    };
    const first = provision(on, desired, only);
    while (on.railway.deployments.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const second = await provision(on, desired, only);
    expect([(await first).result?.code, second.result?.code]).toEqual([1, 1]);
    expect(statuses(on).at(-1)).toBe('old SUCCESS');
    expect(on.rules.versions()).toEqual([before.version]);
    expect(on.railway.deployments.length).toBeLessThanOrEqual(4);
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
    expect(second.output).toContain('was started by another run or by Railway itself');
    expect(on.railway.deployments).toHaveLength(2);
    expect(on.rules.versions()).toEqual([desired.version]);
  });
});
