import { channelNames, chatLevels, stageKinds } from './file.ts';
import {
  address,
  anyNumber,
  count,
  either,
  flag,
  hour,
  labelName,
  labelValue,
  like,
  list,
  map,
  metricName,
  name,
  nameOrPattern,
  object,
  objective,
  oneOf,
  positive,
  required,
  type Shape,
  seconds,
  share,
  target,
  text,
} from './shape.ts';

const targets = object({
  deployments: object({ objective, agreement: objective, good: share, poor: share, failures: count }),
  timeToDeploy: object({
    objective,
    seconds,
    warningSeconds: seconds,
    agreementSeconds: seconds,
    escalationSeconds: seconds,
    escalationDeployments: count,
    behindSeconds: seconds,
    tooLongSeconds: seconds,
    slowDeployments: count,
  }),
  health: object({
    objective,
    least: share,
    alert: share,
    windowSeconds: seconds,
    attempts: count,
    intervalSeconds: seconds,
    timeoutSeconds: seconds,
    latencySeconds: positive,
    failures: count,
    recovery: count,
  }),
  smokeTests: object({ objective, warning: share }),
  migrations: object({ objective, slowSeconds: seconds, criticalSeconds: seconds }),
  errorRate: object({
    warning: share,
    rollback: share,
    spike: object({ times: positive, share, requestsPerSecond: positive, over: positive }),
  }),
  rollbacks: object({ perWeek: count }),
  stages: object({ times: positive, extraSeconds: seconds }),
  flaky: object({ failures: count, share }),
  usualFrom: count,
  frequency: object({
    few: share,
    many: positive,
    difference: count,
    fromHour: hour,
    workingDaysPerWeek: count,
  }),
  cost: object({ times: positive, extra: positive }),
  telemetrySilenceSeconds: seconds,
  abandoned: object({ afterSeconds: seconds, toldSeconds: seconds }),
  noDeployment: object({ seconds, usualGaps: positive, mostSeconds: seconds }),
  eventSeconds: seconds,
  incidentSeconds: seconds,
  observedSeconds: seconds,
  budget: object({ half: share, failed: positive, rolledBackForHealth: share, rolledBack: positive }),
});

const application = object({
  job: required(text),
  target,
  scheme: oneOf('http', 'https'),
  environment: name,
  requests: required(object({ metric: required(metricName), status: required(labelName) })),
  duration: required(object({ metric: required(metricName) })),
  external: object({
    calls: required(metricName),
    duration: required(metricName),
    errors: metricName,
    by: required(labelName),
    examples: text,
  }),
  database: object({
    slow: metricName,
    store: object({ metric: required(metricName), title: required(text), by: required(labelName) }),
    pool: object({ metric: required(metricName), by: required(labelName) }),
  }),
  logStreams: like(/^\{.*\}$/, 'a stream selector of LogQL', 'Write it in braces: {app="api"}.'),
});

const customMetric = object({
  type: {
    kind: 'value',
    check: (v) =>
      v === 'gauge'
        ? undefined
        : `${JSON.stringify(v)} cannot be: what is pushed once per deployment is born at its value and never increases, so that the rate of a pushed counter is always 0`,
    fix: 'Leave type out, or write gauge: each deployment has its own number.',
  },
  unit: required(oneOf('seconds', 'milliseconds', 'ratio', 'percent', 'bytes', 'count', 'currency', 'none')),
  help: required(text),
  labels: map(labelName, either('open', list(labelValue))),
  above: anyNumber,
  below: anyNumber,
});

const variable = like(
  /^[A-Z][A-Z0-9_]*$/,
  'a name of an environment variable',
  'Use capitals, digits and "_".',
);

/** How a pipeline file has to look. */
export const pipelineShape: Shape = object({
  name: required(text),
  environments: required(
    map(
      nameOrPattern,
      object({
        kind: required(oneOf('production', 'staging', 'preview')),
        pages: flag,
        freezes: flag,
        objectives: flag,
      }),
      1,
    ),
  ),
  services: required(map(name, object({ hosting: name }), 1)),
  stages: required(
    map(name, object({ kind: required(oneOf(...stageKinds)), service: name, errorType: text }), 1),
  ),
  hosting: map(name, object({ title: text, logs: address })),
  smokeTests: map(name, text),
  migrations: object({ tool: required(text), name, command: text }),
  cost: object({
    currency: required(like(/^[A-Z]{3}$/, 'a currency', 'Write its code of ISO 4217: USD, EUR.')),
    resources: required(list(name)),
    runners: map(
      name,
      object({
        perMinute: required(positive),
        since: required(like(/^\d{4}-\d{2}-\d{2}$/, 'a day', 'Write it as 2026-01-01.')),
        source: required(address),
      }),
    ),
  }),
  targets,
  repository: address,
  ci: address,
  grafana: required(address),
  timeZone: {
    kind: 'value',
    check: (v) =>
      v === 'UTC'
        ? undefined
        : `${JSON.stringify(v)} cannot be: Prometheus has no time zones, and its calendar is UTC's, so the rules could only shift a month by the same hours all year, and a zone with summer time would begin it an hour wrong for half of it`,
    fix: 'Write UTC, or leave it out. Dashboards show every time in the zone of their reader.',
  },
  application,
  metrics: map(metricName, customMetric),
  transport: oneOf('pushgateway', 'remote-write'),
  prometheus: like(/^\d+\.\d+$/, 'a version of Prometheus', 'Write major and minor in quotes: "2.42".'),
  channels: object(
    Object.fromEntries(
      channelNames.map((one) => [one, object({ kind: required(oneOf('pagerduty', 'slack')), variable })]),
    ),
  ),
  chat: object({
    about: oneOf(...chatLevels),
    slackChannel: like(
      /^[CG][A-Z0-9]{6,}$/,
      'the id of a channel',
      'Copy it from the channel’s details: C0123ABCDEF.',
    ),
    template: {
      kind: 'value',
      check: (v) => (typeof v === 'object' && v !== null && !Array.isArray(v) ? undefined : 'is no object'),
      fix: 'Write the JSON that the webhook takes: { text: "{text}" }.',
    },
  }),
});
