import { afterAll, beforeAll, expect, it } from 'vitest';
import { Prometheus } from '../../../src/lib/prometheus.ts';
import type { Dashboard } from '../../../src/panels/dashboard.ts';
import type { QueryRequest } from '../../../src/panels/query.ts';
import { record } from '../../../src/preview/record.ts';
import { parseRecording, writeRecording } from '../../../src/preview/recording.ts';
import { liveSource, recordedSource, type Source } from '../../../src/preview/source.ts';
import { type RunningPrometheus, startPrometheus } from '../../../src/servers/start.ts';

/** Series that need no scrape: a rule makes them. */
const rules = [
  {
    name: 'made.yml',
    text: `groups:
  - name: made
    interval: 1s
    rules:
      - record: made
        labels: { environment: production, note: 'with "quotes" \\ and a backslash' }
        expr: vector(42)
      - record: made
        labels: { environment: staging }
        expr: vector(7)
`,
  },
];

let server: RunningPrometheus;
let source: Source;
let at: number;

beforeAll(async () => {
  server = await startPrometheus({ rules });
  const prometheus = new Prometheus(server.url);
  while ((await prometheus.query('made')).length < 2) await new Promise((done) => setTimeout(done, 100));
  at = Math.floor(Date.now() / 1_000) + 1;
  source = liveSource(prometheus, server.url, at * 1_000);
});
afterAll(() => server?.stop());

const ask = async (request: QueryRequest) => {
  const answer = await source.ask(request);
  return answer.ok ? answer.result : answer.error;
};

it('answers moments, ranges, labels and scalars', async () => {
  expect(await ask({ kind: 'instant', expr: 'sum by (environment) (made)', time: at })).toMatchObject({
    samples: expect.arrayContaining([{ labels: { environment: 'staging' }, value: 7 }]),
  });
  expect(await ask({ kind: 'instant', expr: '1 / 0', time: at })).toEqual({
    kind: 'instant',
    samples: [{ labels: {}, value: Number.POSITIVE_INFINITY }],
  });
  expect(await ask({ kind: 'range', expr: 'vector(time())', start: 600, end: 720, step: 60 })).toEqual({
    kind: 'range',
    start: 600,
    step: 60,
    series: [{ labels: {}, values: [600, 660, 720] }],
  });
  const labels = {
    kind: 'labelValues',
    label: 'environment',
    match: 'made',
    start: at - 60,
    end: at,
  } as const;
  expect(await ask(labels)).toEqual({ kind: 'labelValues', values: ['production', 'staging'] });
});

it('sets points with gaps on the grid', async () => {
  const gaps = await ask({
    kind: 'range',
    expr: 'vector(time()) > 600 < 720',
    start: 600,
    end: 780,
    step: 60,
  });
  expect(gaps).toMatchObject({ series: [{ values: [null, 660, null, null] }] });
});

it('passes on what the server says of a broken query', async () => {
  expect(await ask({ kind: 'instant', expr: 'sum(', time: at })).toContain('parse error');
});

it('records a dashboard from it and replays the same answers', async () => {
  const target = { refId: 'A', expr: 'made{environment="$environment"}' };
  const dashboard: Dashboard = {
    uid: 'd',
    title: 'd',
    time: { from: 'now-5m', to: 'now' },
    templating: {
      list: [{ name: 'environment', type: 'query', query: 'label_values(made, environment)', sort: 2 }],
    },
    panels: [
      { id: 1, type: 'stat', gridPos: { x: 0, y: 0, w: 12, h: 8 }, targets: [{ ...target, instant: true }] },
      { id: 2, type: 'timeseries', gridPos: { x: 12, y: 0, w: 12, h: 8 }, targets: [target] },
    ],
  };
  const { recording, failures } = await record(
    source,
    [dashboard],
    [{ dashboard: 'd', name: 'Production', search: 'var-environment=production' }],
  );
  expect(failures).toEqual([]);
  expect(recording.responses).toHaveLength(3);
  const replayed = recordedSource([parseRecording(writeRecording(recording))]);
  for (const { request } of recording.responses)
    expect(await replayed.ask(request)).toEqual(await source.ask(request));
});
