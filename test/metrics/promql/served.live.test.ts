import { afterAll, describe, expect, it } from 'vitest';
import { parsePromql } from '../../../src/promql/parse.ts';
import { equalPromql, formatPromql } from '../../../src/promql/print.ts';
import { generations } from '../../../src/servers/programs.ts';
import { startPrometheus, stopAll } from '../../../src/servers/start.ts';
import { RandomExpression, random } from './random.ts';
import { allPortable } from './valid.ts';

afterAll(stopAll);

interface Served {
  readonly data: { readonly groups: readonly { readonly rules: readonly { readonly query: string }[] }[] };
}

/** `ignoring ()` in front of `group_left`: Prometheus up to 3.5 forgets both when it prints. */
const forgotten = /ignoring\s*\(\s*\)\s*group_/i;

const next = random(4);
const expressions = [
  ...allPortable,
  ...Array.from({ length: 300 }, () => formatPromql(new RandomExpression(next).vector(4))),
].filter((text) => !forgotten.test(text));

describe.each(generations)('what Prometheus %s shows of its rules', (generation) => {
  it('is what we print, or reads as the same', { timeout: 60_000 }, async () => {
    const rules = expressions.map((expr, i) => ({ record: `rule_${i}`, expr }));
    const text = JSON.stringify({ groups: [{ name: 'printed', interval: '1h', rules }] });
    const server = await startPrometheus({ generation, rules: [{ name: 'printed.yml', text }] });
    const answer = (await (await fetch(`${server.url}/api/v1/rules`)).json()) as Served;
    const served = answer.data.groups.flatMap((group) => group.rules.map((rule) => rule.query));
    expect(served).toHaveLength(expressions.length);
    expect(expressions.filter((expr, i) => !equalPromql(expr, served[i]!))).toEqual([]);
    const printed = expressions.map((expr) => {
      const parsed = parsePromql(expr);
      return parsed.ok ? formatPromql(parsed.ast) : '';
    });
    const differently = served.filter((query, i) => query !== printed[i]);
    if (generation === 'current') expect(differently).toEqual([]);
    // 2.42 differs only in how it writes very large and very small numbers.
    else expect(differently.filter((query) => !/\de[+-]\d/.test(query))).toEqual([]);
    await server.stop();
  });
});
