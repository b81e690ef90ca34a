import { escapeHtml } from '../../panels/index.ts';
import { changedPanels, type DashboardComparison, type PanelState } from './compare.ts';
import type { DashboardPicture } from './pictures.ts';

/** Words for what happened to a panel; frames and badges carry them, so that colour is never the only sign. */
export const stateWords: Readonly<Record<PanelState, string>> = {
  added: 'added',
  removed: 'removed',
  changed: 'changed',
  moved: 'moved',
  data: 'looks different',
  same: 'unchanged',
};

/** A picture inside the page itself, so that the report is one file. */
export const inlineImage = (png: Buffer, alt: string, size = ''): string =>
  `<img src="data:image/png;base64,${png.toString('base64')}" alt="${escapeHtml(alt)}"${size}>`;

const share = (part: number, whole: number): string => `${Math.round((part / whole) * 10_000) / 100}%`;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a part of a picture lies, as CSS. */
export const placeOf = (part: Size & { readonly x: number; readonly y: number }, whole: Size): string =>
  [
    `left:${share(part.x, whole.width)}`,
    `top:${share(part.y, whole.height)}`,
    `width:${share(part.width, whole.width)}`,
    `height:${share(part.height, whole.height)}`,
  ].join(';');

/** Frames around the changed panels of one picture. */
function frames(
  comparison: DashboardComparison,
  picture: DashboardPicture,
  side: 'before' | 'after',
): string {
  return changedPanels(comparison)
    .flatMap((panel) => {
      const box = panel[side]?.box;
      if (!box) return [];
      return [
        `<span class="frame ${panel.state}" style="${placeOf(box, picture)}"><b><i>${stateWords[panel.state]}</i></b></span>`,
      ];
    })
    .join('');
}

/** One side of a comparison: the picture with its frames. */
export function sideFigure(comparison: DashboardComparison, side: 'before' | 'after'): string {
  const picture = comparison[side];
  if (!picture)
    return `<figure class="${side} none"><figcaption>${side}: this dashboard does not exist</figcaption></figure>`;
  const size = ` width="${picture.width}" height="${picture.height}"`;
  const image = inlineImage(picture.png, `${comparison.title}, ${side}`, size);
  return `<figure class="${side}"><figcaption>${side}</figcaption><div class="shot">${image}${frames(comparison, picture, side)}</div></figure>`;
}
