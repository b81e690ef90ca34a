import type { ListedGroup } from '../sweep.ts';

/** How current the gate's knowledge of what was pushed is. */
export interface TransportView {
  /** Groups on the gateway; undefined when it was not asked, or there is none. */
  readonly listing: readonly ListedGroup[] | undefined;
  /** Why the gateway could not be asked. */
  readonly problem?: string;
  /** Seconds since Prometheus last scraped the gateway successfully; undefined when that is minutes ago, or not known. */
  readonly age: number | undefined;
  /** True when nothing that was pushed before the gate was asked is missing. */
  readonly complete: boolean;
}
