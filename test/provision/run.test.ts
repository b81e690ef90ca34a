import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/lib/errors.ts';
import { dashboard, desiredOf } from './fixtures/bundle.ts';
import { commit, plan, provision, stage } from './harness.ts';

const desired = desiredOf();
const images = new Map([[commit, desired]]);

describe('asking', () => {
  it('without a terminal, --yes is required, and nothing is done', async () => {
    const on = stage('railway', {}, images);
    const ran = await provision(on, desired, { options: { yes: false } });
    expect(ran.error).toBeInstanceOf(UserError);
    expect((ran.error as UserError).fix).toContain('--yes');
    expect(on.grafana.state.objects.size).toBe(0);
    expect(on.railway.deployments).toEqual([]);
  });

  it('on a terminal: yes applies, anything else does not', async () => {
    const questions: string[] = [];
    const ask = (answer: boolean) => async (question: string) => {
      questions.push(question);
      return answer;
    };
    const on = stage('railway', {}, images);
    const no = await provision(on, desired, { options: { yes: false }, world: { ask: ask(false) } });
    expect(no.result?.code).toBe(1);
    expect(on.grafana.state.objects.size).toBe(0);
    expect(
      (await provision(on, desired, { options: { yes: false }, world: { ask: ask(true) } })).result?.code,
    ).toBe(0);
    expect(questions).toEqual(['Apply 7 changes? [y/N] ', 'Apply 7 changes? [y/N] ']);
    // Nothing to do: no question.
    expect(
      (await provision(on, desired, { options: { yes: false }, world: { ask: ask(true) } })).result?.code,
    ).toBe(0);
    expect(questions).toHaveLength(2);
  });
});

describe('output', () => {
  it('is one JSON document, for plans and for applies', async () => {
    const on = stage('railway', {}, images);
    const planned = JSON.parse((await plan(on, desired, { options: { format: 'json' } })).output) as {
      changes: unknown[];
      version: string;
    };
    expect(planned).toMatchObject({ version: desired.version, changes: expect.any(Array) });
    const printed: string[] = [];
    await provision(on, desired, {
      options: { format: 'json' },
      world: { print: (text) => void printed.push(text) },
    });
    expect(printed).toHaveLength(1);
    const applied = JSON.parse(printed[0] ?? '') as { outcomes: { state: string }[]; plan: unknown };
    expect(applied.outcomes.map((o) => o.state)).toEqual(Array(7).fill('done'));
    const nothing: string[] = [];
    await provision(on, desired, {
      options: { format: 'json' },
      world: { print: (text) => void nothing.push(text) },
    });
    expect(JSON.parse(nothing.join(''))).toMatchObject({
      outcomes: [],
      plan: { summary: '0 changes to apply, 8 unchanged.' },
    });
  });

  it('shows the plan before it asks, and is one document also when that is declined', async () => {
    for (const ask of [true, undefined]) {
      const on = stage('railway', {}, images);
      const printed: string[] = [];
      const said: string[] = [];
      const ran = await provision(on, desired, {
        options: { format: 'json', yes: false },
        world: {
          ask: ask ? async (question) => said.push(question) === 0 : undefined,
          print: (text) => void printed.push(text),
          say: (text) => void said.push(text),
        },
      });
      expect(printed).toHaveLength(1);
      expect(JSON.parse(printed[0] ?? '')).toMatchObject({
        outcomes: [],
        plan: { changes: expect.any(Array), summary: expect.stringContaining('7 changes to apply') },
      });
      if (ask === undefined) expect(ran.error).toBeInstanceOf(UserError);
      else {
        expect(ran.result?.code).toBe(1);
        expect(said[0]).toContain('+ create');
        expect(said[1]).toBe('Apply 7 changes? [y/N] ');
      }
    }
  });

  it('keeps the result apart from the commentary', async () => {
    const on = stage('railway', {}, images);
    const printed: string[] = [];
    const said: string[] = [];
    await provision(on, desired, {
      world: { print: (t) => void printed.push(t), say: (t) => void said.push(t) },
    });
    expect(said.join('\n')).toContain('deployment deployment-1 is queued');
    expect(printed.join('\n')).not.toContain('is queued');
    expect(printed.join('\n')).toContain('7 of 7 changes applied.');
  });
});

