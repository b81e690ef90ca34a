import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examineGateway } from '../../src/doctor/gateway.ts';
import { examineGroups } from '../../src/doctor/groups.ts';
import type { Finding } from '../../src/doctor/model.ts';
import { freePort, type RunningServer, startPushgateway } from '../../src/servers/start.ts';
import { jobEnv, record } from '../record/helpers.ts';
import { Dummies, named, success } from './servers.ts';

/** A real gateway on which everything is wrong that can be. */
let messy: RunningServer;
const dummies = new Dummies();
const answering = dummies.answering.bind(dummies);

beforeAll(async () => {
  messy = await startPushgateway();
});
afterAll(async () => {
  dummies.close();
  await messy?.stop();
});

describe('the way to the gateway', () => {
  const gateway = async (url: string, over: Record<string, string> = {}): Promise<Finding[]> => [
    ...(await examineGateway({ PUSHGATEWAY_URL: url, ...over })).step.findings,
  ];
  it('its address is not set, or it is switched off', async () => {
    expect(named(await gateway(''))).toEqual(['error gateway-unset']);
    expect(named(await gateway('disabled'))).toEqual(['error recording-disabled']);
    expect(named(await gateway('pushgateway:9091'))).toEqual(['error gateway-unreachable']);
  });
  it('it is down, asks for credentials, or is something else', async () => {
    expect(named(await gateway(`http://127.0.0.1:${await freePort()}`))).toEqual([
      'error gateway-unreachable',
    ]);
    expect(named(await gateway(await answering(401, '{}')))).toEqual(['error gateway-credentials']);
    expect(named(await gateway(await answering(404, '{}')))).toEqual(['error gateway-unreachable']);
    expect(named(await gateway(await answering(200, '{}')))).toEqual(['error gateway-unreachable']);
  });
  it.each(['{}', '[1, null]', 'null', '"x"', '[{"labels":3}]', '[{"labels":{},"up":4}]', '[{"up":{}}]'])(
    'is something else: its data is %s',
    async (data) => {
      const url = await answering(200, `{"status":"success","data":${data}}`);
      const [finding] = await gateway(url);
      expect(finding?.id).toBe('gateway-unreachable');
      expect(finding?.summary).toMatch(
        /^Pushgateway at 127\.0\.0\.1:\d+ answered GET \/api\/v1\/metrics with something else than what was asked for\./,
      );
    },
  );
  it('says what its clock is ahead', async () => {
    const late = { date: new Date(Date.now() + 300_000).toUTCString() };
    const { ahead } = await examineGateway({ PUSHGATEWAY_URL: await answering(200, success([]), late) });
    expect(Math.round(ahead! / 5)).toBe(60);
  });
});

