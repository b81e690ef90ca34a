import type { Check } from './check.ts';

const hues = 'red|orange|yellow|green|blue|purple';
/** Grafana's palette, what it takes from its theme, and CSS. */
const known = new RegExp(
  `^((super-light-|light-|semi-dark-|dark-)?(${hues})|text|panel-bg|transparent|gray|grey|white|black|#[0-9a-fA-F]{3,8}|(rgb|hsl)a?\\([\\d\\s.,%]+\\))$`,
);

/** Every colour that a panel names. */
function coloursOf(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    typeof value === 'string' && /^(color|fixedColor)$/.test(key) ? [value] : coloursOf(value),
  );
}

export const colourUnknown: Check = {
  id: 'colour-unknown',
  severity: 'error',
  summary: 'Colours are those that Grafana knows.',
  why: 'It draws an unknown one black or grey: what should alarm looks like nothing.',
  *run({ panels }) {
    for (const { panel, place, file } of panels)
      for (const name of new Set(coloursOf(panel.fieldConfig)))
        if (!known.test(name))
          yield {
            summary: `Grafana has no colour "${name}".`,
            place,
            file,
            fix: 'Use one of colour in src/dashboards/style.ts, or of Grafana’s palette.',
          };
  },
};
