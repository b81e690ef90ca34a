import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, setupTimeout, testTimeout } from '../preview/support/browser.ts';
import { type Camera, noDataOf, startCamera } from './camera.ts';
import { faultsOf } from './look.ts';
import { questionsOf } from './questions.ts';
import { type Stage, startStage } from './stage.ts';
import { states } from './states.ts';

/**
 * Every dashboard in every state, in Chromium on a real Prometheus: what is drawn is readable, whole, and judges
 * nothing that has no value; and the design's questions are answered on the first screen of 1440 × 900, truthfully. Pictures are kept in the folder that SCREENS names.
 */

/** Pixels that a window of 900 leaves to a dashboard: Grafana's own bars and the row of variables take the rest. */
const firstScreen = 760;

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
    const words = noDataOf(state.dashboard);
    const panels = await camera.take((state.moment === 'running' ? whileRunning : stage).url, state);
    expect(panels.flatMap((panel) => faultsOf(panel, words[panel.id] ?? ''))).toEqual([]);
    const top = Math.min(...panels.map(({ box }) => box.top));
    const wrong = questionsOf(state).flatMap(({ question, panel: title, answers }) => {
      const panel = panels.find((p) => p.title === title);
      // Parts of a number and its unit are texts of their own.
      const text =
        panel?.texts
          .map((t) => t.text)
          .join(' ')
          .replaceAll(/\s+/g, ' ') ?? '';
      const below = panel ? panel.box.bottom - top > firstScreen : false;
      const missing = answers.filter((answer) => !text.includes(answer));
      return below || missing.length > 0 || !panel
        ? [`${question} ${title}${below ? ' is below the first screen' : ''}: ${missing} not in "${text}"`]
        : [];
    });
    expect(wrong).toEqual([]);
  });
});
