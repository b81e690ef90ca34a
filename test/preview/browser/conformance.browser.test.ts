import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inOneUnit } from '../../../src/lib/duration.ts';
import { inProject } from '../../../src/lib/root.ts';
import { legendText } from '../../../src/panels/frames.ts';
import { roundInterval } from '../../../src/panels/step.ts';
import { parseTime } from '../../../src/panels/time.ts';
import { bundlePage } from '../../../src/preview/bundle.ts';
import { ensureInstalled } from '../../../src/preview/install.ts';
import {
  hasChromium,
  type LivePage,
  type Preview,
  setupTimeout,
  startPreview,
  testTimeout,
} from '../support/browser.ts';

const now = Date.UTC(2026, 2, 31, 12, 34, 56, 789);

describe.skipIf(!hasChromium)('what we do without Grafana’s packages', { timeout: testTimeout }, () => {
  let preview: Preview;
  let page: LivePage;
  /** Grafana's answers to a list of questions. */
  const grafana = <T>(call: string, questions: readonly unknown[]): Promise<T[]> =>
    page.evaluate(`${JSON.stringify(questions)}.map((q) => grafana.${call})`);

  beforeAll(async () => {
    await ensureInstalled();
    const bundle = await bundlePage(inProject('test', 'preview', 'support', 'grafana.js'));
    preview = await startPreview({ bundle });
    ({ page } = await preview.open('/'));
  }, setupTimeout);
  afterAll(() => preview?.close());

  it('rounds intervals as Grafana does', async () => {
    const intervals = Array.from({ length: 400 }, (_, i) => Math.round(1.07 ** i)).filter((ms) => ms < 4e10);
    const edges = [10, 15, 35, 75, 150, 350, 750].flatMap((ms) => [ms - 1, ms, ms + 1]);
    const questions = [...intervals, ...edges];
    expect(questions.map(roundInterval)).toEqual(await grafana('roundInterval(q)', questions));
  });

  it('reads times as Grafana does', async () => {
    const texts = [
      'now',
      'now-5m',
      'now-6h',
      'now-7d',
      'now-2w',
      'now-1M',
      'now-13M',
      'now-1y',
      'now/d',
      'now/M',
      'now/y',
      'now-1d/d',
      'now-1M/M',
      'now+1h',
      'now-h',
    ];
    const questions = texts.flatMap(
      (text) =>
        [
          [text, false],
          [text, true],
        ] as const,
    );
    const ours = questions.map(([text, up]) => parseTime(text, now, up));
    expect(ours).toEqual(await grafana(`parse(q[0], ${now}, q[1])`, questions));
  });

  it('writes legends as Grafana does', async () => {
    const labels = { service: 'api', stage: 'smoke_tests' };
    const formats = [
      '{{service}}',
      '{{ service }} / {{stage}}',
      '{{missing}}',
      'plain',
      '{{service',
      '{{ stage }}s of {{service}}',
    ];
    expect(formats.map((format) => legendText(format, labels))).toEqual(
      await grafana(`legend(q, ${JSON.stringify(labels)})`, formats),
    );
  });

  it('writes intervals as Grafana does', async () => {
    const seconds = [1, 15, 30, 60, 120, 300, 900, 3_600, 7_200, 86_400];
    expect(seconds.map((s) => inOneUnit(s * 1_000))).toEqual(await grafana('secondsToHms(q)', seconds));
  });
});
