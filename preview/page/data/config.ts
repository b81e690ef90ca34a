import type { FieldConfigSource, ThresholdsConfig } from '@grafana/data';
import type { Panel } from '../../../src/panels/index.ts';
import type { AnyKind } from '../panels/types.ts';

type Plain = Record<string, unknown>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The defaults, with everything of `own` over them; lists are taken whole. */
export function withDefaults(defaults: unknown, own: unknown): unknown {
  if (!isPlain(defaults) || !isPlain(own))
    return own === undefined ? structuredClone(defaults) : structuredClone(own);
  const keys = [...new Set([...Object.keys(defaults), ...Object.keys(own)])];
  return Object.fromEntries(keys.map((key) => [key, withDefaults(defaults[key], own[key])]));
}

/** Grafana's default thresholds. */
const thresholds = {
  mode: 'absolute',
  steps: [
    { value: null, color: 'green' },
    { value: 80, color: 'red' },
  ],
};

/** JSON has no infinity: the first step's value is null there and -Infinity here. */
function openEnded(config: ThresholdsConfig): ThresholdsConfig {
  const steps = config.steps.map((step) => ({ ...step, value: step.value ?? Number.NEGATIVE_INFINITY }));
  return { ...config, steps };
}

/** A panel's options and field options, completed with its kind's defaults. */
export function panelConfig(
  panel: Panel,
  kind: AnyKind,
): { options: unknown; fieldConfig: FieldConfigSource } {
  const own = (panel.fieldConfig ?? {}) as Partial<FieldConfigSource>;
  const standard = { custom: kind.custom ?? {}, thresholds, ...kind.standard };
  const defaults = withDefaults(standard, own.defaults ?? {}) as FieldConfigSource['defaults'];
  const overrides = structuredClone(own.overrides ?? []).map((override) => ({
    ...override,
    properties: override.properties.map((property) =>
      property.id === 'thresholds'
        ? { ...property, value: openEnded(property.value as ThresholdsConfig) }
        : property,
    ),
  }));
  return {
    options: withDefaults(kind.options, panel.options ?? {}),
    fieldConfig: { defaults: { ...defaults, thresholds: openEnded(defaults.thresholds!) }, overrides },
  };
}
