import type { Span } from '../fetch.ts';

/** A deployment of one service that has ended, as its host tells it. Times are Unix seconds. */
export interface HostDeployment {
  /** As the pipeline file names a hosting: `railway`, `vercel`. */
  readonly host: string;
  readonly service: string;
  readonly environment: string;
  readonly commit: string;
  readonly started: number;
  readonly finished: number;
  readonly ok: boolean;
}

/** Deployments that a host lists for a span. */
export interface HostHistory {
  /** All that were begun in the span, with any commit. */
  readonly listed: number;
  /** Those of the commits that were asked for, of which it still knows how and when they ended. */
  readonly deployments: readonly HostDeployment[];
}

/** Reads a host's list. @throws EnvironmentFailure, UserError, HttpFailure */
export type ReadHost = (span: Span, commits: ReadonlySet<string>) => Promise<HostHistory>;
