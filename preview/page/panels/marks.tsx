import { colorManipulator, dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import type { UPlotConfigBuilder } from '@grafana/ui';
import { useLayoutEffect, useState } from 'react';
import type uPlot from 'uplot';
import type { Mark } from '../../../src/panels/index.ts';

interface Props {
  readonly config: UPlotConfigBuilder;
  readonly marks: readonly Mark[];
  readonly theme: GrafanaTheme2;
}

/** Half the width of the triangle below a mark, in CSS pixels. */
const half = 5;

function draw(u: uPlot, marks: readonly Mark[], theme: GrafanaTheme2): void {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  const bottom = bbox.top + bbox.height;
  ctx.save();
  for (const { start, end, color: name } of marks) {
    const left = Math.max(bbox.left, u.valToPos(start, 'x', true));
    const right = Math.min(bbox.left + bbox.width, u.valToPos(end, 'x', true));
    if (right < bbox.left || left > bbox.left + bbox.width) continue;
    const color = theme.visualization.getColorByName(name);
    ctx.fillStyle = colorManipulator.alpha(color, 0.12);
    if (right > left) ctx.fillRect(left, bbox.top, right - left, bbox.height);
    ctx.strokeStyle = color;
    ctx.lineWidth = ratio;
    ctx.setLineDash([5 * ratio, 5 * ratio]);
    ctx.beginPath();
    for (const x of right > left ? [left, right] : [left]) {
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bottom);
    }
    ctx.stroke();
    ctx.fillStyle = color;
    ctx.beginPath();
    ctx.moveTo(left - half * ratio, bottom + half * ratio);
    ctx.lineTo(left + half * ratio, bottom + half * ratio);
    ctx.lineTo(left, bottom);
    ctx.fill();
  }
  ctx.restore();
}

/** Draws annotations over a plot, and a small target below each that says what it is. */
export function MarksPlugin({ config, marks, theme }: Props) {
  const [plot, setPlot] = useState<uPlot>();
  useLayoutEffect(() => {
    config.addHook('draw', (u) => draw(u, marks, theme));
    config.addHook('ready', (u) => setPlot(u));
  }, [config, marks, theme]);
  if (!plot) return null;
  const { left, top, width, height } = plot.over.getBoundingClientRect();
  const outer = plot.root.getBoundingClientRect();
  return marks.map((mark) => {
    const x = plot.valToPos(mark.start, 'x');
    if (x < 0 || x > width) return null;
    const words = [
      mark.title,
      mark.text,
      mark.tags.join(', '),
      dateTimeFormat(mark.start, { timeZone: 'utc' }),
    ];
    return (
      <span
        key={`${mark.start} ${mark.title} ${mark.text}`}
        className="preview-mark"
        role="img"
        title={words.filter(Boolean).join('\n')}
        aria-label={words.filter(Boolean).join(', ')}
        style={{ left: left - outer.left + x - half, top: top - outer.top + height }}
      />
    );
  });
}
