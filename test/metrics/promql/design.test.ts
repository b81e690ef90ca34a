import { describe, expect, it, test } from 'vitest';
import { queryProblems } from '../../../src/promql/query.ts';
import { designQueries } from './design.ts';
import { vocabulary } from './vocabulary.ts';

describe('what would have been caught in the design', () => {
  test.each(designQueries)('$where', ({ text, said }) => {
    const problems = queryProblems(text, [], vocabulary);
    expect(problems.map((p) => `${p.id}: ${text.slice(p.from, p.to)}`)).toEqual(said);
  });

  it('is all that cannot show what was meant', () => {
    expect(designQueries).toHaveLength(27);
    expect(designQueries.filter(({ said }) => said.length > 0)).toHaveLength(20);
    expect(
      designQueries.filter(({ text }) => /rate\(|increase\(/.test(text)).every((q) => q.said.length > 0),
    ).toBe(true);
  });
});
