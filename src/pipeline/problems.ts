import { channelNames, type PipelineFile } from './file.ts';
import { at, choiceText, type Problem, type Report } from './problem.ts';
import { checkShape } from './shape.ts';
import { pipelineShape } from './shapes.ts';
import { type Targets, targetsOf } from './targets.ts';

/** Error types that a stage may mean. */
const errorTypes = [
  'command_failed',
  'timeout',
  'health_check_failed',
  'migration_failed',
  'test_failed',
  'rollback_triggered',
  'api_unreachable',
  'database_connection_error',
  'other',
];

/** Labels that every fact of a deployment has. */
const ownLabels = [
  'environment',
  'deployment_id',
  'metric',
  'window',
  'job',
  'instance',
  'name',
  'le',
  'quantile',
];
/** Metrics that the recorder, Prometheus or the Pushgateway have themselves, by what they begin with. */
const ownMetrics =
  /^(deployment_|smoke_test_|migration_|migrations_applied$|time_to_deploy_|post_deployment_|api_health_check_|database_migration_|prometheus_|pushgateway_|push_|up$|ALERTS)/;

/** Names that differ in nothing but case or "-", "_" and "." are taken for one another. */
function checkAlike(names: readonly string[], place: string, report: Report): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const plain = name.toLowerCase().replaceAll(/[-_.]/g, '');
    const first = seen.get(plain);
    if (first === undefined) seen.set(plain, name);
    else report(at(place, name), `It reads like ${first}.`, 'Keep one of the two, or rename one.');
  }
}

function checkEnvironments({ environments }: PipelineFile, report: Report): void {
  const names = Object.keys(environments);
  checkAlike(names, 'environments', report);
  for (const [name, e] of Object.entries(environments)) {
    const place = at('environments', name);
    if (name.includes('*') && e.kind !== 'preview')
      report(place, 'A pattern is recorded as one environment.', 'Give it the kind preview, or name each.');
    if (e.kind === 'preview' && e.objectives)
      report(at(place, 'objectives'), 'A preview counts in no SLO.', 'Leave it out, or change the kind.');
    if (e.kind === 'preview' && e.pages)
      report(at(place, 'pages'), 'A preview never pages.', 'Leave it out, or change the kind.');
    if (e.freezes && e.objectives === false)
      report(at(place, 'freezes'), 'It has no error budget that could be spent.', 'Let objectives be true.');
  }
  if (names.includes('preview') && environments.preview?.kind !== 'preview')
    report('environments.preview', 'That name is for previews.', 'Give it the kind preview, or rename it.');
  if (!Object.entries(environments).some(([name, e]) => !name.includes('*') && e.kind !== 'preview'))
    report('environments', 'All of them are previews.', 'Add the one that users are on, with its kind.');
}

function checkReferences(file: PipelineFile, report: Report): void {
  const services = Object.keys(file.services);
  const hosting = Object.keys(file.hosting ?? {});
  checkAlike(services, 'services', report);
  checkAlike(Object.keys(file.stages), 'stages', report);
  for (const [name, { hosting: host }] of Object.entries(file.services))
    if (host !== undefined && !hosting.includes(host))
      report(at(at('services', name), 'hosting'), `There is no hosting ${host}.`, choiceText(host, hosting));
  for (const host of hosting)
    if (!Object.values(file.services).some((service) => service.hosting === host))
      report(at('hosting', host), 'No service runs there.', 'Name it in a service, or remove it.');
  for (const [name, kind] of Object.entries({
    migration: 'migrate',
    health_check: 'check',
    rollback: 'rollback',
  }))
    if (Object.hasOwn(file.stages, name) && !Object.values(file.stages).some((stage) => stage.kind === kind))
      report(
        at('stages', name),
        `The recorder's own stage ${name} is of the kind ${kind}.`,
        'Give it that kind, or rename it.',
      );
  for (const [name, { service, errorType }] of Object.entries(file.stages)) {
    if (service !== undefined && !services.includes(service))
      report(
        at(at('stages', name), 'service'),
        `There is no service ${service}.`,
        choiceText(service, services),
      );
    if (errorType !== undefined && !errorTypes.includes(errorType))
      report(
        at(at('stages', name), 'errorType'),
        `There is no error type ${errorType}.`,
        choiceText(errorType, errorTypes),
      );
  }
}

/** Each may not be more than the second. */
const inOrder = [
  ['deployments.agreement', 'deployments.objective'],
  ['deployments.good', 'deployments.objective'],
  ['deployments.poor', 'deployments.good'],
  ['timeToDeploy.warningSeconds', 'timeToDeploy.seconds'],
  ['timeToDeploy.seconds', 'timeToDeploy.agreementSeconds'],
  ['timeToDeploy.agreementSeconds', 'timeToDeploy.escalationSeconds'],
  ['timeToDeploy.behindSeconds', 'timeToDeploy.tooLongSeconds'],
  ['timeToDeploy.tooLongSeconds', 'telemetrySilenceSeconds'],
  ['telemetrySilenceSeconds', 'abandoned.afterSeconds'],
  ['health.least', 'health.objective'],
  ['health.alert', 'health.least'],
  ['health.intervalSeconds', 'health.windowSeconds'],
  ['smokeTests.warning', 'smokeTests.objective'],
  ['migrations.slowSeconds', 'migrations.criticalSeconds'],
  ['errorRate.warning', 'errorRate.rollback'],
  ['noDeployment.seconds', 'noDeployment.mostSeconds'],
  ['frequency.few', 'frequency.many'],
] as const;

