import {
  booleanOverrideProcessor,
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  FieldConfigOptionsRegistry,
  type FieldConfigPropertyItem,
  type FieldConfigSource,
  FieldType,
  identityOverrideProcessor,
  numberOverrideProcessor,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
} from '@grafana/data';

type Item = Pick<FieldConfigPropertyItem, 'process'> & Partial<FieldConfigPropertyItem>;

/** The standard field options of Grafana, by the ids that dashboards use. */
const standard: Readonly<Record<string, Item>> = {
  displayName: { process: displayNameOverrideProcessor, settings: { expandTemplateVars: true } },
  unit: { process: unitOverrideProcessor },
  min: { process: numberOverrideProcessor },
  max: { process: numberOverrideProcessor },
  decimals: { process: numberOverrideProcessor },
  fieldMinMax: { process: booleanOverrideProcessor },
  noValue: { process: stringOverrideProcessor, settings: { expandTemplateVars: true } },
  color: { process: identityOverrideProcessor },
  links: { process: dataLinksOverrideProcessor },
  actions: { process: identityOverrideProcessor },
  filterable: { process: booleanOverrideProcessor },
  description: { process: stringOverrideProcessor },
  mappings: { process: valueMappingsOverrideProcessor },
  thresholds: {
    process: thresholdsOverrideProcessor,
    shouldApply: (field) => field.type === FieldType.number,
  },
};

/** Names of the `custom` options that a panel uses: an id that is not registered would be dropped without a word. */
function customNames({ defaults, overrides }: FieldConfigSource): Set<string> {
  const ids = overrides
    .flatMap((o) => o.properties.map((p) => p.id))
    .filter((id) => id.startsWith('custom.'));
  return new Set([...Object.keys(defaults.custom ?? {}), ...ids.map((id) => id.slice('custom.'.length))]);
}

/** Knows every field option that a panel uses. */
export function fieldRegistry(config: FieldConfigSource): FieldConfigOptionsRegistry {
  const registry = new FieldConfigOptionsRegistry();
  const add = (id: string, path: string, item: Item): void => {
    const base = { id, path, name: id, editor: () => null, override: () => null, shouldApply: () => true };
    registry.register({ settings: {}, ...base, ...item } as FieldConfigPropertyItem);
  };
  for (const [id, item] of Object.entries(standard)) add(id, id, item);
  for (const name of customNames(config))
    add(`custom.${name}`, name, { process: identityOverrideProcessor, isCustom: true });
  return registry;
}
