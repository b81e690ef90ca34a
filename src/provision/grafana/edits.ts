import type { JsonObject } from '../model.ts';
import { normalise } from './normalise.ts';
import { isOwnTag } from './ownership.ts';
import type { GrafanaHalf } from './read.ts';

/** A dashboard of ours that was changed in Grafana. */
export interface HandEdit {
  readonly uid: string;
  readonly title: string;
  readonly savedBy: string | undefined;
  /** Classic JSON of both, without what the server fills in. */
  readonly defined: JsonObject;
  readonly there: JsonObject;
  /** Parts that only Grafana's newer format can express, in words. */
  readonly lost: readonly string[];
}

/** Our dashboards that were changed in Grafana since they were applied. */
export function handEdits({ changes, dashboards, actual }: GrafanaHalf): HandEdit[] {
  const edited = changes.filter((c) => c.kind === 'dashboard' && c.action === 'edited').map((c) => c.id);
  return edited.flatMap((uid) => {
    const [defined, there] = [dashboards.find((d) => d.uid === uid), actual.find((d) => d.uid === uid)];
    if (defined === undefined || there === undefined) return [];
    const unreadable = there.newer?.converted === false ? ['a dashboard that Grafana cannot convert'] : [];
    return [
      {
        uid,
        title: defined.title,
        savedBy: there.savedBy,
        defined: normalise(defined.spec, isOwnTag),
        there: unreadable.length > 0 ? normalise(defined.spec, isOwnTag) : normalise(there.spec, isOwnTag),
        lost: [...unreadable, ...(there.newer?.lost ?? [])],
      },
    ];
  });
}
