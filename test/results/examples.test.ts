import { describe, expect, test } from 'vitest';
import { inProject } from '../../src/lib/root.ts';
import type { DeploymentResult } from '../../src/record/result/model.ts';
import { summary } from '../../src/record/result/summary.ts';
import { annotationOf } from '../../src/record/tell/annotation.ts';
import { plainText, slackText, threadText } from '../../src/record/tell/chat-text.ts';
import { commentWith } from '../../src/record/tell/comment.ts';
import { asHtml, asMarkdown, reportBlocks } from '../../src/report/index.ts';
import { objectives, pipeline } from '../relay.ts';
import { type Example, examples, noon, resultAt } from './examples.ts';
import { monthOf } from './month.ts';

const file = (example: Example, name: string): string =>
  inProject('docs', 'examples', 'results', example, name);
const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Everything that is said of a deployment, by the name of its file. */
const said = (start: DeploymentResult, end: DeploymentResult): Record<string, string> => ({
  'summary.md': summary(end),
  'comment.md': commentWith(commentWith(undefined, start), end) ?? '',
  'annotation.json': asJson(annotationOf(end)),
  'messages.json': asJson({
    slack: { start: slackText(start), end: slackText(end), thread: threadText(end) ?? null },
    webhook: { start: { text: plainText(start) }, end: { text: plainText(end) } },
  }),
});

// Written anew by: npx vitest run --project unit test/results/examples.test.ts -u
describe.each(Object.keys(examples) as Example[])('the example of a %s deployment', (example) => {
  test('is what is said of it', async () => {
    const d = examples[example];
    for (const [name, text] of Object.entries(said(await resultAt(d, noon + 20), await resultAt(d))))
      await expect(text, name).toMatchFileSnapshot(file(example, name));
  });
});

test('the month of these three as a document', async () => {
  const results = await Promise.all(Object.values(examples).map((d) => resultAt(d)));
  const blocks = reportBlocks(monthOf(results), {
    name: pipeline.name,
    currency: pipeline.cost.currency,
    objectives,
    changes: ['2026-11-23 3f2a9c1 Let a deployment take ten minutes'],
  });
  const page = (ending: string): string => inProject('docs', 'examples', 'results', `report.${ending}`);
  await expect(asMarkdown(blocks)).toMatchFileSnapshot(page('md'));
  await expect(asHtml('Relay: deployments in November 2026', blocks)).toMatchFileSnapshot(page('html'));
});
