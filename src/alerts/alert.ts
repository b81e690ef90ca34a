import type { Vector } from '../metrics/index.ts';
import type { Examples } from './example.ts';
import type { Severity } from './severity.ts';
import type { Text } from './text.ts';

/** A question of the person on call, and the query that answers it. */
export interface Diagnosis {
  readonly question: string;
  /** A matcher `$name` stands for the alert's label of that name. */
  readonly query: Vector<string>;
}

/** Instructions for a person on call who has never seen the alert. */
export interface Runbook {
  /** Its meaning when it fires. */
  readonly meaning: string;
  /** Who notices, and how it gets worse. */
  readonly impact: string;
  readonly diagnosis: readonly [Diagnosis, ...Diagnosis[]];
  /** Steps, in this order. `<deployment_id>` is put in from the alert's label of that name, so that commands can be copied. */
  readonly mitigation: readonly [string, ...string[]];
}

/** Subject of an alert: it decides which dashboard it opens and which alerts share a notification. */
export type About = 'deployment' | 'environment' | 'slo' | 'system';

/** The labels that an alert about this must have, so that it can be grouped, silenced and linked. */
interface Demanded {
  readonly deployment: 'environment' | 'deployment_id';
  readonly environment: 'environment';
  readonly slo: 'environment' | 'slo';
  readonly system: never;
}

/**
 * How long an alert goes on firing when nothing says any more that it is true: a gap in what it reads is not the end
 * of its reason. One failed scrape of the gateway hides every pushed series at once (four scrapes are a minute; five
 * minutes are as long as Prometheus itself looks back); what is said of environments and SLOs is written at least every
 * two minutes, and four evaluations missed in a row leave no longer gap. What watches the system has none: it is the gap.
 */
export const keptFor: Readonly<Record<About, '5m' | undefined>> = {
  deployment: '5m',
  environment: '5m',
  slo: '5m',
  system: undefined,
};

interface Definition<A extends About, L extends string> {
  /** CamelCase; never changed, silences and state hang on it. */
  readonly name: string;
  readonly severity: Severity;
  readonly about: A;
  /** Its series must have the labels that what it is about demands. */
  readonly expr: [Demanded[A]] extends [L] ? Vector<L> : never;
  /** How long it must be true first. Not given: at once, because what it reads cannot be a passing thing. */
  readonly for?: `${number}${'s' | 'm' | 'h'}`;
  /** Reason of its `for`, for the page. */
  readonly forReason: string;
  /** How long it goes on when its series are gone; default is what {@link keptFor} says of what it is about. */
  readonly keepFiringFor?: `${number}${'s' | 'm' | 'h'}`;
  readonly summary: Text<NoInfer<L>>;
  readonly description: Text<NoInfer<L>>;
  /** The deployments that it is about, each with its link on a line of its own; where these are several. */
  readonly deployments?: Text<NoInfer<L>>;
  readonly runbook: Runbook;
  /** Names of alerts that say the same and more: while one of them fires for the same thing, this one is not sent. */
  readonly inhibitedBy?: readonly string[];
  readonly examples: Examples;
}

/** An alert as the rest of the project sees it. */
export interface Alert
  extends Omit<Definition<About, string>, 'expr' | 'summary' | 'description' | 'deployments'> {
  readonly expr: Vector<string>;
  readonly summary: Text<string>;
  readonly description: Text<string>;
  readonly deployments?: Text<string>;
}

/** Defines an alert. Without a runbook, the reason of its `for`, and both examples it does not compile. */
export const alert = <const A extends About, L extends string>(definition: Definition<A, L>): Alert =>
  definition as unknown as Alert;

/** Alerts of one kind: a file, and a section of the documentation. */
export interface Family {
  readonly name: string;
  /** Heading of the family. */
  readonly title: string;
  readonly alerts: readonly Alert[];
  /** The file that defines it (`import.meta.url`). */
  readonly source: string;
}
