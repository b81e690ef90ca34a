import type { Deployment, HealthCheck, Migration, Rollback, Service, Stage, UnixSeconds } from './types.ts';

/** One invocation of the recorder. */
export interface RecorderCall {
  /** When it is made, by a clock that is right. */
  readonly time: UnixSeconds;
  /** A verb and its options, without the program. */
  readonly argv: readonly string[];
  /** Environment that GitHub's runner would have set. */
  readonly env: Readonly<Record<string, string>>;
}

export interface CallOptions {
  /**
   * `once` reports a service's health checks together at their end; `each` reports all so far after every check,
   * as the recorder does when it polls by itself.
   */
  readonly health?: 'once' | 'each';
}

/** A call without its environment, which is the same for all calls of a deployment. */
type Event = Pick<RecorderCall, 'time' | 'argv'>;

/** Options as words of a command line; undefined ones are left out. */
const options = (given: Readonly<Record<string, string | number | undefined>>): string[] =>
  Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]));

/**
 * Every invocation of the recorder that a deployment makes, in order of time. Times are given explicitly and as the
 * runner's clock had them; what GitHub's environment says is left to the recorder's defaults.
 */
export function recorderCalls(d: Deployment, { health = 'once' }: CallOptions = {}): RecorderCall[] {
  const clock = (time: UnixSeconds): string => (time + d.clockOffset).toFixed(3);
  const events: Event[] = [
    startEvent(d, clock),
    ...d.stages.flatMap((stage) => stageEvents(stage, clock)),
    ...d.migrations.flatMap((migration) => migrationEvents(migration, clock)),
    ...d.rollbacks.flatMap((rollback) => rollbackEvents(rollback, clock)),
    ...healthEvents(d, health, clock),
    ...smallEvents(d, clock),
    ...finishEvents(d, clock),
  ];
  const env = runnerEnvironment(d);
  // A stable sort: what is listed first comes first when both happen at the same moment.
  return events.sort((a, b) => a.time - b.time).map((event) => ({ ...event, env }));
}

type Clock = (time: UnixSeconds) => string;

const startEvent = (d: Deployment, clock: Clock): Event => ({
  time: d.started,
  argv: [
    'start',
    ...options({
      'triggered-at': clock(d.triggered),
      // By the committer's clock, not the runner's.
      'committed-at': d.committed?.toFixed(3),
      'started-at': clock(d.started),
      version: d.version,
      'triggered-by': d.triggeredBy,
      'previous-deployment-id': d.previousId,
      'rework-of': d.reworkOf,
    }),
    ...(d.hotfix ? ['--hotfix'] : []),
  ],
});

const finishEvents = ({ finished, reported, triggeredBy }: Deployment, clock: Clock): Event[] =>
  finished === undefined || reported === undefined
    ? []
    : [
        {
          time: finished,
          argv: [
            'finish',
            ...options({ outcome: reported, 'finished-at': clock(finished), 'triggered-by': triggeredBy }),
          ],
        },
      ];

function stageEvents(s: Stage, clock: Clock): Event[] {
  const which = options({ service: s.service, stage: s.stage });
  const begin = { time: s.started, argv: ['stage-start', ...which, ...options({ at: clock(s.started) })] };
  if (s.finished === undefined) return [begin];
  const rest = options({
    status: s.status,
    'started-at': clock(s.started),
    at: clock(s.finished),
    'error-type': s.errorType,
    'error-message': s.message,
  });
  return [begin, { time: s.finished, argv: ['stage-finish', ...which, ...rest] }];
}

function migrationEvents(m: Migration, clock: Clock): Event[] {
  const of = (given: Record<string, string | number | undefined>): string[] => [
    'migration',
    ...options({ 'migration-name': m.name, 'started-at': clock(m.started), ...given }),
  ];
  const begin = { time: m.started, argv: of({ status: 'running' }) };
  if (m.finished === undefined) return [begin];
  const status = m.ok ? 'success' : 'failure';
  const argv = of({ status, 'finished-at': clock(m.finished), count: m.applied, 'error-message': m.message });
  return [begin, { time: m.finished, argv }];
}

