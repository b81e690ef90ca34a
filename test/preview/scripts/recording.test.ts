import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  decodeResult,
  decodeValues,
  encodeResult,
  encodeValues,
  type QueryRequest,
  type QueryResult,
  requestKey,
} from '../../../src/panels/query.ts';
import { missingFrom, parseRecordedView, record, withDefaultViews } from '../../../src/preview/record.ts';
import {
  parseRecording,
  type Recording,
  readRecording,
  writeRecording,
} from '../../../src/preview/recording.ts';
import { notRecorded, recordedSource, type Source } from '../../../src/preview/source.ts';
import { edges, everything } from '../support/dashboards.ts';
import { fakeSource, now } from '../support/fakeSource.ts';

const folder = mkdtempSync(join(tmpdir(), 'recording-'));
afterAll(() => rmSync(folder, { recursive: true }));

const request = (expr: string): QueryRequest => ({ kind: 'instant', expr, time: 7 });
const recording = (...responses: Recording['responses']): Recording => ({
  format: 1,
  time: 7,
  views: [],
  responses,
});
const responses = (text: string) => parseRecording(text).responses;

describe('values on their way', () => {
  it.each([
    [[1, 1, 1, 1], [[1, 4]]],
    [
      [1, 1, 2],
      [1, 1, 2],
    ],
    [
      [null, null, null, 5],
      [[null, 3], 5],
    ],
    [[Number.NaN, Number.NaN, Number.NaN], [['NaN', 3]]],
    [
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0],
      ['+Inf', '-Inf', 0],
    ],
    [[], []],
  ])('%j are written as %j', (values, wire) => {
    expect(encodeValues(values)).toEqual(wire);
    expect(decodeValues(encodeValues(values))).toEqual(values);
  });

  it.each<QueryResult>([
    { kind: 'instant', samples: [{ labels: { a: 'b' }, value: Number.NaN }] },
    { kind: 'range', start: 5, step: 10, series: [{ labels: {}, values: [1, null, 3] }] },
    { kind: 'labelValues', values: ['x', 'y'] },
  ])('keep their meaning through JSON: $kind', (result) => {
    expect(decodeResult(JSON.parse(JSON.stringify(encodeResult(result))))).toEqual(result);
  });

  it('are found again whatever the order of the request’s properties', () => {
    expect(requestKey({ time: 7, expr: 'x', kind: 'instant' })).toBe(requestKey(request('x')));
    expect(requestKey(request('x'))).not.toBe(requestKey(request('y')));
  });
});

describe('a recording', () => {
  it('is the same text whatever the order of answers, series and labels', () => {
    const series = (...names: string[]) => ({
      start: 0,
      step: 1,
      series: names.map((n) => [{ b: '1', a: n }, [1]] as const),
    });
    const range: QueryRequest = { kind: 'range', expr: 'x', start: 0, end: 1, step: 1 };
    const one = writeRecording(
      recording(
        { request: request('b'), result: { samples: [] } },
        { request: range, result: series('p', 'q') },
      ),
    );
    const other = writeRecording(
      recording(
        { request: range, result: series('q', 'p') },
        { request: request('b'), result: { samples: [] } },
      ),
    );
    expect(one).toBe(other);
    expect(one.split('\n').filter((line) => line.includes('"request"'))).toHaveLength(2);
  });

  it('rounds what no panel shows and keeps times to the millisecond', () => {
    const samples = [
      [{}, 0.123456789],
      [{}, 1768478400.1239],
      [{}, 'NaN'],
      [{}, 1e-9],
    ] as const;
    const [response] = responses(
      writeRecording(recording({ request: request('sort(x)'), result: { samples } })),
    );
    expect(response?.result).toEqual({
      samples: [
        [{}, 0.123457],
        [{}, 1768478400.124],
        [{}, 'NaN'],
        [{}, 1e-9],
      ],
    });
  });

  it('sorts an instant result, unless the expression means its order', () => {
    const samples = [
      [{ a: '2' }, 1],
      [{ a: '1' }, 2],
    ] as const;
    const names = (expr: string) => {
      const [response] = responses(
        writeRecording(recording({ request: request(expr), result: { samples } })),
      );
      return (response!.result as { samples: [{ a: string }, number][] }).samples.map(([l]) => l.a);
    };
    expect(names('sum by (a) (x)')).toEqual(['1', '2']);
    expect(names('topk(2, x)')).toEqual(['2', '1']);
    expect(names('sort_desc(x)')).toEqual(['2', '1']);
  });

  it('says in words why it cannot be read', async () => {
    const file = join(folder, 'broken.json');
    writeFileSync(file, '{"format": 2}');
    await expect(readRecording(file)).rejects.toThrow(/cannot be read: it is no recording/);
    await expect(readRecording(join(folder, 'none.json'))).rejects.toThrow(/There is no recording/);
  });
});

