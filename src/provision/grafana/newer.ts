import type { Json, JsonObject } from '../model.ts';
import { isObject } from './normalise.ts';

/** Layouts of Grafana 13 that classic JSON knows too; in words, those that it does not know. */
const layouts: Readonly<Record<string, string>> = {
  AutoGridLayout: 'panels that are laid out by themselves',
  TabsLayout: 'tabs',
};

/** Parts of Grafana 13's own format that classic JSON cannot express, in words: they are lost when the dashboard is written as JSON. */
export function lostIn(newer: Json): string[] {
  const found = new Set<string>();
  const look = (value: Json): void => {
    if (Array.isArray(value)) for (const item of value) look(item);
    if (!isObject(value)) return;
    const layout = typeof value.kind === 'string' ? layouts[value.kind] : undefined;
    if (layout) found.add(layout);
    if (isObject(value.conditionalRendering)) found.add('panels or rows that are shown on a condition');
    for (const item of Object.values(value)) look(item);
  };
  look(newer);
  return [...found].sort();
}

/** A dashboard that Grafana cannot show as classic JSON, as far as it is known: enough to tell whose it is. */
export const identityIn = (newer: JsonObject): JsonObject => ({
  ...(typeof newer.title === 'string' && { title: newer.title }),
  ...(Array.isArray(newer.tags) && { tags: newer.tags }),
});
