import { isText } from '../../lib/shapes.ts';
import { type Marker, markerIn, type Note } from '../delivery/marker.ts';
import { type Owner, ownerText, parseOwner } from '../owner.ts';
import type { RuleGroup } from '../rule.ts';

/**
 * A ruler keeps nothing beside groups, so a group says which of the others are ours and what they held when they were
 * delivered. Its rule never has a result.
 */
export const markerGroup = 'deployment-applied';
const markerMetric = 'deployment_observability:applied:info';

/**
 * The group that holds a marker.
 * @param run the delivery that is under way; as long as the ruler has it, no other delivery has begun
 */
export const groupOfMarker = (marker: Marker, owner: Owner, namespace: string, run?: string): RuleGroup => ({
  name: markerGroup,
  file: namespace,
  interval: 3600,
  limit: 0,
  queryOffset: undefined,
  rules: [
    {
      kind: 'record',
      name: markerMetric,
      expr: 'vector(0) > 1',
      for: 0,
      keepFiringFor: 0,
      labels: { groups: JSON.stringify(marker), owner: ownerText(owner), ...(run && { run }) },
      annotations: {},
    },
  ],
});

/** A namespace's note; empty when we never delivered to it. */
export function noteOf(groups: readonly RuleGroup[]): Note {
  const rule = groups.find((g) => g.name === markerGroup)?.rules.find((r) => r.name === markerMetric);
  const owner = rule?.labels.owner;
  try {
    const marker = markerIn(JSON.parse(rule?.labels.groups ?? '{}'), () => true);
    return { marker, owner: isText(owner) ? parseOwner(owner) : undefined };
  } catch {
    return { marker: {}, owner: undefined };
  }
}