describe('what is on the gateway', () => {
  const push = async (path: string, body: string): Promise<number> =>
    (await fetch(`${messy.url}/metrics/job/deployment-pipeline${path}`, { method: 'PUT', body: `${body}\n` }))
      .status;
  const look = async (): Promise<readonly Finding[]> =>
    (await examineGateway({ PUSHGATEWAY_URL: messy.url })).step.findings;
  const at = '/environment/production/deployment_id/4711';

  it('nothing', async () => {
    expect(named(await look())).toEqual(['warning gateway-empty']);
  });

  it('a push that was refused, in which group, and how to remove it', async () => {
    expect(
      await push(
        `${at}/service/api/stage/build`,
        '# TYPE deployment_total counter\ndeployment_total{status="success"} 1',
      ),
    ).toBe(200);
    expect(
      await push(
        `${at}/service/web/stage/build`,
        '# TYPE deployment_total gauge\ndeployment_total{status="success"} 1',
      ),
    ).toBe(400);
    const refused = (await look()).filter(({ id }) => id === 'push-refused');
    expect(refused).toHaveLength(1);
    expect(refused[0]!.place[1]).toContain('service="web"');
    expect(refused[0]!.fix).toContain('with another type, or the same series twice');
    const command = /"\$PUSHGATEWAY_URL\/(\S+)"/.exec(refused[0]!.fix)?.[1];
    expect((await fetch(`${messy.url}/${command}`, { method: 'DELETE' })).status).toBe(202);
    expect(named(await look())).toEqual([]);
  });

  it('phantom groups: a branch with slashes; an unknown environment is none', async () => {
    await push('/ref/refs/heads/main', 'deployment_in_progress 1');
    await push(
      '/environment/prod/deployment_id/1',
      '# TYPE deployment_outcome_code gauge\ndeployment_outcome_code 1',
    );
    const findings = (await look()).filter(({ id }) => id === 'phantom-group');
    expect(findings.map(({ summary }) => summary)).toEqual([
      'No rule reads a group with these labels: they name no event of a deployment.',
    ]);
    const shown = async (env: Record<string, string>): Promise<string | undefined> =>
      (await examineGateway({ PUSHGATEWAY_URL: messy.url, ...env })).step.findings[0]?.fix;
    expect(await shown({ PUSHGATEWAY_TOKEN: 'secret' })).toContain(
      'curl -X DELETE -H "Authorization: Bearer $PUSHGATEWAY_TOKEN" "$PUSHGATEWAY_URL/',
    );
    expect(await shown({ PUSHGATEWAY_USERNAME: 'me', PUSHGATEWAY_PASSWORD: 'secret' })).toContain(
      'curl -X DELETE -u "$PUSHGATEWAY_USERNAME:$PUSHGATEWAY_PASSWORD" "$PUSHGATEWAY_URL/',
    );
    for (const { fix } of findings)
      await fetch(`${messy.url}/${/URL\/(\S+)"/.exec(fix)?.[1]}`, { method: 'DELETE' });
    const other = `${messy.url}/metrics/job/deployment-pipeline/environment/prod/deployment_id/1`;
    await fetch(other, { method: 'DELETE' });
    expect(named(await look())).toEqual([]);
  });

  it('metrics, labels, values and types that the catalogue does not have', async () => {
    await push(
      `${at}/service/api/stage/deploy`,
      [
        '# TYPE deployment_stage_statuscode gauge',
        'deployment_stage_statuscode 1',
        '# TYPE deployment_stage_duration_seconds histogram',
        'deployment_stage_duration_seconds_bucket{status="success",le="+Inf"} 1',
        'deployment_stage_duration_seconds_sum{status="success"} 1',
        'deployment_stage_duration_seconds_count{status="success"} 1',
        '# TYPE deployment_errors_total counter',
        'deployment_errors_total{error_type="gremlins",pod="a"} 1',
      ].join('\n'),
    );
    const findings = await look();
    expect(named(findings).sort()).toEqual([
      'error unknown-value',
      'error wrong-type',
      'warning unknown-label',
      'warning unknown-metric',
    ]);
    const by = (id: string): Finding => findings.find((f) => f.id === id)!;
    expect(by('unknown-metric').fix).toBe(
      'Is deployment_stage_status_code meant? Else declare it under metrics in pipeline.config.ts.',
    );
    expect(by('wrong-type').summary).toBe('It is pushed as histogram, and the catalogue says gauge.');
    expect(by('unknown-value').summary).toContain('The error_type "gremlins" is not one of those known');
    expect(by('unknown-label').summary).toContain('the label pod');
    await fetch(`${messy.url}/metrics/job/deployment-pipeline${at}/service/api/stage/deploy`, {
      method: 'DELETE',
    });
  });

  it('too many series of one deployment', async () => {
    const many = Array.from({ length: 1_100 }, (_, i) => `deployment_health_check_success{attempt="${i}"} 1`);
    await push(`${at}/service/api`, ['# TYPE deployment_health_check_success gauge', ...many].join('\n'));
    expect(named(await look())).toEqual(['error too-many-series']);
    await fetch(`${messy.url}/metrics/job/deployment-pipeline${at}/service/api`, { method: 'DELETE' });
  });

  describe('the clock of a runner', () => {
    const gauge = (name: string, value: number): string => `# TYPE ${name} gauge\n${name} ${value}`;
    const started = (value: number): string => gauge('deployment_started_timestamp_seconds', value);
    const finished = (value: number): string => gauge('deployment_finished_timestamp_seconds', value);
    const now = (): number => Date.now() / 1000;

    it('is ahead: a deployment finished, or a running one started, in the future', async () => {
      await push(at, finished(now() + 600));
      expect(named(await look())).toEqual(['error runner-clock']);
      await push(at, started(now() + 600));
      expect(named(await look())).toEqual(['error runner-clock']);
    });
    it('is behind: everything happened long before the gateway heard of it', async () => {
      await push(at, started(now() - 600));
      const [finding] = await look();
      expect(named([finding!])).toEqual(['warning runner-clock']);
      expect(finding?.summary).toContain('had happened 10 min or more before');
    });
    it('is right: only one push was late, or a long deployment is over', async () => {
      const stage = `${at}/service/api/stage/build`;
      await push(stage, gauge('deployment_stage_finished_timestamp_seconds', now()));
      expect(named(await look())).toEqual([]);
      await fetch(`${messy.url}/metrics/job/deployment-pipeline${stage}`, { method: 'DELETE' });
      await push(at, `${started(now() - 3_000)}\n${finished(now())}`);
      expect(named(await look())).toEqual([]);
    });
  });

  it('groups older than a day, except for the last deployment, which stays until the next one', async () => {
    const { groups } = await examineGateway({ PUSHGATEWAY_URL: messy.url });
    const tomorrow = Date.now() / 1000 + 90_000;
    expect(examineGroups(groups!, tomorrow)).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await push(
      '/environment/production/deployment_id/4712',
      '# TYPE deployment_outcome_code gauge\ndeployment_outcome_code 1',
    );
    const later = await examineGateway({ PUSHGATEWAY_URL: messy.url });
    expect(named(later.step.findings)).toEqual([]);
    const old = examineGroups(later.groups!, tomorrow);
    expect(named(old)).toEqual(['warning old-groups']);
    expect(old[0]!.summary).toContain('production/4711');
  });
});

describe('a gateway that checks no push, as the image runs it', () => {
  let unchecked: RunningServer;
  beforeAll(async () => {
    unchecked = await startPushgateway({ checked: false });
  });
  afterAll(async () => await unchecked?.stop());
  const scrape = async (): Promise<number> => (await fetch(`${unchecked.url}/metrics`)).status;
  const put = async (path: string, body: string): Promise<number> =>
    (await fetch(`${unchecked.url}/metrics/job/${path}`, { method: 'PUT', body })).status;

  it('is not scraped any more after a push without a type; the doctor finds it', async () => {
    const env = jobEnv({ PUSHGATEWAY_URL: unchecked.url, DEPLOYMENT_ID: '1' });
    expect((await record(['start'], env)).warnings).toEqual([]);
    expect(await scrape()).toBe(200);
    const stray = 'backup/instance/7';
    expect(await put(stray, 'deployment_started_timestamp_seconds 1\n')).toBe(202);
    await expect.poll(scrape).toBe(500);
    const { step } = await examineGateway({ PUSHGATEWAY_URL: unchecked.url });
    const found = step.findings.find(({ id }) => id === 'mixed-types');
    expect(found).toMatchObject({ severity: 'error' });
    expect(found?.summary).toContain('untyped (job backup: instance="7")');
  });
});