function rollbackEvents(r: Rollback, clock: Clock): Event[] {
  const of = (given: Record<string, string | undefined>): string[] => [
    'rollback',
    ...options({
      reason: r.reason,
      service: r.service,
      'previous-deployment-id': r.previousId,
      'started-at': clock(r.started),
      ...given,
    }),
  ];
  const begin = { time: r.started, argv: of({ status: 'running' }) };
  if (r.finished === undefined) return [begin];
  const status = r.ok ? 'success' : 'failure';
  return [begin, { time: r.finished, argv: of({ status, 'finished-at': clock(r.finished) }) }];
}

function healthEvents(d: Deployment, when: 'once' | 'each', clock: Clock): Event[] {
  const services = [...new Set(d.health.map(({ service }) => service))];
  return services.flatMap((service) => {
    const checks = d.health.filter((check) => check.service === service);
    const ends = when === 'once' ? [checks.length] : checks.map((_, i) => i + 1);
    return ends.map((count) => healthEvent(service, checks.slice(0, count), count === checks.length, clock));
  });
}

function healthEvent(service: Service, checks: readonly HealthCheck[], isLast: boolean, clock: Clock): Event {
  const told = checks.flatMap(({ time, ok, latency }) => [
    '--check',
    `${clock(time)},${ok ? 'healthy' : 'unhealthy'},${latency}`,
  ]);
  const { time, latency } = checks.at(-1)!;
  const argv = ['health', '--service', service, ...told, ...(isLast ? [] : ['--no-error-rate'])];
  return { time: time + latency, argv };
}

const smallEvents = (d: Deployment, clock: Clock): Event[] => [
  ...d.smokeTests.map(({ name, started, finished, ok, message }) => ({
    time: finished,
    argv: [
      'smoke-test',
      ...options({
        'test-name': name,
        status: ok ? 'success' : 'failure',
        duration: (finished - started).toFixed(3),
        'finished-at': clock(finished),
        'error-message': message,
      }),
    ],
  })),
  ...d.errorRates.map(({ service, time, value }) => ({
    time,
    argv: ['error-rate', ...options({ service, value })],
  })),
  ...d.costs.map(({ resource, time, usd }) => ({
    time,
    argv: ['cost', ...options({ resource, amount: usd })],
  })),
  ...(d.queues ?? []).map(({ runner, time, seconds }) => ({
    time,
    argv: ['queue', ...options({ runner, seconds })],
  })),
  ...(d.metrics ?? []).map(({ name, labels, time, value }) => ({
    time,
    argv: [
      'metric',
      ...options({ name, value }),
      ...Object.entries(labels).flatMap(([label, own]) => ['--label', `${label}=${own}`]),
    ],
  })),
];

const eventNames = {
  github_actions: 'push',
  manual: 'workflow_dispatch',
  webhook: 'repository_dispatch',
} as const;

/** The repository of all simulated deployments. */
export const repository = 'example/app';

const runnerEnvironment = (d: Deployment): Record<string, string> => ({
  DEPLOYMENT_ENVIRONMENT: d.environment,
  GITHUB_SERVER_URL: d.repository?.replace(/\/[^/]+\/[^/]+$/, '') ?? 'https://github.com',
  GITHUB_REPOSITORY: /[^/]+\/[^/]+$/.exec(d.repository ?? '')?.[0] ?? repository,
  GITHUB_RUN_ID: d.runId,
  GITHUB_RUN_ATTEMPT: String(d.runAttempt),
  GITHUB_EVENT_NAME: eventNames[d.triggeredBy],
  GITHUB_REF_NAME: d.branch,
  GITHUB_REF_TYPE: 'branch',
  GITHUB_SHA: d.commit,
  GITHUB_ACTOR: d.actor,
});
