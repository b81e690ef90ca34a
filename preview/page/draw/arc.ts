/** A point on a circle; 0° is up, clockwise. */
const pointAt = (cx: number, cy: number, radius: number, degrees: number): readonly [number, number] => {
  const angle = (degrees * Math.PI) / 180;
  return [cx + radius * Math.sin(angle), cy - radius * Math.cos(angle)];
};

/** Ends of a gauge's arc in degrees. */
export const arcFrom = -120;
export const arcTo = 120;

/** An SVG path along a circle. */
export function arcPath(cx: number, cy: number, radius: number, from: number, to: number): string {
  const [x0, y0] = pointAt(cx, cy, radius, from);
  const [x1, y1] = pointAt(cx, cy, radius, to);
  const round = (value: number): number => Math.round(value * 100) / 100;
  return `M${round(x0)} ${round(y0)}A${radius} ${radius} 0 ${to - from > 180 ? 1 : 0} 1 ${round(x1)} ${round(y1)}`;
}

/** The angle of a value on a gauge; values outside end at its ends. */
export function angleOf(value: number, min: number, max: number): number {
  const share = max === min ? 0 : (Math.min(Math.max(value, min), max) - min) / (max - min);
  return arcFrom + share * (arcTo - arcFrom);
}
