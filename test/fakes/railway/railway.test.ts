import { describe, expect, it } from 'vitest';
import { virtualClock } from '../wire/clock.ts';
import { FakeRailway } from './railway.ts';

function client(perHour = 1000) {
  const clock = virtualClock();
  const railway = new FakeRailway(clock, { perHour });
  const { token, serviceId, environmentId } = railway.options;
  const call = (
    query: string,
    variables: object = {},
    headers: Record<string, string> = { 'project-access-token': token },
  ) => {
    const answer = railway.handler({
      method: 'POST',
      path: '/graphql/v2',
      query: new URLSearchParams(),
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return {
      status: answer.status,
      headers: answer.headers,
      body: JSON.parse(answer.body) as {
        data?: Record<string, unknown> | null;
        errors?: { message: string }[];
      },
    };
  };
  const deploy = (commitSha: string) =>
    call(
      'mutation d($s: String!, $e: String!, $c: String) { serviceInstanceDeployV2(serviceId: $s, environmentId: $e, commitSha: $c) }',
      { s: serviceId, e: environmentId, c: commitSha },
    ).body.data?.serviceInstanceDeployV2 as string;
  const status = (id: string): string => {
    const { data } = call('query q($id: String!) { deployment(id: $id) { status } }', { id }).body;
    return (data!.deployment as { status: string }).status;
  };
  return { railway, clock, call, deploy, status };
}

describe('the fake Railway', () => {
  it('takes project tokens in their own header, and reports errors with status 200', () => {
    const { call, railway } = client();
    const query = '{ projectToken { projectId environmentId } }';
    expect(call(query).body.data).toEqual({
      projectToken: { projectId: 'project-1', environmentId: 'environment-1' },
    });
    const refused = call(query, {}, { authorization: `Bearer ${railway.options.token}` });
    expect(refused).toMatchObject({ status: 200, body: { errors: [{ message: 'Not Authorized' }] } });
  });

  it('checks every request against the schema', () => {
    const { call } = client();
    expect(call('{ deployment(id: "x") { nonsense } }').body.errors?.[0]?.message).toContain(
      'Cannot query field "nonsense"',
    );
    expect(call('mutation { deploymentRollback }').body.errors?.[0]?.message).toContain('argument "id"');
    expect(call('{ deployment(id: "x") { id } }').body.errors?.[0]?.message).toBe('Deployment not found');
  });

  it('lets a deployment run through its statuses and take the place of the one before', () => {
    const { clock, deploy, status, railway } = client();
    const served: string[] = [];
    railway.onServe = (commit) => served.push(commit);
    railway.serving('a');
    const id = deploy('b');
    const seen = [status(id)];
    for (const seconds of [3, 10, 30, 20]) {
      clock.pass(seconds * 1000);
      seen.push(status(id));
    }
    expect(seen).toEqual(['QUEUED', 'INITIALIZING', 'BUILDING', 'DEPLOYING', 'SUCCESS']);
    expect(served).toEqual(['a', 'b']);
    expect(status('deployment-1')).toBe('REMOVED');
  });

  it('rolls back by deploying the old commit anew, if it may', () => {
    const { clock, call, railway, status } = client();
    railway.serving('a');
    expect(call('mutation { deploymentRollback(id: "deployment-1") }').body.data).toEqual({
      deploymentRollback: true,
    });
    clock.pass(10_000);
    expect(status('deployment-2')).toBe('SUCCESS');
    railway.deployments[0]!.canRollback = false;
    expect(call('mutation { deploymentRollback(id: "deployment-1") }').body.errors).toHaveLength(1);
  });

  it('cancels what is under way, and nothing else', () => {
    const { clock, call, deploy, status, railway } = client();
    railway.serving('a');
    const cancel = (id: string) => call(`mutation { deploymentCancel(id: "${id}") }`).body;
    const id = deploy('b');
    clock.pass(10_000);
    expect(cancel(id).data).toEqual({ deploymentCancel: true });
    clock.pass(100_000);
    expect(status(id)).toBe('REMOVED');
    expect(status('deployment-1')).toBe('SUCCESS');
    expect(cancel('deployment-1').errors).toHaveLength(1);
    railway.mayCancel = false;
    expect(cancel(deploy('c')).errors).toHaveLength(1);
  });

  it('limits requests per hour', () => {
    const { clock, call } = client(2);
    const query = '{ projectToken { projectId } }';
    call(query);
    call(query);
    expect(call(query)).toMatchObject({ status: 429, headers: { 'retry-after': '30' } });
    clock.pass(3_700_000);
    expect(call(query).status).toBe(200);
  });
});