describe('recording dashboards', () => {
  it('keeps every answer that the page asks for, and names what failed', async () => {
    const { recording: made, failures } = await record(fakeSource, [everything, edges], []);
    expect(made.time).toBe(now / 1_000);
    expect(made.views.map((v) => v.dashboard)).toEqual(['everything', 'edges']);
    expect(failures).toHaveLength(2);
    expect(failures[0]).toMatch(/^edges › Refused A: Prometheus refused/);
    const exprs = made.responses.map(({ request: r }) => ('expr' in r ? r.expr : r.label));
    expect(exprs).toContain('success_ratio{environment="production"}');
    expect(exprs).toContain('deploy_marks');
    expect(exprs).not.toContain('broken(');
  });

  it('replays what was recorded, and says what was not', async () => {
    const { recording: made } = await record(fakeSource, [everything], []);
    const again = recordedSource([parseRecording(writeRecording(made))]);
    expect([again.now(), again.frozen, again.kind]).toEqual([now, true, 'recording']);
    for (const response of made.responses) expect((await again.ask(response.request)).ok).toBe(true);
    expect(await again.ask(request('never asked'))).toEqual({ ok: false, error: notRecorded });
  });

  it('records each look that is asked for', async () => {
    const look = {
      dashboard: 'everything',
      name: 'Staging',
      search: 'var-environment=staging&from=now-1h&to=now',
    };
    const { recording: made } = await record(fakeSource, [everything], [look]);
    expect(made.views).toEqual([look]);
    const ranges = made.responses.flatMap(({ request: r }) => (r.kind === 'range' ? [r] : []));
    expect(
      ranges.some((r) => r.expr === 'success_ratio{environment="staging"}' && r.end - r.start === 3_600),
    ).toBe(true);
  });

  it('knows what is missing for dashboards that changed since', async () => {
    const { recording: made } = await record(fakeSource, [everything], []);
    expect(await missingFrom(made, [everything])).toEqual([]);
    const [first, ...rest] = everything.panels;
    const target = { refId: 'A', expr: 'something_new' };
    const changed = { ...everything, panels: [{ ...first!, targets: [target] }, ...rest] };
    expect(await missingFrom(made, [changed])).toEqual(['everything › Success rate in ${environment} A']);
  });

  it('looks up in a second recording what the first does not hold', async () => {
    const value = (n: number) => ({ samples: [[{}, n]] as const });
    const first = recording({ request: request('a'), result: value(1) });
    const second = recording(
      { request: request('a'), result: value(2) },
      { request: request('b'), result: value(3) },
    );
    const source: Source = recordedSource([first, second]);
    const found = async (expr: string) => JSON.stringify(await source.ask(request(expr)));
    expect(await found('a')).toContain('"value":1');
    expect(await found('b')).toContain('"value":3');
    const otherwise = recordedSource([first], async () => ({ ok: false, error: 'asked elsewhere' }));
    expect(await otherwise.ask(request('a'))).toMatchObject({ ok: true });
    expect(await otherwise.ask(request('b'))).toEqual({ ok: false, error: 'asked elsewhere' });
  });
});

describe('looks on the command line', () => {
  it.each([
    ['everything', { dashboard: 'everything', name: 'Everything in ${environment}', search: '' }],
    ['edges?var-a=1&from=5', { dashboard: 'edges', name: 'Edges', search: 'var-a=1&from=5' }],
    ['A failed one=edges?var-a=1', { dashboard: 'edges', name: 'A failed one', search: 'var-a=1' }],
  ])('%s', (text, view) => {
    expect(parseRecordedView(text, [everything, edges])).toEqual(view);
  });

  it('name a dashboard that exists', () => {
    expect(() => parseRecordedView('nothing?x=1', [edges])).toThrow(/names no dashboard/);
  });

  it('are completed with every dashboard as it opens', () => {
    const own = { dashboard: 'edges', name: 'x', search: 'y' };
    expect(withDefaultViews([own], [everything, edges]).map((v) => v.search)).toEqual(['', 'y']);
  });
});
