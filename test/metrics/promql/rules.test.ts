import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePromql } from '../../../src/promql/parse.ts';
import { allRules, promqlRules } from '../../../src/promql/rules.ts';
import { allInvalid } from './invalid.ts';

const folder = join(import.meta.dirname, '../../../src/promql');
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && name !== 'rules.ts')
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n');

describe('the reference of rules', () => {
  it('names each once, in a line', () => {
    expect(new Set(allRules.map(({ id }) => id)).size).toBe(allRules.length);
    for (const { summary } of allRules) expect(summary).toMatch(/^\S.*\.$/);
  });

  it('has every rule that the code reports, and no other', () => {
    const reported = [...sources.matchAll(/'((?:promql|template|variable)-[a-z-]+)'/g)].map(
      (match) => match[1]!,
    );
    const documented = allRules.map(({ id }) => id);
    expect([...new Set(reported)].filter((id) => !documented.includes(id))).toEqual([]);
    expect(documented.filter((id) => !sources.includes(`'${id}'`))).toEqual([]);
  });

  it('has an example that Prometheus refuses for each of its rules', () => {
    const shown = new Set(allInvalid.flatMap(({ found }) => found.map(({ id }) => id)));
    const ours = ['promql-not-portable', 'promql-too-long'];
    expect(promqlRules.map(({ id }) => id).filter((id) => !shown.has(id) && !ours.includes(id))).toEqual([]);
  });
});

describe('an expression beyond all measure', () => {
  it.each([
    ['nested calls', `${'abs('.repeat(20_000)}up${')'.repeat(20_000)}`],
    ['a chain of operators', Array(5000).fill('up').join(' or ')],
  ])('is refused as such: %s', (_, text) => {
    const parsed = parsePromql(text);
    expect(parsed.ok ? [] : parsed.problems.map((p) => p.id)).toEqual(['promql-too-long']);
  });
  it('is far from any written expression', () => {
    expect(parsePromql(Array(200).fill('up{job="a"}').join(' or ')).ok).toBe(true);
    expect(parsePromql(`${'('.repeat(200)}up${')'.repeat(200)}`).ok).toBe(true);
  });
});
