import type { Clock } from '../lib/clock.ts';
import { HttpClient } from '../lib/http.ts';
import { redactor } from '../lib/redact.ts';
import type { Transport } from '../lib/transport.ts';
import type { SavedPlan } from './approved.ts';
import type { Flags, Target } from './model.ts';
import type { Endpoint, Settings } from './settings.ts';

/** Options of the command line. */
export interface Options {
  readonly mode: 'apply' | 'plan' | 'verify';
  readonly format: 'table' | 'json' | 'markdown';
  readonly only: Target | undefined;
  readonly flags: Flags;
  /** Uids of the dashboards to which the run is confined; undefined for everything. */
  readonly dashboards?: readonly string[] | undefined;
  /** Removes everything that is ours, instead of bringing it. */
  readonly destroy?: boolean | undefined;
  /** The plan that was approved, when it is to be applied and nothing else. */
  readonly approved?: SavedPlan | undefined;
  /** Asks nothing. */
  readonly yes: boolean;
  /** Milliseconds that the proof may take; by default it follows from the rules' intervals. */
  readonly proofMs: number | undefined;
}

/** The world outside, so that tests can be it. */
export interface Dependencies {
  readonly transport: Transport;
  readonly clock: Clock;
  /** The result, to stdout. */
  readonly print: (text: string) => void;
  /** Commentary, to stderr. */
  readonly say: (text: string) => void;
  /** Asks a person; undefined without a terminal. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
  /** Keeps what is overwritten; returns where it is, in words. Undefined keeps nothing. */
  readonly keep?: ((name: string, text: string) => string) | undefined;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal | undefined;
  /** The commit that a delivery by Railway deploys. */
  readonly commit: () => string;
}

/** A client of one of the configured servers. */
export function clientOf(
  service: string,
  endpoint: Endpoint,
  settings: Settings,
  world: Dependencies,
): HttpClient {
  return new HttpClient({
    service,
    base: endpoint.url,
    variable: endpoint.variable,
    headers: endpoint.headers,
    redact: redactor(settings.secrets),
    transport: world.transport,
    clock: world.clock,
    signal: world.signal,
  });
}
