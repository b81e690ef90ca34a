import type { TargetsFile } from './targets.ts';

/** An environment and its kind. */
export type EnvironmentKind = 'production' | 'staging' | 'preview';

/** An environment as the file has it. Its key is its name, or a pattern such as `pr-*` for many short-lived ones. */
export interface EnvironmentFile {
  readonly kind: EnvironmentKind;
  /** Whether critical alerts page. Default: in production. */
  readonly pages?: boolean;
  /** Whether the gate stops risky changes when the error budget is spent. Default: where deployments count in the SLOs. */
  readonly freezes?: boolean;
  /** Whether its deployments count in the SLOs. Default: all but previews. */
  readonly objectives?: boolean;
}

/** Kinds of stages. Code asks for kinds, never for names. */
export const stageKinds = ['build', 'deploy', 'migrate', 'check', 'test', 'rollback', 'other'] as const;
/** The kind of a stage: `check` asks whether the new version is healthy, `test` whether it works. */
export type StageKind = (typeof stageKinds)[number];

/** A stage as the file has it. */
export interface StageFile {
  readonly kind: StageKind;
  /** The service that it usually belongs to. */
  readonly service?: string;
  /** Error type when it fails and nothing better is reported. Default: by its kind. */
  readonly errorType?: string;
}

/** Where services run. `logs` is an address; `{service}`, `{deployment_id}` and `{environment}` are filled in. */
export interface HostingFile {
  readonly title?: string;
  readonly logs?: string;
}

/** A service as the file has it. */
export interface ServiceFile {
  /** A key of `hosting`. */
  readonly hosting?: string;
}

/** How the application's own metrics are called. Without it, the rows about the application are left out. */
export interface ApplicationFile {
  /** The scrape job. */
  readonly job: string;
  /** `host:port` that Prometheus scrapes, and how. */
  readonly target?: string;
  readonly scheme?: 'http' | 'https';
  /** The environment that it serves. Default: the first of kind production. */
  readonly environment?: string;
  /** The counter of requests, and its label with the HTTP status. */
  readonly requests: { readonly metric: string; readonly status: string };
  /** The histogram of durations, seconds. */
  readonly duration: { readonly metric: string };
  /** Calls to other services: counter, histogram (seconds), counter of failures; by the label `by`. */
  readonly external?: {
    readonly calls: string;
    readonly duration: string;
    /** Where those that failed are counted. */
    readonly errors?: string;
    readonly by: string;
    /** Which services those are, for texts: `Supabase and the embeddings API`. */
    readonly examples?: string;
  };
  /** Queries: counter of slow ones, histogram of a store (milliseconds) by `by`, share of the pool in percent by `pool`. */
  readonly database?: {
    readonly slow?: string;
    readonly store?: { readonly metric: string; readonly title: string; readonly by: string };
    readonly pool?: { readonly metric: string; readonly by: string };
  };
  /** LogQL stream selector of its logs, where there is a Loki. */
  readonly logStreams?: string;
}

/** A metric of the team's own: a number per deployment. */
export interface CustomMetricFile {
  /** Only gauges: a pushed counter is born at its value and never increases, so that its rate is always 0. */
  readonly type?: 'gauge';
  readonly unit: 'seconds' | 'milliseconds' | 'ratio' | 'percent' | 'bytes' | 'count' | 'currency' | 'none';
  readonly help: string;
  /** Labels with their values, or `open`. */
  readonly labels?: Readonly<Record<string, readonly string[] | 'open'>>;
  /** An alert tells of a deployment with more than this; of one with less than `below`. */
  readonly above?: number;
  readonly below?: number;
}

/** List price of a minute of a job, in the currency of `cost`. */
export interface RunnerPriceFile {
  readonly perMinute: number;
  /** The day from which on it holds: `2026-01-01`. Jobs of before have no price. */
  readonly since: string;
  /** Where it is published. */
  readonly source: string;
}

/** Receivers of notifications. */
export interface ChannelFile {
  readonly kind: 'pagerduty' | 'slack';
  /** Environment variable of Alertmanager's container that holds the key or address. */
  readonly variable?: string;
}

/** By urgency: page, channel, tickets, log. */
export const channelNames = ['pager', 'ops-channel', 'tickets', 'log-channel'] as const;
/** The name of a channel. */
export type ChannelName = (typeof channelNames)[number];

/** Of which deployments messages tell: those that did not succeed, all to production, or all. */
export const chatLevels = ['failures', 'production', 'all'] as const;

/** Messages about deployments. Where they go is in the environment: SLACK_TOKEN, SLACK_WEBHOOK_URL, CHAT_WEBHOOK_URL. */
export interface ChatFile {
  readonly about?: (typeof chatLevels)[number];
  /** The id of Slack's channel (C0123ABCDEF), for SLACK_TOKEN. Default: SLACK_CHANNEL. */
  readonly slackChannel?: string;
  /** The JSON that CHAT_WEBHOOK_URL gets; `{text}`, `{environment}`, `{deployment_id}`, `{outcome}`, `{version}`, `{actor}` and `{url}` in its texts are filled in. */
  readonly template?: Readonly<Record<string, unknown>>;
}

/** `pipeline.config.ts`: what is observed. */
export interface PipelineFile {
  /** Name of the product in titles and texts. */
  readonly name: string;
  readonly environments: Readonly<Record<string, EnvironmentFile>>;
  readonly services: Readonly<Record<string, ServiceFile>>;
  readonly stages: Readonly<Record<string, StageFile>>;
  readonly hosting?: Readonly<Record<string, HostingFile>>;
  /** Smoke tests by name, with what each looks at. Others are recorded too. */
  readonly smokeTests?: Readonly<Record<string, string>>;
  /** Tool that runs the migrations, for texts; `name` is the default of `--migration-name`. */
  readonly migrations?: { readonly tool: string; readonly name?: string; readonly command?: string };
  /** Resources that cost money, and runners by the label that jobs ask for: their jobs are priced by the minute. */
  readonly cost?: {
    readonly currency: string;
    readonly resources: readonly string[];
    readonly runners?: Readonly<Record<string, RunnerPriceFile>>;
  };
  readonly targets?: TargetsFile;
  /** Address of the repository; runbooks are linked from notifications when it is known. */
  readonly repository?: string;
  /** Address of the CI, where `run_url` leads. Default: the repository's. */
  readonly ci?: string;
  /** Address of Grafana, for links in notifications. */
  readonly grafana: string;
  /** Time zone of calendar budgets. Only UTC: PromQL has no other calendar, and knows no summer time. */
  readonly timeZone?: string;
  readonly application?: ApplicationFile;
  readonly metrics?: Readonly<Record<string, CustomMetricFile>>;
  readonly transport?: 'pushgateway' | 'remote-write';
  /** The oldest Prometheus that has to read the rules: `2.42`. */
  readonly prometheus?: string;
  readonly channels?: Readonly<Partial<Record<ChannelName, ChannelFile>>>;
  readonly chat?: ChatFile;
}
