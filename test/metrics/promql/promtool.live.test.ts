import { beforeAll, describe, expect, it } from 'vitest';
import { type Parsed, parsePromql } from '../../../src/promql/parse.ts';
import { formatPromql } from '../../../src/promql/print.ts';
import { type Generation, obtainPrograms } from '../../../src/servers/find.ts';
import { allInvalid } from './invalid.ts';
import { rejectedBy } from './judge.ts';
import { mutate, RandomExpression, random } from './random.ts';
import { allPortable, experimental, newer } from './valid.ts';

/** Whether we say that this generation runs the expression. */
function ours(text: string, generation: Generation): boolean {
  const parsed: Parsed = parsePromql(text);
  if (!parsed.ok) return false;
  const [major, minor] = generation === '2.42' ? [2, 42] : [3, 5];
  return parsed.notPortable.every(({ since, experimental: flagged }) => {
    const [a = 0, b = 0] = since.split('.').map(Number);
    return !flagged && (a < major || (a === major && b <= minor));
  });
}

/** Expressions about which we and promtool disagree. */
async function disagreements(promtool: string, texts: readonly string[], generation: Generation) {
  const rejected = await rejectedBy(
    promtool,
    texts.map((expr) => ({ expr })),
  );
  const wronglyAccepted = texts.filter((text, i) => rejected.has(i) && ours(text, generation));
  const wronglyRejected = texts.filter((text, i) => !rejected.has(i) && !ours(text, generation));
  return { wronglyAccepted, wronglyRejected, rejected: rejected.size };
}

/** Expressions that the grammar does not read and Prometheus does: a metric called offset, a label with a colon. */
const knownGap = /offset|:/i;

/** Known disagreements: accepted by Prometheus and refused here. Too rare in practice to fix; remove one that is gone. */
const refusedByUsOnly = {
  '2.42': ['0X75', '1.e2', 'offset'],
  current: ['0X75', '1.e2', 'offset', 'sum by (a:b) (x)'],
};

describe.each(['2.42', 'current'] as const)('promtool, generation %s', (generation) => {
  let promtool = '';
  beforeAll(async () => {
    promtool = (await obtainPrograms(['promtool'], generation)).promtool;
  });

  it('accepts what we accept and refuses what we refuse', async () => {
    const texts = [...allPortable, ...newer, ...experimental, ...allInvalid.map(({ text }) => text)];
    const { wronglyAccepted, wronglyRejected, rejected } = await disagreements(promtool, texts, generation);
    expect(wronglyAccepted).toEqual([]);
    expect(wronglyRejected).toEqual([]);
    expect(rejected).toBeGreaterThanOrEqual(allInvalid.length);
  });

  it('disagrees about exactly what is listed', async () => {
    const { wronglyAccepted, wronglyRejected } = await disagreements(
      promtool,
      refusedByUsOnly[generation],
      generation,
    );
    expect(wronglyAccepted).toEqual([]);
    expect(wronglyRejected).toEqual(refusedByUsOnly[generation]);
  });

  it('accepts every expression that is right by construction', async () => {
    const next = random(1);
    const texts = Array.from({ length: 1500 }, () => formatPromql(new RandomExpression(next).vector(4)));
    const { wronglyAccepted, wronglyRejected, rejected } = await disagreements(promtool, texts, generation);
    expect(wronglyAccepted).toEqual([]);
    expect(wronglyRejected).toEqual([]);
    expect(rejected).toBe(0);
  });

  it('agrees about expressions with a mistake', async () => {
    const next = random(2);
    const texts = [1, 2, 3, 4, 5, 6].flatMap(() => allPortable.map((text) => mutate(text, next)));
    const { wronglyAccepted, wronglyRejected, rejected } = await disagreements(promtool, texts, generation);
    expect(wronglyAccepted).toEqual([]);
    expect(wronglyRejected.filter((text) => !knownGap.test(text))).toEqual([]);
    expect(rejected).toBeGreaterThan(texts.length / 3);
  });
});
