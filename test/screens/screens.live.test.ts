import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uids } from '../../src/dashboards/links.ts';
import { hasChromium, setupTimeout, testTimeout } from '../preview/support/browser.ts';
import { type Camera, noDataOf, startCamera } from './camera.ts';
import { faultsOf } from './look.ts';
import { type Stage, startStage } from './stage.ts';
import { states } from './states.ts';

/**
 * Every dashboard in every state, in Chromium on a real Prometheus: what is drawn is readable, whole, and judges
 * nothing that has no value. Pictures are kept in the folder that SCREENS names.
 */

/** Dashboards of which nothing is excused. */
const held: readonly string[] = Object.values(uids);

describe.skipIf(!hasChromium)('the screens', { timeout: testTimeout }, () => {
  let stage: Stage;
  let camera: Camera;
  beforeAll(async () => {
    stage = await startStage();
    camera = await startCamera(stage.url);
  }, setupTimeout);
  afterAll(async () => {
    await camera?.close();
    await stage?.stop();
  });

  it.each(states.filter(({ dashboard }) => held.includes(dashboard)))('$dashboard: $name', async (state) => {
    const words = noDataOf(state.dashboard);
    const panels = await camera.take(state);
    expect(panels.flatMap((panel) => faultsOf(panel, words[panel.id] ?? ''))).toEqual([]);
  });
});
