import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { choicesOf, panelQueries } from '../../src/panels/dashboard-queries.ts';
import type { Generation } from '../../src/servers/find.ts';
import { deployment, health, history, smokeTest, stage, unfinished } from '../../src/simulator/builders.ts';
import { byNight } from '../nightly.ts';
import { ruleFiles } from '../relay.ts';
import { type PastSystem, startPast } from './past.ts';
import { dashboard, open, type View } from './view.ts';

/**
 * A runner that died while it deployed, told by hand: numbers, and none of the code that computes truth elsewhere.
 * It is given up two hours after its last word, too late for a test on a live Pushgateway, which stamps every push.
 */
const start = Date.UTC(2025, 9, 16, 8, 0, 0) / 1000;
/** When its last stage began: its last word. */
const died = start + 200;
const givenUp = died + 7_200;

const before = deployment({
  id: '799',
  started: start - 1_800,
  finished: start - 1_500,
  stages: [
    stage('api', 'build', start - 1_790, start - 1_700),
    stage('api', 'deploy_railway', start - 1_690, start - 1_600),
    stage('api', 'verification', start - 1_590, start - 1_510),
  ],
});
const abandoned = unfinished({
  id: '800',
  started: start,
  triggered: start - 40,
  previousId: '799',
  commit: 'abcdef0123456789abcdef0123456789abcdef01',
  version: '3.1.4',
  branch: 'release',
  actor: 'grace',
  stages: [
    stage('api', 'build', start + 10, start + 130),
    stage('web', 'build', start + 12, start + 100),
    { service: 'api', stage: 'deploy_railway', started: died },
  ],
  health: health(start + 140, 'xo'),
  smokeTests: [smokeTest('api_health', start + 160)],
});
/** Its runner died before anything was begun. */
const nothing = unfinished({ id: '801', started: start + 600, triggered: start + 590 });

const lost = { error_type: 'no end reported', message: 'It began, and nothing was heard of it again.' };
const silence = {
  name: 'the run',
  error_type: 'abandoned',
  message: 'Nothing was heard of it for two hours.',
};

async function pastUntil(end: number, generation: 'current' | '2.42'): Promise<PastSystem> {
  const told = history(end, [before, abandoned, nothing]);
  const past = await startPast(told, { from: start - 3_600, to: end, step: 15 }, generation);
  await past.evaluate(ruleFiles.ledger!);
  const needed = [...ruleFiles.indicators!, ...ruleFiles.recent!, ...ruleFiles.history!, ...ruleFiles.live!];
  await past.evaluate(
    needed.filter(({ name }) => /recent|30d|choices|stage-history|flaky|timeline|live/.test(name)),
  );
  return past;
}

/** A series: its labels beside its value. */
interface Row {
  readonly value: number;
  readonly [label: string]: string | number | undefined;
}

/** The dashboard as a person reads it. */
class Reader {
  constructor(
    readonly past: PastSystem,
    readonly view: View,
  ) {}

  static async of(
    past: PastSystem,
    which: typeof abandoned,
    from: number,
    to: number,
    end: number,
  ): Promise<Reader> {
    return new Reader(
      past,
      await open(past.prometheus, history(end, [before, abandoned, nothing]), which, { from, to }),
    );
  }

  #query(panel: string, refId: string) {
    return panelQueries(dashboard, this.view.state).find((q) => q.panel === panel && q.refId === refId)!;
  }

  /** A table's or stat's series, without the ids that say of whom it is. */
  async rows(panel: string, refId: string): Promise<Row[]> {
    const { expr, to } = this.#query(panel, refId);
    const found = await this.past.prometheus.query(expr, to);
    return found.map(({ labels: { environment: _, deployment_id: __, ...labels }, value }) => ({
      ...labels,
      value,
    }));
  }

  async number(panel: string, refId = 'A'): Promise<number | undefined> {
    const rows = await this.rows(panel, refId);
    expect(rows.length, `${panel}/${refId}`).toBeLessThanOrEqual(1);
    return rows[0]?.value;
  }

  /** Of each bar its row, its states, and its first and last second. */
  async bars(refId: string) {
    const { expr, from, to, step } = this.#query('Timeline', refId);
    expect(step).toBe(1);
    const series = await this.past.prometheus.queryRange(expr, from, to, step);
    return series.map(({ labels, points }) => ({
      row: [labels.service, labels.stage].filter(Boolean).join(' '),
      states: [...new Set(points.map(([, state]) => state))],
      from: points[0]![0],
      to: points.at(-1)![0],
      whole: points.length === points.at(-1)![0] - points[0]![0] + 1,
    }));
  }
}

const bar = (row: string, state: number, from: number, to: number) => ({
  row,
  states: [state],
  from,
  to,
  whole: true,
});
const byName = (rows: readonly Row[]): Row[] =>
  [...rows].sort((a, b) => String(a.name).localeCompare(String(b.name)));

