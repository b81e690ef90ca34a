import type { FakeDeployment } from '../../fakes/railway/railway.ts';
import { desiredOf, ledgerRules } from '../fixtures/bundle.ts';
import { commit, type RunParts, type Stage, stage } from '../harness.ts';

export const only = { options: { only: 'prometheus' as const } };
export const before = desiredOf({ rules: { 'ledger.yml': ledgerRules } });
export const desired = desiredOf();
export const older = 'badc0de000000000000000000000000000000000';

/** Railway runs the commit before ours. */
export function running(course?: FakeDeployment['course']): Stage {
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
export const statuses = (on: Stage): string[] =>
  on.railway.deployments.map((d) => `${d.commitHash === commit ? 'new' : 'old'} ${on.railway.status(d)}`);

/** Parts of a run that is interrupted when it sends this. */
export function interruptedAt(on: Stage, words: string): RunParts {
  const interrupt = new AbortController();
  return {
    world: { signal: interrupt.signal },
    faults: (_, { body }) => {
      if (on.railway.deployments.length > 1 && body?.includes(words)) interrupt.abort();
      return 'none';
    },
  };
}
/** Deploys a commit as a person does. */
export function deploy(on: Stage, commitSha: string): void {
  const { token, serviceId, environmentId } = on.railway.options;
  on.railway.handler({
    method: 'POST',
    path: '/graphql/v2',
    query: new URLSearchParams(),
    headers: { 'content-type': 'application/json', 'project-access-token': token },
    body: JSON.stringify({
      query: `mutation { serviceInstanceDeployV2(serviceId: "${serviceId}", environmentId: "${environmentId}", commitSha: "${commitSha}") }`,
    }),
  });
}
