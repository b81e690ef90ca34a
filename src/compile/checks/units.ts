import * as sdkUnits from '@grafana/grafana-foundation-sdk/units';
import type { Check } from './check.ts';

const known: ReadonlySet<string> = new Set(Object.values(sdkUnits));
/** Units that carry their own definition, such as `suffix:deployments`. */
const made = /^(prefix|suffix|time|si|count|currency|bool):./;

export const unitUnknown: Check = {
  id: 'unit-unknown',
  severity: 'error',
  summary: 'Units are those that Grafana knows.',
  why: 'It prints an unknown one behind the number, as it is.',
  *run({ panels }) {
    for (const { panel, place, file } of panels) {
      const overrides = (panel.fieldConfig?.overrides ?? []).flatMap((o) =>
        o.properties.filter((p) => p.id === 'unit').map((p) => String(p.value)),
      );
      for (const unit of [panel.fieldConfig?.defaults.unit ?? '', ...overrides])
        if (unit !== '' && !known.has(unit) && !made.test(unit))
          yield { summary: `Grafana has no unit "${unit}".`, place, file, fix: 'Use one of GrafanaUnit.' };
    }
  },
};
