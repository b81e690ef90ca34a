import { readFileSync } from 'node:fs';
import type { Page } from '../../src/review/screenshots/chromium.ts';

/** A rectangle on the page, CSS pixels. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** One run of text as it is drawn. */
export interface DrawnText {
  readonly text: string;
  readonly box: Box;
  /** Height of its letters, CSS pixels. */
  readonly size: number;
  /** Something around it hides a part of it. */
  readonly cut: boolean;
  /** Contrast with what lies behind it, 1 to 21. */
  readonly contrast: number;
}

/** One panel as it is drawn. What is drawn on a canvas (axes of graphs) has no text here. */
export interface DrawnPanel {
  readonly id: string;
  readonly title: string;
  readonly box: Box;
  readonly texts: readonly DrawnText[];
  /** Colours other than greys, of texts, areas and shapes below the title: `rgb(…)`. */
  readonly colours: readonly string[];
}

const script = readFileSync(new URL('look.page.js', import.meta.url), 'utf8');

/** Every panel as the page draws it now. */
export const drawnPanels = (page: Page): Promise<DrawnPanel[]> => page.evaluate<DrawnPanel[]>(script);

/** Least height of letters, CSS pixels. */
export const smallest = 11;

/** Faults of what is drawn, a sentence each. */
export function faultsOf(panel: DrawnPanel, noData: string): string[] {
  const { title, texts, colours } = panel;
  const faults: string[] = [];
  for (const { text, size, cut, contrast } of texts) {
    const short = text.length > 60 ? `${text.slice(0, 57)}…` : text;
    if (cut) faults.push(`${title}: "${short}" is cut`);
    if (size < smallest) faults.push(`${title}: "${short}" is ${size.toFixed(1)} px high`);
    // WCAG AA: less is asked of large letters.
    if (contrast < (size >= 24 ? 3 : 4.5)) faults.push(`${title}: "${short}" has a contrast of ${contrast}`);
  }
  for (const [i, a] of texts.entries())
    for (const b of texts.slice(i + 1)) {
      const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (wide > 2 && high > Math.min(a.size, b.size) / 2 && !a.cut && !b.cut)
        faults.push(`${title}: "${a.text.slice(0, 30)}" lies on "${b.text.slice(0, 30)}"`);
    }
  const saysNothing = noData !== '' && texts.some(({ text }) => text === noData);
  if (saysNothing && colours.length > 0)
    faults.push(`${title}: colours (${colours.join(', ')}) beside "${noData}"`);
  return faults;
}
