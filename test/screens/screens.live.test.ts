import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, setupTimeout, testTimeout } from '../preview/support/browser.ts';
import { type Camera, noDataOf, startCamera } from './camera.ts';
import { faultsOf } from './look.ts';
import { unanswered } from './questions.ts';
import { type Stage, startStage } from './stage.ts';
import { looksAt, states } from './states.ts';

/**
 * Every dashboard in every state, in Chromium on a real Prometheus: what is drawn is readable, whole, and judges
 * nothing that has no value; and the design's questions are answered on the first screen of 1440 × 900, truthfully. By
 * night each state is looked at in both themes, on a large screen and on a phone. Pictures are kept in the folder that
 * SCREENS names.
 */

describe.skipIf(!hasChromium)('the screens', { timeout: testTimeout }, () => {
  let stage: Stage;
  let whileRunning: Stage;
  let camera: Camera;
  beforeAll(async () => {
    [stage, whileRunning] = await Promise.all([startStage(), startStage('running')]);
    camera = await startCamera();
  }, setupTimeout);
  afterAll(async () => {
    await camera?.close();
    await Promise.all([stage?.stop(), whileRunning?.stop()]);
  });

  it.each(states)('$dashboard: $name', async (state) => {
    const noData = noDataOf(state.dashboard);
    const { url } = state.moment === 'running' ? whileRunning : stage;
    const taken = await camera.take(url, state, looksAt(state));
    const faults = taken.flatMap(({ panels, tooWide, width, theme }) =>
      [
        ...panels.flatMap((panel) => faultsOf(panel, noData[panel.id] ?? '')),
        ...(tooWide > 0 ? [`The page is ${tooWide} px too wide`] : []),
      ].map((fault) => `${width} ${theme}: ${fault}`),
    );
    expect(faults).toEqual([]);
    expect(unanswered(taken[0]!.panels, state)).toEqual([]);
  });
});
