import { describe, expect, it } from 'vitest';
import type { Dashboard, Variable } from '../../../src/panels/dashboard.ts';
import type { Ask, QueryRequest } from '../../../src/panels/query.ts';
import { type Chosen, inDependencyOrder, resolveVariables } from '../../../src/panels/variables.ts';

const span = { from: 0, to: 3_600_000, raw: { from: 'now-1h', to: 'now' } };
const asked: QueryRequest[] = [];
const ask: Ask = async (request) => {
  asked.push(request);
  if (request.kind === 'labelValues' && request.label === 'broken')
    return { ok: false, error: 'no such label' };
  if (request.kind === 'labelValues')
    return { ok: true, result: { kind: 'labelValues', values: ['b10', 'a', 'b9', 'B1'] } };
  const samples = [
    { labels: { __name__: 'm', id: '7', branch: 'main' }, value: 3 },
    { labels: { id: '9', branch: 'fix' }, value: 1 },
  ];
  return { ok: true, result: { kind: 'instant', samples } };
};
const dashboard = (...list: Variable[]): Dashboard => ({
  uid: 'd',
  title: 'd',
  panels: [],
  templating: { list },
});
const resolve = async (variable: Variable, chosen: Chosen = {}) =>
  (await resolveVariables(dashboard(variable), chosen, span, ask))[0]!;
const query = (text: string, more: Partial<Variable> = {}): Variable => ({
  name: 'v',
  type: 'query',
  query: { query: text },
  ...more,
});

describe('the options of a variable', () => {
  it('are the values of a label', async () => {
    const { options } = await resolve(query('label_values(up{a="b", c=~"d,e"}, job)'));
    expect(options.map((o) => o.value)).toEqual(['b10', 'a', 'b9', 'B1']);
    expect(asked.at(-1)).toMatchObject({
      kind: 'labelValues',
      label: 'job',
      match: 'up{a="b", c=~"d,e"}',
      start: 0,
      end: 3_600,
    });
  });

  it('are the values of a label of anything', async () => {
    await resolve(query('label_values(job)'));
    expect(asked.at(-1)).toMatchObject({ label: 'job', match: '' });
  });

  it('are taken out of a query’s result by the regex', async () => {
    const { options } = await resolve(query('query_result(topk(3, m))', { regex: '/id="([^"]*)"/' }));
    expect(options.map((o) => o.value)).toEqual(['7', '9']);
    expect(asked.at(-1)).toMatchObject({ kind: 'instant', expr: 'topk(3, m)', time: 3_600 });
    const named = await resolve(
      query('query_result(m)', { regex: '/id="(?<value>[^"]*)",branch="(?<text>[^"]*)"/' }),
    );
    expect(named.options).toEqual([
      { text: 'main', value: '7' },
      { text: 'fix', value: '9' },
    ]);
  });

  it.each([
    [1, ['B1', 'a', 'b10', 'b9']],
    [2, ['b9', 'b10', 'a', 'B1']],
    [3, ['B1', 'b9', 'b10', 'a']],
    [5, ['a', 'B1', 'b10', 'b9']],
    [7, ['a', 'B1', 'b9', 'b10']],
  ])('are sorted in order %d', async (sort, sorted) => {
    const { options } = await resolve(query('label_values(job)', { sort }));
    expect(options.map((o) => o.value)).toEqual(sorted);
  });

  it('of a custom variable are its list, with labels and commas', async () => {
    const { options } = await resolve({ name: 'v', type: 'custom', query: 'a, p95 : 0.95, x\\,y' });
    expect(options).toEqual([
      { text: 'a', value: 'a' },
      { text: 'p95', value: '0.95' },
      { text: 'x,y', value: 'x,y' },
    ]);
  });

  it('are missing with a reason when the query fails or is not known', async () => {
    expect(await resolve(query('label_values(broken)'))).toMatchObject({
      options: [],
      error: 'no such label',
    });
    expect((await resolve(query('metrics(foo)'))).error).toContain('metrics(foo)');
  });
});

describe('the value of a variable', () => {
  const custom: Variable = { name: 'v', type: 'custom', query: 'a,b,c', current: { text: 'b', value: 'b' } };
  it('is what the address says, then what was saved, then the first', async () => {
    expect((await resolve(custom, { v: ['c'] })).value.value).toBe('c');
    expect((await resolve(custom)).value.value).toBe('b');
    expect((await resolve({ ...custom, current: { value: 'gone' } })).value.value).toBe('a');
    expect((await resolve({ ...custom, current: { value: '' } })).value.value).toBe('a');
  });

  it('stays what the address says when no series has it any more', async () => {
    expect((await resolve(custom, { v: ['deleted'] })).value.value).toBe('deleted');
  });

  it('is everything for "All": the declared value, or every option', async () => {
    const all = { ...custom, multi: true, includeAll: true, current: { value: ['$__all'] } };
    expect((await resolve(all)).value).toEqual({
      value: ['a', 'b', 'c'],
      each: ['a', 'b', 'c'],
      text: 'All',
      all: true,
      regex: true,
    });
    expect((await resolve({ ...all, allValue: '.+' })).value).toMatchObject({
      value: '.+',
      verbatim: '.+',
      all: true,
    });
    expect((await resolve({ ...all, current: {} })).value.all).toBe(true);
  });

  it('is a list when several can be chosen', async () => {
    const { value } = await resolve({ ...custom, multi: true }, { v: ['a', 'c'] });
    expect(value).toEqual({ value: ['a', 'c'], text: ['a', 'c'], regex: true });
  });

  it('is computed for an automatic interval', async () => {
    const auto: Variable = {
      name: 'v',
      type: 'interval',
      query: '1m,1h',
      auto: true,
      auto_count: 30,
      auto_min: '1m',
    };
    expect((await resolve(auto)).value).toMatchObject({ value: '2m', text: 'auto' });
  });

  it('may be any text in a text box', async () => {
    expect((await resolve({ name: 'v', type: 'textbox', query: 'x' })).value.value).toBe('x');
    expect((await resolve({ name: 'v', type: 'textbox', query: 'x' }, { v: ['y z'] })).value.value).toBe(
      'y z',
    );
  });
});

describe('variables that depend on each other', () => {
  const inner = query('label_values(up{env="$env"}, id)', { name: 'id' });
  const outer: Variable = { name: 'env', type: 'custom', query: 'production,staging' };

  it('are asked in the order of their dependencies and returned in their own', async () => {
    const resolved = await resolveVariables(dashboard(inner, outer), { env: ['staging'] }, span, ask);
    expect(asked.at(-1)).toMatchObject({ match: 'up{env="staging"}' });
    expect(resolved.map((r) => r.variable.name)).toEqual(['id', 'env']);
  });

  it('end even when they go round in a circle', () => {
    const a = query('label_values(x{b="$b"}, a)', { name: 'a' });
    const b = query('label_values(x{a="$a"}, b)', { name: 'b' });
    expect(
      inDependencyOrder([a, b])
        .map((v) => v.name)
        .sort(),
    ).toEqual(['a', 'b']);
  });
});
