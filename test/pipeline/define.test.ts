import { describe, expect, it } from 'vitest';
import relay from '../../pipeline.config.ts';
import { definePipeline, type PipelineFile } from '../../src/pipeline/index.ts';
import { pipelineProblems } from '../../src/pipeline/problems.ts';

/** A small sound file; each broken one changes one thing in it. */
const sound: PipelineFile = {
  name: 'Shop',
  environments: { live: { kind: 'production' }, 'pr-*': { kind: 'preview' } },
  services: { payments: { hosting: 'cluster' }, ledger: {} },
  stages: { image: { kind: 'build', service: 'payments' }, apply: { kind: 'deploy' } },
  hosting: { cluster: { logs: 'https://logs.example/{service}?id={deployment_id}' } },
  cost: { currency: 'EUR', resources: ['cluster_hours'] },
  targets: { timeToDeploy: { seconds: 480 } },
  grafana: 'https://grafana.example/',
  application: {
    job: 'shop',
    requests: { metric: 'hits_total', status: 'code' },
    duration: { metric: 'hit_seconds' },
  },
  metrics: { shop_image_bytes: { unit: 'bytes', help: 'Size.', labels: { arch: ['arm', 'x86'] } } },
};

type Loose = Record<string, unknown>;
/** A copy in which one place holds something else; undefined removes it. */
function changed(place: string, value: unknown): unknown {
  const copy = structuredClone(sound) as unknown as Loose;
  const names = place.split('/');
  const last = names.pop()!;
  const parent = names.reduce<Loose>((at, name) => {
    at[name] ??= {};
    return at[name] as Loose;
  }, copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

/** Place and value of the change, the place that the problem names, and a word of it. */
const broken: readonly (readonly [string, unknown, string, string])[] = [
  ['name', undefined, 'name', 'missing'],
  ['name', '', 'name', 'line of text'],
  ['name', 'two\nlines', 'name', 'line of text'],
  ['environments', undefined, 'environments', 'missing'],
  ['environments', {}, 'environments', 'none'],
  ['environments', ['live'], 'environments', 'not an object'],
  ['environments', { 'pr-*': { kind: 'preview' } }, 'environments', 'previews'],
  ['environments/live/kind', undefined, 'environments.live.kind', 'missing'],
  ['environments/live/kind', 'prod', 'environments.live.kind', 'not known'],
  ['environments/live/pages', 'yes', 'environments.live.pages', 'true or false'],
  ['environments/live/page', true, 'environments.live.page', 'no field page'],
  ['environments/Live', { kind: 'staging' }, 'environments.Live', 'reads like live'],
  ['environments/my env', { kind: 'staging' }, 'environments["my env"]', 'not a name'],
  ['environments/*-pr', { kind: 'preview' }, 'environments["*-pr"]', 'not a name'],
  ['environments/qa-*', { kind: 'staging' }, 'environments["qa-*"]', 'pattern'],
  ['environments/preview', { kind: 'staging' }, 'environments.preview', 'previews'],
  ['environments/pr-*/pages', true, 'environments["pr-*"].pages', 'never pages'],
  ['environments/pr-*/objectives', true, 'environments["pr-*"].objectives', 'counts in no SLO'],
  [
    'environments/live',
    { kind: 'production', objectives: false, freezes: true },
    'environments.live.freezes',
    'no error budget',
  ],
  ['services', {}, 'services', 'none'],
  ['services/payments/hosting', 'clusters', 'services.payments.hosting', 'no hosting clusters'],
  ['services/pay/ments', {}, 'services.pay.ments', 'no field ments'],
  ['services/a b', {}, 'services["a b"]', 'not a name'],
  [`services/${'x'.repeat(65)}`, {}, `services.${'x'.repeat(65)}`, 'at most 64'],
  ['services/Ledger', {}, 'services.Ledger', 'reads like ledger'],
  ['hosting/fly', {}, 'hosting.fly', 'No service runs there'],
  ['hosting/cluster/logs', 'logs.example', 'hosting.cluster.logs', 'not an address'],
  ['stages', undefined, 'stages', 'missing'],
  ['stages/apply/kind', undefined, 'stages.apply.kind', 'missing'],
  ['stages/apply/kind', 'release', 'stages.apply.kind', 'not known'],
  ['stages/apply/service', 'payment', 'stages.apply.service', 'no service payment'],
  ['stages/apply/errorType', 'boom', 'stages.apply.errorType', 'no error type boom'],
  ['stages/a-pply', { kind: 'other' }, 'stages["a-pply"]', 'reads like apply'],
  ['grafana', undefined, 'grafana', 'missing'],
  ['grafana', 'grafana.example', 'grafana', 'not an address'],
  ['repository', 'owner/name', 'repository', 'not an address'],
  ['timeZone', 'Europe/Berlin', 'timeZone', 'summer time'],
  ['timeZone', 'Etc/GMT-5', 'timeZone', 'Prometheus has no time zones'],
  ['transport', 'otlp', 'transport', 'not known'],
  ['prometheus', '2.30', 'prometheus', 'cannot read'],
  ['prometheus', 3, 'prometheus', 'not a version'],
  ['cost/currency', 'euro', 'cost.currency', 'not a currency'],
  ['cost/resources', 'cluster', 'cost.resources', 'not a list'],
  ['cost/resources', ['a b'], 'cost.resources[0]', 'not a name'],
  ['cost/resources', ['cpu', 'CPU'], 'cost.resources.CPU', 'reads like cpu'],
  ['targets/timeToDeploy/seconds', '480', 'targets.timeToDeploy.seconds', 'length of time'],
  ['targets/timeToDeploy/seconds', -1, 'targets.timeToDeploy.seconds', 'length of time'],
  ['targets/timeToDeploy/second', 480, 'targets.timeToDeploy.second', 'no field second'],
  ['targets/timeToDeploy/warningSeconds', 900, 'targets.timeToDeploy.warningSeconds', 'more than'],
  ['targets/timeToDeploy/tooLongSeconds', 300, 'targets.timeToDeploy.behindSeconds', 'more than'],
  ['targets/deployments/objective', 99, 'targets.deployments.objective', 'not an objective'],
  ['targets/deployments/agreement', 0.999, 'targets.deployments.agreement', 'more than'],
  ['targets/health/least', 0.5, 'targets.health.alert', 'more than'],
  ['targets/migrations/slowSeconds', 0, 'targets.migrations.slowSeconds', 'length of time'],
  ['targets/errorRate/warning', 0.2, 'targets.errorRate.warning', 'more than'],
  ['targets/frequency/fromHour', 24, 'targets.frequency.fromHour', 'hour'],
  ['application/job', undefined, 'application.job', 'missing'],
  ['application/job', 'prometheus', 'application.job', 'another job'],
  ['application/environment', 'lively', 'application.environment', 'no environment lively'],
  ['application/duration/metric', 'hits_total', 'application.duration.metric', 'counter of requests'],
  ['application/duration/metric', 'hit_seconds_bucket', 'application.duration.metric', 'part of a histogram'],
  ['application/requests/status', 'co-de', 'application.requests.status', 'name of a label'],
  ['application/target', 'https://shop.example', 'application.target', 'host'],
  ['metrics/shop_image_bytes/type', 'counter', 'metrics.shop_image_bytes.type', 'never increases'],
  [
    'metrics/team_a_ratio',
    { unit: 'ratio', help: 'x', above: 0.2, below: 0.5 },
    'metrics.team_a_ratio.below',
    'not less than above',
  ],
  [
    'metrics/team_a_ratio',
    { unit: 'ratio', help: 'x', above: '20 %' },
    'metrics.team_a_ratio.above',
    'not a number',
  ],
  [
    'metrics/team_a_ratio',
    { unit: 'ratio', help: 'x', labels: { metric: 'open' } },
    'metrics.team_a_ratio.labels.metric',
    'has that label already',
  ],
  ['metrics/shop_image_bytes/help', undefined, 'metrics.shop_image_bytes.help', 'missing'],
  ['metrics/shop_image_bytes/unit', 'MB', 'metrics.shop_image_bytes.unit', 'not known'],
  [
    'metrics/shop_image_bytes/labels/environment',
    'open',
    'metrics.shop_image_bytes.labels.environment',
    'already',
  ],
  ['metrics/shop_image_bytes/labels/arch', ['arm', 'arm'], 'metrics.shop_image_bytes.labels.arch', 'twice'],
  [
    'metrics/shop_image_bytes/labels/arch',
    [''],
    'metrics.shop_image_bytes.labels.arch[0]',
    'value of a label',
  ],
  ['chat', { about: 'loud' }, 'chat.about', 'not known'],
  ['chat', { slackChannel: '#deployments' }, 'chat.slackChannel', 'id of a channel'],
  ['chat', { template: 'text' }, 'chat.template', 'no object'],
  ['metrics/shop:image', { unit: 'count', help: 'x' }, 'metrics["shop:image"]', 'name of a metric'],
  ['metrics/shop_images_total', { unit: 'count', help: 'x' }, 'metrics.shop_images_total', 'another type'],
  [
    'metrics/deployment_size',
    { unit: 'count', help: 'x' },
    'metrics.deployment_size',
    'belongs to this bundle',
  ],
  ['channels/pager/kind', 'email', 'channels.pager.kind', 'not known'],
  [
    'channels',
    { pager: { kind: 'slack', variable: 'A' }, tickets: { kind: 'slack', variable: 'A' } },
    'channels',
    'same variable',
  ],
  ['enviroments', {}, 'enviroments', 'Did you mean environments?'],
];

describe('a pipeline file', () => {
  it('of Relay is sound, and so is a small one', () => {
    expect(relay.name).toBe('Relay');
    expect(pipelineProblems(sound)).toEqual([]);
  });

  it.each(broken)('with %s: %j is refused at %s', (place, value, where, word) => {
    const problems = pipelineProblems(changed(place, value));
    const found = problems.find((problem) => problem.place === where);
    expect(problems.map((p) => `${p.place}: ${p.problem} ${p.fix}`)).toContainEqual(
      expect.stringContaining(`${where}: `),
    );
    expect(`${found?.problem} ${found?.fix}`).toContain(word);
    expect(found?.fix).toMatch(/\w+.*\.$|\?$/);
  });

  it('has all its problems named at once', () => {
    const file = changed('grafana', 'nowhere') as Loose;
    file.targets = { health: { least: 2 } };
    (file.stages as Loose).extra = {};
    const message = /3 problems:[\s\S]*stages\.extra\.kind[\s\S]*targets\.health\.least[\s\S]*grafana/;
    expect(() => definePipeline(file as unknown as PipelineFile)).toThrow(message);
  });

  it.each([null, 'text', [], 7])('that is %j is refused with a sentence', (file) => {
    expect(() => definePipeline(file as unknown as PipelineFile)).toThrow(/the file: .* is not an object/);
  });

  it('is completed from few numbers', () => {
    const { targets, environments, stages, grafana, application } = definePipeline(sound);
    expect(targets.timeToDeploy).toMatchObject({ seconds: 480, warningSeconds: 240, tooLongSeconds: 720 });
    expect(targets.telemetrySilenceSeconds).toBe(1440);
    expect(environments.live).toMatchObject({ pages: true, freezes: true, objectives: true });
    expect(environments['pr-*']).toMatchObject({ pages: false, freezes: false, objectives: false });
    expect(stages.image?.errorType).toBe('command_failed');
    expect(grafana).toBe('https://grafana.example');
    expect(application?.environment).toBe('live');
  });

  it('is plain data', () => {
    expect(JSON.parse(JSON.stringify(relay))).toEqual(relay);
  });
});
