import { describe, expect, it } from 'vitest';
import { EnvironmentFailure, explain } from '../../../src/lib/errors.ts';
import type { FakeRequest, FakeResponse } from '../../fakes/wire/types.ts';
import { provision, type Ran, type Stage } from '../harness.ts';
import { desired, only, running } from './railway-stage.ts';

/** JSON that Railway answers no request with. */
const odd = [
  'null',
  '7',
  '[]',
  '{}',
  '{"data":null}',
  '{"data":[]}',
  '{"errors":7}',
  '{"errors":[null]}',
  '{"data":{"projectToken":null,"deployment":null,"deployments":null,"serviceInstanceDeployV2":7,"buildLogs":7}}',
  '{"data":{"projectToken":{},"deployment":{"meta":7},"deployments":{"edges":[null]},"buildLogs":[null]}}',
];
const requests = ['query token', 'query deployments', 'query deployment(', 'query log', 'mutation deploy'];

/** Railway answers requests that begin so with this. What they change is changed. */
function answering(on: Stage, words: string, body: string): Stage {
  const { handler } = on.railway;
  const asked = (request: FakeRequest): string =>
    (JSON.parse(request.body ?? '{}') as { query?: string }).query?.trim() ?? '';
  const oddly = (request: FakeRequest): FakeResponse => {
    const right = handler(request);
    return asked(request).startsWith(words)
      ? { status: 200, headers: { 'content-type': 'application/json' }, body }
      : right;
  };
  Object.assign(on.railway, { handler: oddly });
  return on;
}

/** Text for a person, whichever way it ended. */
function told({ result, error, output }: Ran): string {
  if (error === undefined) return output;
  expect(error, explain(error)).toBeInstanceOf(EnvironmentFailure);
  expect(result).toBeUndefined();
  return explain(error);
}
const failing = [
  [0, 'QUEUED'],
  [5, 'BUILDING'],
  [20, 'FAILED'],
] as const;

describe('Railway that answers something else', () => {
  it.each(requests)('never brings the command down: %s', async (words) => {
    for (const body of odd) {
      const ran = await provision(answering(running(failing), words, body), desired, only);
      const text = told(ran);
      expect(text).not.toMatch(/This is a bug|TypeError|\n {4}at /);
      expect(ran.result?.code ?? 1, `${words} ${body}: ${text}`).not.toBe(0);
    }
  });

  it('is told by the request that it answered, and nothing is deployed', async () => {
    const on = answering(running(), 'query deployments', '{"data":{"deployments":{"edges":[{}]}}}');
    const ran = await provision(on, desired, only);
    expect(told(ran)).toContain(
      'Railway at backboard.railway.com answered "query deployments" with something else than was asked for. Check RAILWAY_API_URL, and what stands between.',
    );
    expect(on.railway.deployments).toHaveLength(1);
  });

  it('does not make it deploy twice', async () => {
    const on = answering(running(), 'mutation deploy', '{"data":{"serviceInstanceDeployV2":true}}');
    const ran = await provision(on, desired, only);
    expect(ran.result?.code, told(ran)).toBe(0);
    expect(on.railway.deployments).toHaveLength(2);
  });

  it('does not hide that it refused, whatever the reason looks like', async () => {
    const on = answering(running(), 'mutation deploy', '{"data":null,"errors":[{"message":7}]}');
    expect(told(await provision(on, desired, only))).toContain('Railway refused: no reason given.');
  });
});
