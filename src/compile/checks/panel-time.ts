import type { Check } from './check.ts';

/** A duration with one unit, as Grafana's panel settings take it. */
const duration = /^[1-9]\d*(ms|s|m|h|d|w|M|y)$/;

export const panelDuration: Check = {
  id: 'panel-duration',
  severity: 'error',
  summary: 'A panel’s own time span and least step are durations such as 7d.',
  why: 'Grafana ignores one that it cannot read: the panel then shows the dashboard’s time span without a word.',
  *run({ panels }) {
    for (const { panel, place, file } of panels) {
      const intervals = ((panel.targets ?? []) as { interval?: string }[]).map((t) => t.interval);
      for (const value of [panel.timeFrom, panel.timeShift, panel.interval, ...intervals])
        if (value !== undefined && value !== '' && !duration.test(value) && !value.startsWith('$'))
          yield { summary: `"${value}" is no duration.`, place, file, fix: 'Write one such as 7d.' };
    }
  },
};
