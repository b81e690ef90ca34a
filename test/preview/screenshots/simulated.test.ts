import { beforeEach, expect, it, vi } from 'vitest';
import type { Dashboard } from '../../../src/panels/index.ts';
import type { Loaded } from '../../../src/pipeline/index.ts';
import type { Recording } from '../../../src/preview/index.ts';
import { simulationFor } from '../../../src/review/screenshots/simulated.ts';
import { pipeline } from '../../relay.ts';

const loaded = { pipeline, file: '', generated: '' } as unknown as Loaded;
const recording: Recording = { format: 1, time: 1_768_000_000, views: [], responses: [] };
const dashboard = (...exprs: string[]): Dashboard =>
  ({
    uid: 'slo',
    title: 'SLO',
    panels: exprs.map((expr, i) => ({
      id: i + 1,
      type: 'stat',
      title: `Panel ${i}`,
      gridPos: { x: 0, y: 0, w: 6, h: 4 },
      targets: [{ refId: 'A', expr, instant: true }],
    })),
  }) as unknown as Dashboard;
const ask = async () => ({ ok: false, error: 'simulated' }) as const;
const begin = vi.fn(async () => ({ ask, stop: async () => undefined }));

beforeEach(() => begin.mockClear());

it('simulates only where the recording lacks something, and says so', async () => {
  const none = await simulationFor({ recording, dashboards: [dashboard()] }, loaded, begin, () => true);
  expect(none).toEqual({ notes: [] });
  const live = await simulationFor({ recording: undefined, dashboards: [dashboard('up')] }, loaded, begin);
  expect(live).toEqual({ notes: [] });
  expect(begin).not.toHaveBeenCalled();

  const made = await simulationFor({ recording, dashboards: [dashboard('up')] }, loaded, begin, () => true);
  expect(made.simulation?.ask).toBe(ask);
  expect(made.notes[0]).toMatch(/^1 place whose query the recording does not hold: they show/);
});

it('says what is missing where there is no Prometheus', async () => {
  const ended = await simulationFor({ recording, dashboards: [dashboard('up')] }, loaded, begin, () => false);
  expect(ended.simulation).toBeUndefined();
  expect(ended.notes[0]).toContain('npm run servers -- --fetch');
});
