/** A run of a workflow, as GitHub's REST API tells it. Only what is read; anything may be missing. */
export interface WireRun {
  readonly id: number;
  readonly event?: string;
  readonly status?: string;
  /** `null` while it runs. */
  readonly conclusion?: string | null;
  readonly created_at?: string;
  /** Of the newest attempt. */
  readonly run_started_at?: string;
  readonly updated_at?: string;
  readonly run_attempt?: number;
  readonly head_branch?: string | null;
  readonly head_sha?: string;
  readonly html_url?: string;
  readonly actor?: { readonly login?: string } | null;
  readonly triggering_actor?: { readonly login?: string } | null;
  readonly head_commit?: { readonly message?: string; readonly timestamp?: string } | null;
}

/** A step of a job. */
export interface WireStep {
  readonly name?: string;
  readonly status?: string;
  readonly conclusion?: string | null;
  readonly started_at?: string | null;
  readonly completed_at?: string | null;
}

/** A job of one attempt of a run. */
export interface WireJob {
  readonly id: number;
  readonly run_attempt?: number;
  readonly name?: string;
  readonly status?: string;
  readonly conclusion?: string | null;
  readonly created_at?: string | null;
  readonly started_at?: string | null;
  readonly completed_at?: string | null;
  readonly html_url?: string | null;
  readonly labels?: readonly string[];
  readonly steps?: readonly WireStep[] | null;
}

/** A remark on a job: of one that failed, why. */
export interface WireAnnotation {
  readonly annotation_level?: string | null;
  readonly message?: string | null;
  readonly title?: string | null;
}

/** A run with its jobs of all attempts, and the remarks on those that failed, by job. */
export interface FetchedRun {
  readonly run: WireRun;
  readonly jobs: readonly WireJob[];
  readonly annotations: Readonly<Record<number, readonly WireAnnotation[]>>;
}

/** GitHub's time as Unix seconds; undefined where there is none, or only its zero. */
export function secondsOf(time: string | null | undefined): number | undefined {
  const parsed = time ? Date.parse(time) / 1000 : Number.NaN;
  return parsed > 0 ? parsed : undefined;
}
