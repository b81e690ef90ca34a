/** Width of a text in pixels, as the page draws it. */
export type Measure = (text: string) => number;

/** The text, cut with an ellipsis so that it fits; empty when not even one letter does. */
export function fit(text: string, width: number, measure: Measure): string {
  if (measure(text) <= width) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(`${text.slice(0, middle)}…`) <= width) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : `${text.slice(0, low).trimEnd()}…`;
}

/** The width that the longest of some labels takes, but no more than a share of the whole. */
export const labelsWidth = (labels: readonly string[], most: number, measure: Measure): number =>
  Math.min(most, Math.ceil(Math.max(0, ...labels.map(measure))));
