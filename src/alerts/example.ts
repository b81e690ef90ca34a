import type { LabelName, LabelValue, MetricName } from '../metrics/index.ts';
import type { Deployment } from '../simulator/index.ts';

/** A run of values of a series: as many equal ones in a row, or a series that grows with each. */
export type Values = readonly { readonly value: number; readonly times: number; readonly step?: number }[];

/** A series that is not pushed by the recorder, as it is scraped. */
export interface ExampleSeries {
  readonly metric: MetricName;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: Values;
}

/** A series of the catalogue: unknown names, labels and values do not compile. */
export const series = <M extends MetricName>(
  metric: M,
  labels: { readonly [L in LabelName<M>]?: LabelValue<M, L> },
  values: Values,
): ExampleSeries => ({ metric, labels: labels as Record<string, string>, values });

/** The same value, so many times. */
export const constantly = (value: number, times: number): Values => [{ value, times }];

/** A time in which the Pushgateway could not be scraped; both ends included. */
export interface GatewayOutage {
  readonly from: number;
  readonly to: number;
}

/**
 * A story, and the moment at which the alert is looked at. Deployments are recorded by the real recorder, and what
 * they push goes through the ledger and every rule behind it, as in production. Times are seconds from 0.
 */
export interface Example {
  /** The events, as a sentence. */
  readonly title: string;
  readonly deployments?: readonly Deployment[];
  /** Besides the deployments: what Prometheus, the gateway or the application say of themselves. */
  readonly series?: readonly ExampleSeries[];
  readonly gatewayOutages?: readonly GatewayOutage[];
  /** Whether the Pushgateway is scraped at all; default true. */
  readonly gateway?: boolean;
  /** Seconds between two scrapes and between two evaluations, where that is not the alert's. */
  readonly step?: number;
  /** When the alert is looked at. */
  readonly at: number;
}

/** The notification, to the letter. */
export interface Notification {
  /** Labels that the alert has beside its name and severity. */
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
  /** The deployments that it links to, one after the other; where it is about several. */
  readonly deployments?: readonly string[];
}

/** A story that must fire the alert, and what it then says. */
export interface FiringExample extends Example {
  readonly notifications: readonly [Notification, ...Notification[]];
}

/** The stories of an alert. They are in `alerts/examples`, in the file of the same name as the alert's own. */
export interface Examples {
  /** Seconds between two scrapes and between two evaluations; default a minute. An example can have its own. */
  readonly step?: number;
  /** Each must fire it: one for every way in which it can become true, as near to the limits as can be. */
  readonly fires: readonly [FiringExample, ...FiringExample[]];
  /** Each must not: one step away from every limit. */
  readonly silent: readonly [Example, ...Example[]];
  /** It fired, and its reason is gone: must no longer fire. Where that is not what a near miss shows already. */
  readonly over?: readonly Example[];
}
