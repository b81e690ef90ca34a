/** Data of a bar chart: one category on each line, one series in each column. */
export interface BarInput {
  /** `values[series][category]`. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly categories: number;
  readonly stacking: 'none' | 'normal' | 'percent';
  /** Share of a category's room that its group of bars takes, and share of its own room that a bar takes. */
  readonly groupWidth: number;
  readonly barWidth: number;
}

/** A bar in shares: `start` and `size` across the categories (0..1), `low` and `high` as values. */
export interface Bar {
  readonly series: number;
  readonly category: number;
  readonly start: number;
  readonly size: number;
  readonly low: number;
  readonly high: number;
}

const totalOf = ({ values }: BarInput, category: number): number =>
  values.reduce((sum, series) => sum + Math.abs(series[category] ?? 0), 0);

/** Values as they are drawn: shares of their category's sum when stacked to 100 %. */
export function drawnValue(input: BarInput, series: number, category: number): number | null {
  const value = input.values[series]?.[category] ?? null;
  if (value === null || !Number.isFinite(value)) return null;
  return input.stacking === 'percent' ? value / (totalOf(input, category) || 1) : value;
}

/** Every bar, category by category. Stacked bars stand on the one before; negative ones hang below zero. */
export function barsOf(input: BarInput): Bar[] {
  const { categories, values, stacking } = input;
  const side = stacking === 'none' ? values.length : 1;
  const group = side === 1 ? input.barWidth : input.groupWidth;
  const room = group / categories / side;
  const size = side === 1 ? room : room * input.barWidth;
  const bars: Bar[] = [];
  for (let category = 0; category < categories; category += 1) {
    let [above, below] = [0, 0];
    values.forEach((_, series) => {
      const value = drawnValue(input, series, category);
      if (value === null) return;
      const place = (category + 0.5) / categories - group / categories / 2;
      const start = place + (side === 1 ? 0 : series * room + (room - size) / 2);
      const base = stacking === 'none' ? 0 : value < 0 ? below : above;
      const [low, high] = value < 0 ? [base + value, base] : [base, base + value];
      if (stacking !== 'none' && value < 0) below = low;
      if (stacking !== 'none' && value >= 0) above = high;
      bars.push({ series, category, start, size, low, high });
    });
  }
  return bars;
}
