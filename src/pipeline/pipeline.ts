import type {
  ApplicationFile,
  ChannelFile,
  ChannelName,
  ChatFile,
  CustomMetricFile,
  EnvironmentFile,
  HostingFile,
  PipelineFile,
  ServiceFile,
  StageFile,
} from './file.ts';
import { type Targets, targetsOf } from './targets.ts';

/** An environment, with what its kind means filled in. */
export type Environment = Required<EnvironmentFile>;
/** A stage; the error type follows from its kind where the file names none. */
export type Stage = StageFile & { readonly errorType: string };

/**
 * A pipeline file with every default filled in: what is observed, and what is demanded of it. Plain data: the recorder
 * carries it, and everything that is built is built from it.
 */
export interface Pipeline {
  readonly name: string;
  readonly environments: Readonly<Record<string, Environment>>;
  readonly services: Readonly<Record<string, ServiceFile>>;
  readonly stages: Readonly<Record<string, Stage>>;
  readonly hosting: Readonly<Record<string, Required<HostingFile>>>;
  readonly smokeTests: Readonly<Record<string, string>>;
  readonly migrations: Required<NonNullable<PipelineFile['migrations']>>;
  /** Runners that have a price are resources too. */
  readonly cost: Required<NonNullable<PipelineFile['cost']>>;
  readonly targets: Targets;
  /** Empty where it is not known. No slash at the end. */
  readonly repository: string;
  readonly ci: string;
  readonly grafana: string;
  readonly timeZone: string;
  readonly application: (ApplicationFile & { readonly environment: string }) | undefined;
  readonly metrics: Readonly<Record<string, CustomMetricFile>>;
  readonly transport: 'pushgateway' | 'remote-write';
  readonly prometheus: string;
  readonly channels: Readonly<Record<ChannelName, Required<ChannelFile>>>;
  readonly chat: Required<ChatFile>;
}

const production = (name: string, kind: EnvironmentFile['kind']): boolean =>
  kind === 'production' && !name.includes('*');
const counts = ({ kind, objectives }: EnvironmentFile): boolean => objectives ?? kind !== 'preview';
const environment = (name: string, file: EnvironmentFile): Environment => ({
  kind: file.kind,
  pages: file.pages ?? production(name, file.kind),
  freezes: file.freezes ?? (counts(file) && !name.includes('*')),
  objectives: counts(file),
});

/** Verbs of the recorder record stages of these kinds, whether or not the file names one. */
const verbStages = { migration: 'migrate', health_check: 'check', rollback: 'rollback' } as const;
const withVerbs = (stages: PipelineFile['stages']): PipelineFile['stages'] => ({
  ...stages,
  ...Object.fromEntries(
    Object.entries(verbStages)
      .filter(([, kind]) => !Object.values(stages).some((stage) => stage.kind === kind))
      .map(([name, kind]) => [name, { kind }]),
  ),
});

const errorTypes: Readonly<Record<StageFile['kind'], string>> = {
  build: 'command_failed',
  deploy: 'command_failed',
  migrate: 'migration_failed',
  check: 'health_check_failed',
  test: 'test_failed',
  rollback: 'command_failed',
  other: 'command_failed',
};

/** Where hosts of whose API we know something show their logs. */
const knownHosting: Readonly<Record<string, Required<HostingFile>>> = {
  railway: {
    title: 'Railway: choose the project, then Observability',
    logs: 'https://railway.com/dashboard',
  },
  vercel: { title: 'Vercel: choose the project, then Logs', logs: 'https://vercel.com/dashboard' },
};

const knownChannels: Readonly<Record<ChannelName, Required<ChannelFile>>> = {
  pager: { kind: 'pagerduty', variable: 'PAGERDUTY_ROUTING_KEY' },
  'ops-channel': { kind: 'slack', variable: 'SLACK_OPS_WEBHOOK_URL' },
  tickets: { kind: 'slack', variable: 'SLACK_TICKETS_WEBHOOK_URL' },
  'log-channel': { kind: 'slack', variable: 'SLACK_LOG_WEBHOOK_URL' },
};

