import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { inProject } from '../../src/lib/root.ts';
import { eventBudgetMs } from '../../src/record/recorder.ts';
import type { Verb } from '../../src/record/verb.ts';
import { verbs } from '../../src/record/verbs/registry.ts';
import { jobEnv, record } from './helpers.ts';

const detailsOf = ({ details }: Verb): string => (typeof details === 'function' ? details() : details);
const page = readFileSync(inProject('docs', 'recording.md'), 'utf8');
const examples = [
  ...verbs.flatMap((verb) =>
    [...detailsOf(verb).matchAll(/^(?:Examples?:)?\s+record\.mjs (.+)$/gm)].map((match) => match[1]!),
  ),
  ...[...page.matchAll(/^node record\.mjs (.+)$/gm)].map((match) => match[1]!),
  ...[
    ...page.matchAll(
      /^\| .* \| `((?:start|stage|health|migration|smoke-test|rollback|cost|finish) ?[^`]*)`/gm,
    ),
  ].map((match) => match[1]!),
];
/** Words of an example, as a shell would take them apart; variables and dots are some text. */
const words = (line: string): string[] =>
  [...line.replace(/\s(&&|\|\|).*/, '').matchAll(/"([^"]*)"|(\S+)/g)].map((match) =>
    (match[1] ?? match[2]!)
      .replace(/\$\{\{.*?\}\}/, 'success')
      .replace(/\$\w+/, 'https://x.example')
      .replace('…', 'true'),
  );
const own =
  /^(start|stage|stage-start|stage-finish|migration|health|error-rate|smoke-test|rollback|cost|finish|sweep) /;

describe('examples of the help and of the page on recording', () => {
  const run = examples.filter((line) => own.test(line) && !line.includes('--railway'));
  test('there are some of every verb that records', () => {
    const shown = new Set(examples.map((line) => line.split(' ')[0]));
    for (const verb of verbs)
      if (verb.needsDeployment !== false) expect([...shown], verb.name).toContain(verb.name);
  });
  test.each(run)('%s', async (line) => {
    const argv = words(line);
    const [verb, ...rest] = argv;
    const done = await record(
      [verb!, '--dry-run', ...rest],
      jobEnv({ PUSHGATEWAY_URL: 'http://127.0.0.1:9' }),
    );
    // A dry run of sweep has to look, and nothing is there.
    if (verb !== 'sweep') expect(done.warnings).toEqual([]);
    expect(done.code).toBe(0);
  });
});

test('the page names every verb and the time for an event', () => {
  for (const verb of verbs) expect(page).toContain(`\`${verb.name}`);
  expect(page).toContain(`at most ${eventBudgetMs / 1000} s`);
});

test('the page names every input and output of the action', () => {
  const { inputs, outputs } = parse(readFileSync(inProject('action.yml'), 'utf8')) as Record<
    string,
    Record<string, { description: string }>
  >;
  const filledIn = Object.entries(inputs!).filter(([, { description }]) =>
    description.startsWith('Leave it out'),
  );
  expect(filledIn.map(([name]) => name)).toEqual(['job-status', 'check-run-id']);
  const shortened = page
    .replace('`-username`', '`pushgateway-username`')
    .replace('`-password`', '`pushgateway-password`')
    .replace('`-token`', '`pushgateway-token`');
  for (const name of Object.keys({ ...inputs, ...outputs }))
    if (!filledIn.some(([hidden]) => hidden === name))
      expect(shortened, name).toMatch(new RegExp(`\`${name}[\`:]`));
});
