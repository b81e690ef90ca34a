import { describe, expect, test } from 'vitest';
import { inProject } from '../../src/lib/root.ts';
import type { DeploymentResult } from '../../src/record/result/result.ts';
import { summary } from '../../src/record/result/summary.ts';
import { annotationOf } from '../../src/record/tell/annotation.ts';
import { plainText, slackText, threadText } from '../../src/record/tell/chat-text.ts';
import { commentWith } from '../../src/record/tell/comment.ts';
import { type Example, examples, noon, resultAt } from './examples.ts';

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