/** A number of the targets by its place. */
const numberAt = (targets: Targets, place: string): number =>
  place.split('.').reduce<unknown>((v, name) => (v as Record<string, unknown>)[name], targets) as number;

/** Targets that are out of order: what is a warning must come before what is an alarm. */
function checkTargets(file: PipelineFile, report: Report): void {
  const targets = targetsOf(file.targets);
  for (const [lower, higher] of inOrder) {
    const [a, b] = [numberAt(targets, lower), numberAt(targets, higher)];
    if (a > b)
      report(`targets.${lower}`, `${a} is more than ${higher} (${b}).`, `Lower it, or raise ${higher}.`);
  }
}

function checkApplication({ application, environments }: PipelineFile, report: Report): void {
  if (!application) return;
  const names = Object.keys(environments).filter((name) => !name.includes('*'));
  const { environment, requests, duration, job } = application;
  if (environment !== undefined && !names.includes(environment))
    report(
      'application.environment',
      `There is no environment ${environment}.`,
      choiceText(environment, names),
    );
  if (environment === undefined && !names.some((name) => environments[name]?.kind === 'production'))
    report('application.environment', 'It is missing: there is no production.', 'Say which one it serves.');
  if (requests.metric === duration.metric)
    report(
      'application.duration.metric',
      'It is the counter of requests.',
      'Name the histogram, without _bucket.',
    );
  if (/_(bucket|sum|count)$/.test(duration.metric))
    report(
      'application.duration.metric',
      `${duration.metric} is a part of a histogram.`,
      'Leave _bucket, _sum or _count off.',
    );
  if (['prometheus', 'pushgateway', 'deployment-pipeline'].includes(job))
    report(
      'application.job',
      `${job} is another job of this bundle.`,
      "Name the application's own scrape job.",
    );
}

function checkMetrics({ metrics = {} }: PipelineFile, report: Report): void {
  checkAlike(Object.keys(metrics), 'metrics', report);
  for (const [name, { labels = {}, above, below }] of Object.entries(metrics)) {
    const place = at('metrics', name);
    if (above !== undefined && below !== undefined && below >= above)
      report(
        at(place, 'below'),
        `${below} is not less than above (${above}).`,
        'Every deployment would be told of: lower it.',
      );
    if (ownMetrics.test(name))
      report(place, 'That name belongs to this bundle.', 'Begin it with the name of your team or product.');
    if (/_(total|bucket|count|sum|info)$/.test(name))
      report(
        place,
        `Its ending says that it is another type.`,
        'End it with its unit: _bytes, _seconds, _ratio.',
      );
    for (const label of Object.keys(labels)) {
      if (ownLabels.includes(label))
        report(at(`${place}.labels`, label), 'Every metric has that label already.', 'Rename it.');
      const values = labels[label];
      if (Array.isArray(values) && new Set(values).size < values.length)
        report(at(`${place}.labels`, label), 'A value stands there twice.', 'Remove one.');
    }
  }
}

function checkRest(file: PipelineFile, report: Report): void {
  const resources = file.cost?.resources ?? [];
  checkAlike(resources, 'cost.resources', report);
  const [major = 0, minor = 0] = (file.prometheus ?? '2.42').split('.').map(Number);
  if (major < 2 || (major === 2 && minor < 42))
    report('prometheus', `Prometheus ${file.prometheus} cannot read the rules.`, 'Use 2.42 or newer.');
  const used = channelNames.flatMap((name) => file.channels?.[name]?.variable ?? []);
  if (new Set(used).size < used.length)
    report('channels', 'Two channels read the same variable.', 'Give each a variable of its own.');
}

/** Everything that is wrong with a pipeline file, in its order; empty when it is sound. */
export function pipelineProblems(file: unknown): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (place, problem, fix) => problems.push({ place, problem, fix });
  checkShape(pipelineShape, file, '', report);
  // References can be compared only when their shapes are right.
  const parts = [
    checkEnvironments,
    checkReferences,
    checkTargets,
    checkApplication,
    checkMetrics,
    checkRest,
  ] as const;
  const broken = new Set(problems.map(({ place }) => /^\w+/.exec(place)?.[0] ?? ''));
  if (broken.size > 0 && ['', 'the', 'environments', 'services', 'stages'].some((name) => broken.has(name)))
    return problems;
  const sound = Object.fromEntries(
    Object.entries(file as PipelineFile).filter(([name]) => !broken.has(name)),
  ) as unknown as PipelineFile;
  for (const part of parts) part(sound, report);
  return problems;
}