describe('the two halves', () => {
  it('dashboards wait for rules that fail', async () => {
    const on = stage('railway', {}, images);
    on.rules.broken.set('DeploymentFailed', 'boom');
    const ran = await provision(on, desired);
    expect(ran.result?.code).toBe(1);
    expect(ran.output).toContain('the rules were not delivered, and dashboards build on them');
    expect(on.grafana.state.objects.size).toBe(0);
  });

  it('a server of one half that cannot be reached stops both before anything is done', async () => {
    const on = stage('railway', {}, images);
    const ran = await provision(on, desired, { env: { GRAFANA_URL: 'https://nowhere.example' } });
    expect(ran.output).toContain('Grafana at nowhere.example cannot be reached');
    expect(ran.error).toMatchObject({ notDone: 'nothing was planned and nothing was changed' });
    expect(on.railway.deployments).toEqual([]);
  });

  it('rules that the server has but has not evaluated yet are waited for', async () => {
    const on = stage('railway', {}, images);
    await provision(on, desired);
    // The server starts anew: same rules, none evaluated.
    const groups = on.rules.groups;
    on.rules.load([]);
    on.rules.load(groups);
    expect(on.rules.versions()).toEqual([]);
    expect((await provision(on, desired)).result?.code).toBe(0);
    expect(on.rules.versions()).toEqual([desired.version]);
  });
});

describe('verify', () => {
  const verify = { options: { mode: 'verify' as const } };
  it('finds nothing after an apply', async () => {
    const on = stage('railway', {}, images);
    await provision(on, desired);
    expect((await provision(on, desired, verify)).result?.code).toBe(0);
  });

  it.each<[string, (on: ReturnType<typeof stage>) => void, RegExp]>([
    [
      'an edit in Grafana',
      (on) => on.grafana.edit('deployment-slo', (s) => ({ ...s, title: 'Mine' })),
      /edited by hand +dashboard deployment-slo/,
    ],
    [
      'a dashboard that is gone',
      (on) => void on.grafana.state.objects.delete('dashboards/deployment-slo'),
      /create +dashboard deployment-slo/,
    ],
    [
      'rules that are gone',
      (on) => on.rules.load(on.rules.groups.filter((g) => g.name !== 'alerts')),
      /create +rule group alerts/,
    ],
    [
      'a rule that cannot be evaluated',
      (on) => void on.rules.broken.set('DeploymentFailed', 'boom'),
      /DeploymentFailed cannot be evaluated: boom/,
    ],
    ['a data source that is gone', (on) => void on.grafana.state.datasources.splice(0), /data source/],
  ])('exits 2 for %s, and changes nothing', async (_, drift, words) => {
    const on = stage('railway', {}, images);
    await provision(on, desired);
    drift(on);
    const before = JSON.stringify([...on.grafana.state.objects]);
    const ran = await provision(on, desired, verify);
    expect(ran.result?.code).toBe(2);
    expect(ran.output).toMatch(words);
    expect(JSON.stringify([...on.grafana.state.objects])).toBe(before);
    expect(on.railway.deployments).toHaveLength(1);
  });

  it('exits 2 for an older version', async () => {
    const on = stage('railway', {}, images);
    await provision(on, desired);
    const newer = desiredOf({
      dashboards: [dashboard('deployment-pipeline', 'New'), dashboard('deployment-slo')],
    });
    const ran = await provision(on, newer, verify);
    expect(ran.result?.code).toBe(2);
    expect(ran.output).toMatch(/labels changed: .*version="\w+"} → .*version="\w+"}/);
  });
});
