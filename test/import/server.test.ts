import { afterEach, describe, expect, it } from 'vitest';
import { generatedRules } from '../../src/demo/index.ts';
import { alertsOnPast, checkRetention, knownTo, retentionOf } from '../../src/import/index.ts';
import { Prometheus } from '../../src/lib/prometheus.ts';
import { inProject } from '../../src/lib/root.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';

const day = 86_400;
const now = Date.UTC(2026, 9, 13) / 1000;
const json = { 'content-type': 'application/json' };
const running: Listening[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

/** A server that answers these paths as a Prometheus does, and no others. */
async function serving(answers: Readonly<Record<string, unknown>>): Promise<Prometheus> {
  const server = await listen(({ path }) =>
    path in answers
      ? { status: 200, headers: json, body: JSON.stringify({ status: 'success', data: answers[path] }) }
      : { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 page not found' },
  );
  running.push(server);
  return new Prometheus(server.url);
}
const buildinfo = '/api/v1/status/buildinfo';
const runtimeinfo = '/api/v1/status/runtimeinfo';
const build = { version: '3.5.0', revision: 'abc', branch: 'HEAD', goVersion: 'go1.24.5' };

describe('retention of a running server', () => {
  it.each([
    ['15d', 15 * day, false],
    ['1y', 365 * day, false],
    ['90d or 512MiB', 90 * day, true],
    ['1GiB', undefined, true],
  ])('%s', async (storageRetention, seconds, hasSizeLimit) => {
    const server = await serving({ [buildinfo]: build, [runtimeinfo]: { storageRetention } });
    expect(await retentionOf(server)).toEqual({ text: storageRetention, seconds, hasSizeLimit });
  });

  it.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    ['VictoriaMetrics', { [buildinfo]: { version: '2.24.0' } }, /as VictoriaMetrics does/],
    ['Mimir', { [buildinfo]: { ...build, application: 'Grafana Mimir' } }, /that it is Grafana Mimir/],
    [
      'Thanos',
      { [buildinfo]: build, [runtimeinfo]: { storageRetention: '' } },
      /does not say how long it keeps/,
    ],
    ['an odd one', { [buildinfo]: null }, /does not say what it is/],
  ])('%s is refused, and why', async (_, answers, why) => {
    await expect(serving(answers).then(retentionOf)).rejects.toThrow(why);
  });

  it('must be as long as what is imported', () => {
    const keeping = (text: string, days: number | undefined) => () =>
      checkRetention(
        { text, seconds: days === undefined ? undefined : days * day, hasSizeLimit: false },
        now - 89.5 * day,
        now,
      );
    expect(keeping('90d', 90)).toThrow('goes back 91 days');
    expect(keeping('91d', 91)).not.toThrow();
    expect(keeping('1GiB', undefined)).not.toThrow();
  });
});

it('a deployment is known by its environment and id', async () => {
  const server = await serving({
    '/api/v1/query': {
      resultType: 'vector',
      result: [{ metric: { environment: 'production', deployment_id: '7-2' }, value: [now, '1'] }],
    },
  });
  const known = await knownTo(server, now - 30 * day, now);
  expect(known.has({ environment: 'production', id: '7-2' })).toBe(true);
  expect(known.has({ environment: 'staging', id: '7-2' })).toBe(false);
  expect(known.has({ environment: 'production', id: '7' })).toBe(false);
  expect([known.hasId('7-2'), known.hasId('7')]).toEqual([true, false]);
});

it('alerts about windows judge a past, those about what runs do not', () => {
  const names = alertsOnPast(generatedRules(inProject('generated')));
  expect(names).toEqual(
    expect.arrayContaining([
      'ErrorBudgetExhausted',
      'ErrorBudgetBurnFast',
      'SlaBreached',
      'RollbacksIncreasing',
    ]),
  );
  for (const other of ['PushgatewayDown', 'LedgerNotEvaluated', 'DeploymentTakingTooLong', 'NothingRecorded'])
    expect(names).not.toContain(other);
});