describe.each(byNight<Generation>('current', '2.42'))(
  'a run whose runner died, on Prometheus %s',
  (generation) => {
    const end = givenUp + 1_800;
    let past: PastSystem;
    beforeAll(async () => {
      past = await pastUntil(end, generation);
    });
    afterAll(() => past?.stop());

    const atItsBeginning = () => Reader.of(past, abandoned, start - 60, start + 1_500, end);
    const atItsEnd = () => Reader.of(past, abandoned, givenUp - 600, givenUp + 600, end);

    it.each([
      ['its beginning', atItsBeginning],
      ['its end', atItsEnd],
    ])('is said to be abandoned, wherever one looks: at %s', async (_, look) => {
      const reader = await look();
      expect(await reader.number('Outcome')).toBe(4);
      expect(await reader.number('Time to deploy', 'Bad')).toBeCloseTo(givenUp - (start - 40), 3);
      expect(await reader.number('Rolled back')).toBe(0);
      expect(await reader.number('Facts', 'Triggered')).toBe((start - 40) * 1000);
      expect(await reader.number('Facts', 'Started')).toBe(start * 1000);
      expect(await reader.number('Facts', 'Finished')).toBe(givenUp * 1000);
      expect(await reader.number('Facts', 'Budget')).toBe(1);
      expect(await reader.number('Facts', 'Cost')).toBeUndefined();
      expect(await reader.number('Facts', 'From')).toBe((start - 100) * 1000);
      expect(await reader.rows('Facts', 'Info')).toEqual([
        expect.objectContaining({ branch: 'release', short: 'abcdef0', version: '3.1.4', actor: 'grace' }),
      ]);
      expect(reader.view.state.variables.compared).toBe('799');
    });

    it('names the stage that was running, and the silence', async () => {
      const reader = await atItsBeginning();
      const run = { log_url: expect.stringContaining('/actions/runs/') };
      const expected = [
        {
          ...lost,
          ...run,
          name: 'api deploy_railway',
          value: died * 1000,
        },
        { ...silence, ...run, value: givenUp * 1000 },
      ];
      expect(byName(await reader.rows('What failed', 'Error'))).toEqual(expected);
      const tally = await reader.rows('Errors by type', 'A');
      expect(Object.fromEntries(tally.map(({ error_type, value }) => [error_type, value]))).toEqual({
        'no end reported': 1,
        abandoned: 1,
      });
      expect(await reader.rows('Affected services', 'Stages')).toEqual([]);
      expect(await reader.rows('Affected services', 'Checks')).toEqual([{ service: 'api', value: 1 }]);
      expect(await reader.rows('Affected services', 'Rollback')).toEqual([]);
    });

    it('draws the stage that was running from its start, as one of which nothing was heard again', async () => {
      const reader = await atItsBeginning();
      expect(await reader.bars('Ran')).toEqual([
        // The only build of the API before it took 90 s, this one 120 s.
        bar('api build', 5, start + 10, start + 130),
        bar('web build', 1, start + 12, start + 100),
      ]);
      expect(await reader.bars('Runs')).toEqual([bar('api deploy_railway', 6, died, start + 1_500)]);
      expect(await reader.bars('Skipped')).toEqual([]);
      expect(await reader.bars('Checks')).toEqual([
        { row: 'api', states: [4, 1], from: start + 140, to: start + 145, whole: false },
      ]);
      const durations = await reader.rows('Stages against their usual duration', 'This');
      expect(Object.fromEntries(durations.map(({ name, value }) => [name, value]))).toEqual({
        'api build': 120,
        'web build': 88,
      });
    });

    it('draws it up to the moment at which the run is given up, and no further', async () => {
      const reader = await atItsEnd();
      expect(await reader.bars('Ran')).toEqual([]);
      expect(await reader.bars('Runs')).toEqual([bar('api deploy_railway', 6, givenUp - 600, givenUp)]);
      expect(await reader.bars('Waiting')).toEqual([]);
      expect(await reader.bars('Checks')).toEqual([]);
    });

    it('says of one that began nothing only that it fell silent', async () => {
      const reader = await Reader.of(past, nothing, start + 500, start + 2_000, end);
      expect(await reader.number('Outcome')).toBe(4);
      expect(await reader.number('Facts', 'Finished')).toBe((start + 600 + 7_200) * 1000);
      expect(await reader.rows('What failed', 'Error')).toEqual([
        { ...silence, log_url: expect.any(String), value: (start + 600 + 7_200) * 1000 },
      ]);
      expect([...(await reader.bars('Ran')), ...(await reader.bars('Runs'))]).toEqual([]);
      expect(await reader.bars('Waiting')).toEqual([bar('', 7, start + 590, start + 2_000)]);
    });

    it('is offered as abandoned', async () => {
      const { state } = (await atItsEnd()).view;
      const found = await choicesOf(past.prometheus, dashboard, 'deployment', { ...state, to: end });
      expect(found.map(({ text }) => text)).toContain('2025-10-16 08:00:00 abandoned 800');
    });
  },
);

describe('a run whose runner died half an hour ago', () => {
  const end = died + 1_800;
  let past: PastSystem;
  beforeAll(async () => {
    past = await pastUntil(end, 'current');
  });
  afterAll(() => past?.stop());

  it('still runs, as far as is known', async () => {
    const reader = await Reader.of(past, abandoned, end - 1_900, end, end);
    expect(await reader.number('Outcome')).toBe(0);
    expect(await reader.number('Time to deploy')).toBeCloseTo(end - (start - 40), 3);
    expect(await reader.number('Facts', 'Finished')).toBeUndefined();
    expect(await reader.number('Facts', 'Budget')).toBeUndefined();
    expect(await reader.rows('What failed', 'Error')).toEqual([]);
    expect(await reader.bars('Runs')).toEqual([bar('api deploy_railway', 0, died, end)]);
  });
});