const map = <A, B>(record: Readonly<Record<string, A>>, make: (name: string, value: A) => B) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, make(name, value)]));
const bare = (address = ''): string => address.replace(/\/+$/, '');

/** The environments whose critical alerts page. */
export const pagingEnvironments = ({ environments }: Pick<Pipeline, 'environments'>): readonly string[] =>
  Object.entries(environments).flatMap(([name, { pages }]) => (pages && !name.includes('*') ? [name] : []));

/** The names of the environments of a kind, patterns not counted. */
export const environmentsOf = (
  { environments }: Pick<Pipeline, 'environments'>,
  kind: EnvironmentFile['kind'],
): readonly string[] =>
  Object.entries(environments).flatMap(([name, e]) => (e.kind === kind && !name.includes('*') ? [name] : []));

/** The environments under which deployments are recorded: all previews are one. */
export const recordedEnvironments = ({ environments }: Pick<Pipeline, 'environments'>): readonly string[] => [
  ...new Set(Object.entries(environments).map(([name, { kind }]) => (kind === 'preview' ? 'preview' : name))),
];

/** The names of the stages of some kinds, in the order of the file. */
export const stagesOf = (
  { stages }: Pick<Pipeline, 'stages'>,
  ...kinds: StageFile['kind'][]
): readonly string[] =>
  Object.entries(stages).flatMap(([name, { kind }]) => (kinds.includes(kind) ? [name] : []));

/**
 * Where people read the runbooks: their folder on the main branch of the repository, or only its path while that is not
 * known. Notifications make a link of an address, and no link of a path.
 */
export const runbookFolder = ({ repository }: Pick<Pipeline, 'repository'>): string =>
  `${repository === '' ? '' : `${repository}/blob/main/`}generated/docs/runbooks`;

/** Without a list of resources every one is recorded, runners too. */
const costOf = ({
  currency,
  resources,
  runners = {},
}: NonNullable<PipelineFile['cost']>): Pipeline['cost'] => ({
  currency,
  resources: resources.length > 0 ? [...new Set([...resources, ...Object.keys(runners)])] : [],
  runners,
});

/** Fills in everything that a sound file leaves out. */
export function completed(file: PipelineFile): Pipeline {
  const environments = map(file.environments, environment);
  const [first = ''] = environmentsOf({ environments }, 'production');
  return {
    name: file.name,
    environments,
    services: file.services,
    stages: map(withVerbs(file.stages), (_, stage) => ({ errorType: errorTypes[stage.kind], ...stage })),
    hosting: map(file.hosting ?? {}, (name, { title, logs }) => ({
      title: title ?? knownHosting[name]?.title ?? `Logs on ${name}`,
      logs: logs ?? knownHosting[name]?.logs ?? '',
    })),
    smokeTests: file.smokeTests ?? {},
    migrations: {
      tool: file.migrations?.tool ?? 'migration tool',
      name: file.migrations?.name ?? 'head',
      command: file.migrations?.command ?? './migrate.sh',
    },
    cost: costOf(file.cost ?? { currency: 'USD', resources: [] }),
    targets: targetsOf(file.targets),
    repository: bare(file.repository),
    ci: bare(file.ci ?? file.repository),
    grafana: bare(file.grafana),
    timeZone: file.timeZone ?? 'UTC',
    application: file.application && { environment: first, ...file.application },
    metrics: file.metrics ?? {},
    transport: file.transport ?? 'pushgateway',
    prometheus: file.prometheus ?? '2.42',
    channels: map(knownChannels, (name, channel) => ({
      ...channel,
      ...file.channels?.[name as ChannelName],
    })) as Pipeline['channels'],
    chat: { about: 'production', slackChannel: '', template: { text: '{text}' }, ...file.chat },
  };
}
